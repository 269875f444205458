package io.tocsin.job.decode.host;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of records that auditd writes. */
final class AuditdTypes {
    /** Part of an event, and none without the others. */
    private static final Set<String> AUXILIARY = Set.of(
            "PATH",
            "CWD",
            "EXECVE",
            "PROCTITLE",
            "SOCKADDR",
            "SOCKETCALL",
            "EOE",
            "IPC",
            "IPC_SET_PERM",
            "OBJ_PID",
            "FD_PAIR",
            "MMAP",
            "CAPSET",
            "BPRM_FCAPS",
            "MQ_OPEN",
            "MQ_SENDRECV",
            "MQ_NOTIFY",
            "MQ_GETSETATTR",
            "OPENAT2",
            "KERNEL_OTHER",
            "TIME_INJOFFSET",
            "TIME_ADJNTPVAL",
            "CONTAINER_ID",
            "MAC_TASK_CONTEXTS",
            "MAC_OBJ_CONTEXTS");

    /** What the kernel writes together with a SYSCALL: other types stand alone. */
    private static final Set<String> KERNEL = Set.of(
            "SYSCALL",
            "URINGOP",
            "AVC",
            "SELINUX_ERR",
            "AVC_PATH",
            "LOGIN",
            "CONFIG_CHANGE",
            "NETFILTER_CFG",
            "NETFILTER_PKT",
            "BPF",
            "KERN_MODULE",
            "SECCOMP",
            "TTY",
            "FANOTIFY",
            "INTEGRITY_DATA",
            "INTEGRITY_METADATA",
            "INTEGRITY_STATUS",
            "INTEGRITY_RULE",
            "INTEGRITY_PCR",
            "INTEGRITY_EVM_XATTR",
            "INTEGRITY_POLICY_RULE",
            "ANOM_PROMISCUOUS",
            "ANOM_LINK",
            "ANOM_CREAT",
            "ANOM_ABEND",
            "MAC_POLICY_LOAD",
            "MAC_STATUS",
            "MAC_CONFIG_CHANGE",
            "FEATURE_CHANGE",
            "REPLACE");

    private AuditdTypes() {}

    static boolean isAuxiliary(String type) {
        return AUXILIARY.contains(type);
    }

    /** Whether an event of several lines may start with this one. */
    static boolean opens(String type) {
        return KERNEL.contains(type);
    }

    /** Whether it says which system call it was; a closing line follows. */
    static boolean isCall(String type) {
        return type.equals("SYSCALL") || type.equals("URINGOP");
    }

    /** Whether it is the last line of an event. */
    static boolean closes(String type) {
        return type.equals("PROCTITLE") || type.equals("EOE");
    }

    /** Whether it says that access was refused or would have been: of an event that is about a system call. */
    static boolean isAccess(String type) {
        return type.equals("AVC") || type.equals("SELINUX_ERR");
    }

    /** Whether a user's program wrote it, about a user. */
    static boolean isAccount(String type) {
        return type.startsWith("USER_") || type.startsWith("CRED_") || type.startsWith("ACCT_");
    }

    /** Whether it is about a change to users and groups. */
    static boolean isManagement(String type) {
        return switch (type) {
            case "ADD_USER",
                    "DEL_USER",
                    "ADD_GROUP",
                    "DEL_GROUP",
                    "USER_MGMT",
                    "GRP_MGMT",
                    "GRP_CHAUTHTOK",
                    "USER_CHAUTHTOK",
                    "ACCT_LOCK",
                    "ACCT_UNLOCK",
                    "CHUSER_ID",
                    "CHGRP_ID" -> true;
            default -> false;
        };
    }

    /** The verb of a record that is about no system call; null for a type without a name. */
    static @Nullable String verb(String type) {
        return switch (type) {
            case "USER_LOGIN" -> "login";
            case "USER_LOGOUT" -> "logout";
            case "USER_CMD" -> "sudo";
            case "SERVICE_START" -> "start";
            case "SERVICE_STOP" -> "stop";
            // A login uid was set: USER_LOGIN tells who logged in.
            case "LOGIN" -> "set-loginuid";
            default ->
                type.startsWith("UNKNOWN")
                        ? null
                        : type.toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }
}
