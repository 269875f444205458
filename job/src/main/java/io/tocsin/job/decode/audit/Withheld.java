package io.tocsin.job.decode.audit;

import java.util.Set;

/** What is never read of bodies, whatever rules ask: what secrets hold, and tokens. That it is there is told, and its names. */
final class Withheld {
    private static final Set<String> OF_SECRETS =
            Set.of("data", "stringData", "kubectl.kubernetes.io/last-applied-configuration");
    /** The same of operations on them, whose paths a reader of what was sent does not follow. */
    private static final Set<String> OF_PATCHED_SECRETS =
            Set.of("data", "stringData", "kubectl.kubernetes.io/last-applied-configuration", "value");

    private static final Set<String> OF_TOKENS = Set.of("token");

    private Withheld() {}

    /** The names of the members whose values are withheld. */
    static Set<String> of(AuditFields f) {
        if (f.resource == null) {
            return Set.of();
        }
        return switch (f.resource) {
            case "secrets" -> "patch".equals(f.verb) ? OF_PATCHED_SECRETS : OF_SECRETS;
            case "serviceaccounts", "tokenreviews" -> OF_TOKENS;
            default -> Set.of();
        };
    }
}
