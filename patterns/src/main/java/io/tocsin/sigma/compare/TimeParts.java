package io.tocsin.sigma.compare;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times as texts. */
public final class TimeParts {
    private static final String SHORTEST = "2026-11-23T10:00Z";
    private static final int LONGEST = 40;

    private TimeParts() {}

    /** The time in UTC that a text is, in ISO 8601 with its offset; null if it is none. Fractions of a second are left out. */
    public static @Nullable OffsetDateTime utc(String text) {
        int length = text.length();
        if (length < SHORTEST.length() || length > LONGEST || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        try {
            return isPlain(text)
                    ? OffsetDateTime.of(
                            100 * two(text, 0) + two(text, 2),
                            two(text, 5),
                            two(text, 8),
                            two(text, 11),
                            two(text, 14),
                            two(text, 17),
                            0,
                            ZoneOffset.UTC)
                    : OffsetDateTime.parse(text)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .withNano(0);
        } catch (DateTimeException none) {
            return null;
        }
    }

    /** Whether it is written as most are: {@code 2026-11-23T10:00:00Z}, perhaps with a fraction. */
    private static boolean isPlain(String text) {
        int end = text.length() - 1;
        if (end < 19 || text.charAt(end) != 'Z' || (end > 19 && (text.charAt(19) != '.' || end == 20))) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            char expected = i == 19 ? '.' : i > 19 ? '0' : "0000-00-00T00:00:00".charAt(i);
            if (expected == '0' ? c < '0' || c > '9' : c != expected) {
                return false;
            }
        }
        return end <= 29;
    }

    private static int two(String text, int at) {
        return 10 * (text.charAt(at) - '0') + text.charAt(at + 1) - '0';
    }
}
