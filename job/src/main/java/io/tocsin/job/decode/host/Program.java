package io.tocsin.job.decode.host;

import org.jspecify.annotations.Nullable;

/** The programs whose messages are understood. */
enum Program {
    SSHD,
    SUDO,
    SU,
    SYSTEMD,
    /** The kubelet, alone or inside a distribution's one binary. */
    KUBELET,
    /** containerd and what logs as it does. */
    CONTAINERD,
    /** Any other: its words are kept and not read. */
    OTHER;

    /** The program of a name, of a path, or of what an old PAM makes of a name: {@code sshd(pam_unix)}. */
    static Program named(@Nullable String name) {
        if (name == null) {
            return OTHER;
        }
        String base = base(name);
        int parenthesis = base.indexOf('(');
        return switch (parenthesis > 0 ? base.substring(0, parenthesis) : base) {
            case "sshd", "sshd-session", "sshd-auth" -> SSHD;
            case "sudo" -> SUDO;
            case "su" -> SU;
            case "systemd" -> SYSTEMD;
            case "kubelet", "k3s", "k3s-server", "k3s-agent", "rke2", "rke2-server", "rke2-agent" -> KUBELET;
            case "containerd", "dockerd" -> CONTAINERD;
            default -> OTHER;
        };
    }

    /** The program that a systemd unit runs. */
    static Program ofUnit(@Nullable String unit) {
        if (unit == null || !unit.endsWith(".service")) {
            return OTHER;
        }
        String name = unit.substring(0, unit.length() - ".service".length());
        int at = name.indexOf('@');
        return switch (at > 0 ? name.substring(0, at) : name) {
            case "ssh", "sshd" -> SSHD;
            case "kubelet" -> KUBELET;
            case "containerd" -> CONTAINERD;
            default -> OTHER;
        };
    }

    /** The last segment of a path. */
    static String base(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
