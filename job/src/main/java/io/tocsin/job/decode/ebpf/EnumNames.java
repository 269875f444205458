package io.tocsin.job.decode.ebpf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The enums of protobuf, which are written as names or as numbers. */
final class EnumNames {
    static final List<String> VERDICTS =
            List.of("VERDICT_UNKNOWN", "FORWARDED", "DROPPED", "ERROR", "AUDIT", "REDIRECTED", "TRACED", "TRANSLATED");
    static final List<String> DIRECTIONS = List.of("TRAFFIC_DIRECTION_UNKNOWN", "INGRESS", "EGRESS");
    static final List<String> L7_TYPES = List.of("UNKNOWN_L7_TYPE", "REQUEST", "RESPONSE", "SAMPLE");
    static final List<String> SOCKET_POINTS = List.of(
            "SOCK_XLATE_POINT_UNKNOWN",
            "SOCK_XLATE_POINT_PRE_DIRECTION_FWD",
            "SOCK_XLATE_POINT_POST_DIRECTION_FWD",
            "SOCK_XLATE_POINT_PRE_DIRECTION_REV",
            "SOCK_XLATE_POINT_POST_DIRECTION_REV");
    /** Whoever has no labels of a pod, by the numbers that Cilium keeps for them. */
    static final List<String> RESERVED_IDENTITIES = List.of(
            "unknown",
            "host",
            "world",
            "unmanaged",
            "health",
            "init",
            "remote-node",
            "kube-apiserver",
            "ingress",
            "world",
            "world");

    private EnumNames() {}

    /** The name of what is a name or a number; the empty string where there is none. */
    static String of(@Nullable String written, List<String> names) {
        if (written == null) {
            return "";
        }
        if (written.length() > 2 || written.charAt(0) < '0' || written.charAt(0) > '9') {
            return written;
        }
        for (int i = 0; i < names.size(); i++) {
            if (written.equals(Integer.toString(i))) {
                return names.get(i);
            }
        }
        return written;
    }

    /** The reason of a drop; null where none is told. Of the numbers, those of policies. */
    static @Nullable String dropReason(@Nullable String written) {
        if (written == null || written.equals("0") || written.equals("DROP_REASON_UNKNOWN")) {
            return null;
        }
        return switch (written) {
            case "133" -> "POLICY_DENIED";
            case "181" -> "POLICY_DENY";
            case "189" -> "AUTH_REQUIRED";
            default -> written;
        };
    }
}
