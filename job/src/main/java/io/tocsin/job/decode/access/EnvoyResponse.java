package io.tocsin.job.decode.access;

import org.jspecify.annotations.Nullable;

/** What Envoy says of how a request or a connection ended. */
final class EnvoyResponse {
    private static final String REFUSED = "rbac_access_denied";

    private EnvoyResponse() {}

    /** Response flags and what explains them, null if there is nothing to say. */
    static @Nullable String reason(@Nullable String flags, @Nullable String details, @Nullable String termination) {
        StringBuilder reason = new StringBuilder();
        append(reason, flags);
        append(reason, "via_upstream".equals(details) ? null : details);
        append(reason, termination);
        return reason.isEmpty() ? null : reason.toString();
    }

    private static void append(StringBuilder reason, @Nullable String part) {
        if (part != null && !part.isEmpty() && !part.equals("-")) {
            reason.append(reason.isEmpty() ? "" : " ").append(part);
        }
    }

    /** Whether a connection without a response was closed because a policy says so. */
    static boolean refused(int code, @Nullable String details, @Nullable String termination) {
        return code == 0 && (starts(details) || starts(termination));
    }

    private static boolean starts(@Nullable String text) {
        return text != null && text.startsWith(REFUSED);
    }
}
