package io.tocsin.job.decode.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The severities of syslog, which journald calls priorities, as levels. */
final class Severity {
    private static final List<String> LEVELS =
            List.of("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug");

    private Severity() {}

    /** The level of a severity from 0 to 7, null for any other number. */
    static @Nullable String level(int severity) {
        return severity < 0 || severity >= LEVELS.size() ? null : LEVELS.get(severity);
    }
}
