package io.tocsin.job.decode.ebpf;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is done when a function of the kernel is called: the verb, and whether a string among the arguments is a file. */
final class KernelFunctions {
    static final String CONNECT = "connect";
    static final String ACCEPT = "accept";
    static final String OPEN = "open";
    static final String WRITE = "write";
    static final String MOUNT = "mount";
    private static final String EXEC = "exec";
    private static final String LISTEN = "listen";

    /** What stands before a system call's name, by architecture and kernel. */
    private static final List<String> SYSTEM_CALL = List.of(
            "__x64_sys_",
            "__arm64_sys_",
            "__ia32_compat_sys_",
            "__ia32_sys_",
            "__se_sys_",
            "__do_sys_",
            "__sys_",
            "ksys_",
            "sys_enter_",
            "sys_exit_",
            "sys_");

    /** Tracepoints of every system call, whose number they tell. */
    private static final Set<String> RAW = Set.of("sys_enter", "sys_exit");

    private static final Map<String, String> VERBS = Map.ofEntries(
            Map.entry("open", OPEN),
            Map.entry("openat", OPEN),
            Map.entry("openat2", OPEN),
            Map.entry("do_sys_open", OPEN),
            Map.entry("do_sys_openat2", OPEN),
            Map.entry("do_filp_open", OPEN),
            Map.entry("vfs_open", OPEN),
            Map.entry("fd_install", OPEN),
            Map.entry("security_file_open", OPEN),
            Map.entry("file_open", OPEN),
            Map.entry("security_file_permission", OPEN),
            Map.entry("file_permission", OPEN),
            Map.entry("security_mmap_file", OPEN),
            Map.entry("mmap_file", OPEN),
            Map.entry("read", OPEN),
            Map.entry("readv", OPEN),
            Map.entry("pread64", OPEN),
            Map.entry("vfs_read", OPEN),
            Map.entry("creat", WRITE),
            Map.entry("write", WRITE),
            Map.entry("writev", WRITE),
            Map.entry("pwrite64", WRITE),
            Map.entry("vfs_write", WRITE),
            Map.entry("truncate", WRITE),
            Map.entry("ftruncate", WRITE),
            Map.entry("security_path_truncate", WRITE),
            Map.entry("path_truncate", WRITE),
            Map.entry("connect", CONNECT),
            Map.entry("tcp_connect", CONNECT),
            Map.entry("tcp_v4_connect", CONNECT),
            Map.entry("tcp_v6_connect", CONNECT),
            Map.entry("security_socket_connect", CONNECT),
            Map.entry("socket_connect", CONNECT),
            Map.entry("accept", ACCEPT),
            Map.entry("accept4", ACCEPT),
            Map.entry("inet_csk_accept", ACCEPT),
            Map.entry("listen", LISTEN),
            Map.entry("inet_csk_listen_start", LISTEN),
            Map.entry("security_socket_listen", LISTEN),
            Map.entry("socket_listen", LISTEN),
            Map.entry("mount", MOUNT),
            Map.entry("do_mount", MOUNT),
            Map.entry("path_mount", MOUNT),
            Map.entry("security_sb_mount", MOUNT),
            Map.entry("sb_mount", MOUNT),
            Map.entry("execve", EXEC),
            Map.entry("execveat", EXEC),
            Map.entry("security_bprm_check", EXEC),
            Map.entry("bprm_check_security", EXEC),
            Map.entry("security_bprm_creds_from_file", EXEC),
            Map.entry("bprm_creds_from_file", EXEC));

    /** Functions whose first string is a path, apart from those that open and write. */
    private static final Set<String> ON_FILES = Set.of(
            EXEC,
            "unlink",
            "unlinkat",
            "rename",
            "renameat",
            "renameat2",
            "link",
            "linkat",
            "symlink",
            "symlinkat",
            "chmod",
            "fchmodat",
            "chown",
            "lchown",
            "fchownat",
            "mkdir",
            "mkdirat",
            "rmdir",
            "chroot",
            "pivot_root",
            "umount",
            "umount2",
            "setxattr");

    private KernelFunctions() {}

    /** The verb of a function: of those that nobody needs to tell apart one, else its own name without what it stands behind. */
    static String verb(String function) {
        if (RAW.contains(function)) {
            return function;
        }
        String call = function;
        for (String start : SYSTEM_CALL) {
            if (function.startsWith(start)) {
                call = function.substring(start.length());
                break;
            }
        }
        return VERBS.getOrDefault(call, call.isEmpty() ? function : call);
    }

    /** Whether a string among the arguments is a file's path; for a mount it is the second one. */
    static boolean stringIsFile(String verb) {
        return verb.equals(OPEN) || verb.equals(WRITE) || verb.equals(MOUNT) || ON_FILES.contains(verb);
    }
}
