package io.tocsin.job.decode.host;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers of the system calls that audit rules watch, on the machines that clusters run on. */
final class Syscalls {
    static final String OPEN = "open";

    private static final Map<String, String> X86_64 =
            numbers("2 open, 257 openat, 437 openat2, 85 creat, 59 execve, 322 execveat, 42 connect, 49 bind, "
                    + "43 accept, 288 accept4, 87 unlink, 263 unlinkat, 82 rename, 264 renameat, 316 renameat2, "
                    + "84 rmdir, 83 mkdir, 258 mkdirat, 86 link, 265 linkat, 88 symlink, 266 symlinkat, 90 chmod, "
                    + "91 fchmod, 268 fchmodat, 452 fchmodat2, 92 chown, 93 fchown, 94 lchown, 260 fchownat, "
                    + "76 truncate, 77 ftruncate, 133 mknod, 259 mknodat, 165 mount, 166 umount2, 155 pivot_root, "
                    + "161 chroot, 272 unshare, 308 setns, 101 ptrace, 310 process_vm_readv, 311 process_vm_writev, "
                    + "175 init_module, 313 finit_module, 176 delete_module, 246 kexec_load, 320 kexec_file_load, "
                    + "321 bpf, 105 setuid, 106 setgid, 113 setreuid, 114 setregid, 117 setresuid, 119 setresgid, "
                    + "126 capset, 188 setxattr, 189 lsetxattr, 190 fsetxattr, 197 removexattr, 170 sethostname, "
                    + "164 settimeofday, 159 adjtimex, 227 clock_settime, 62 kill, 41 socket, 44 sendto, 56 clone, "
                    + "435 clone3, 57 fork, 58 vfork, 319 memfd_create, 304 open_by_handle_at, 303 name_to_handle_at, "
                    + "425 io_uring_setup, 298 perf_event_open, 250 keyctl, 248 add_key");
    private static final Map<String, String> I386 =
            numbers("5 open, 295 openat, 437 openat2, 8 creat, 11 execve, 358 execveat, 362 connect, 361 bind, "
                    + "364 accept4, 10 unlink, 301 unlinkat, 38 rename, 302 renameat, 353 renameat2, 40 rmdir, "
                    + "39 mkdir, 296 mkdirat, 9 link, 303 linkat, 83 symlink, 304 symlinkat, 15 chmod, 94 fchmod, "
                    + "306 fchmodat, 182 chown, 95 fchown, 16 lchown, 298 fchownat, 21 mount, 52 umount2, "
                    + "217 pivot_root, 61 chroot, 310 unshare, 346 setns, 26 ptrace, 128 init_module, "
                    + "350 finit_module, 129 delete_module, 357 bpf, 23 setuid, 46 setgid, 37 kill, 359 socket");
    private static final Map<String, String> AARCH64 =
            numbers("56 openat, 437 openat2, 221 execve, 281 execveat, 203 connect, 200 bind, 202 accept, "
                    + "242 accept4, 35 unlinkat, 38 renameat, 276 renameat2, 34 mkdirat, 37 linkat, 36 symlinkat, "
                    + "52 fchmod, 53 fchmodat, 452 fchmodat2, 55 fchown, 54 fchownat, 45 truncate, 46 ftruncate, "
                    + "33 mknodat, 40 mount, 39 umount2, 41 pivot_root, 51 chroot, 97 unshare, 268 setns, 117 ptrace, "
                    + "270 process_vm_readv, 271 process_vm_writev, 105 init_module, 273 finit_module, "
                    + "106 delete_module, 104 kexec_load, 294 kexec_file_load, 280 bpf, 146 setuid, 144 setgid, "
                    + "145 setreuid, 143 setregid, 147 setresuid, 149 setresgid, 91 capset, 5 setxattr, 6 lsetxattr, "
                    + "7 fsetxattr, 14 removexattr, 161 sethostname, 170 settimeofday, 171 adjtimex, "
                    + "112 clock_settime, 129 kill, 198 socket, 206 sendto, 220 clone, 435 clone3, 279 memfd_create, "
                    + "265 open_by_handle_at, 264 name_to_handle_at, 425 io_uring_setup, 241 perf_event_open, "
                    + "219 keyctl, 217 add_key");

    private Syscalls() {}

    /** The call's name; null if the machine or the number is not known. */
    static @Nullable String name(@Nullable String machine, @Nullable String number) {
        if (machine == null || number == null) {
            return null;
        }
        return switch (machine) {
            case "c000003e", "x86_64" -> X86_64.get(number);
            case "40000003", "i386" -> I386.get(number);
            case "c00000b7", "aarch64" -> AARCH64.get(number);
            default -> null;
        };
    }

    /** What events call it: the calls that do one thing have one verb, others their own name. */
    static String verb(String call) {
        return switch (call) {
            case "execve", "execveat" -> "exec";
            case "open", "openat", "openat2", "creat", "open_by_handle_at" -> OPEN;
            default -> call;
        };
    }

    private static Map<String, String> numbers(String pairs) {
        Map<String, String> names = new HashMap<>();
        for (String pair : pairs.split(", ", -1)) {
            int space = pair.indexOf(' ');
            names.put(pair.substring(0, space), pair.substring(space + 1));
        }
        return Map.copyOf(names);
    }
}
