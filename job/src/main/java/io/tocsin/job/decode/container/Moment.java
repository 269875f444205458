package io.tocsin.job.decode.container;

import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Times;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The times of collectors: RFC 3339, a number since 1970, or the local times that Fluent Bit and Fluentd can be told to write. */
final class Moment {
    /** Before there was Kubernetes: a number so small is no time. */
    private static final Instant EARLIEST = Instant.parse("2001-01-01T00:00:00Z");

    private static final int SECONDS = "2026-01-24 01:34:36".length();

    private Moment() {}

    static @Nullable Instant of(String text) {
        if (text.length() < SECONDS || text.charAt(4) != '-') {
            Instant time = Times.epoch(text);
            return time == null || time.isBefore(EARLIEST) ? null : time;
        }
        Instant time = Rfc3339.parse(text);
        if (time != null) {
            return time.getEpochSecond() <= 0 ? null : time;
        }
        // 2026-01-24 01:34:36 +0000 and 2026-01-24T01:34:36.5+0000
        int sign = text.length() - 5;
        if (sign >= SECONDS && (text.charAt(sign) == '+' || text.charAt(sign) == '-')) {
            int behind = text.charAt(sign - 1) == ' ' ? sign - 1 : sign;
            return Rfc3339.parse(text.substring(0, 10)
                    + 'T'
                    + text.substring(11, behind)
                    + text.substring(sign, sign + 3)
                    + ':'
                    + text.substring(sign + 3));
        }
        return Times.local(text, ZoneOffset.UTC);
    }
}
