package io.tocsin.job.decode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times of the minute that was read last, as Kubernetes writes them: {@code 2026-01-24T01:34:36.743000Z}. */
final class RecentMinute {
    /** How long such a time is. */
    static final int LENGTH = "2026-01-24T01:34:36.743000Z".length();

    private static final int SECOND = "2026-01-24T01:34:".length();
    private static final int FRACTION = "2026-01-24T01:34:36.".length();
    private static final long ZEROS = '0' * Words.ONES;
    /** The low bytes that are the fraction's digits, and what makes a larger digit than nine set the high bit. */
    private static final long SIX = 0x0000ffffffffffffL;

    private static final long ABOVE_NINE = 0x76 * Words.ONES;

    /** The first sixteen characters of it. */
    private long date;

    private long minute;
    /** When it began, in seconds since 1970; 0 where there is none. */
    private long start;

    /** The time that stands here if it is of that minute; null if it isn't or is written otherwise. */
    @Nullable
    Instant near(byte[] bytes, int from, int end) {
        if (start == 0
                || end - from <= LENGTH
                || Words.at(bytes, from) != date
                || Words.at(bytes, from + Long.BYTES) != minute
                || bytes[from + SECOND - 1] != ':'
                || bytes[from + FRACTION - 1] != '.'
                || bytes[from + LENGTH - 1] != 'Z'
                || bytes[from + LENGTH] != '"') {
            return null;
        }
        int tens = bytes[from + SECOND] - '0';
        int ones = bytes[from + SECOND + 1] - '0';
        long digits = (Words.at(bytes, from + FRACTION) ^ ZEROS) & SIX;
        // A leap second is none of the minute.
        if (tens < 0
                || tens > 5
                || ones < 0
                || ones > 9
                || (((digits + (ABOVE_NINE & SIX)) | digits) & Words.HIGH_BITS) != 0) {
            return null;
        }
        int micros = 0;
        for (int i = 0; i < 6; i++) {
            micros = micros * 10 + (int) (digits & 0xff);
            digits >>>= Byte.SIZE;
        }
        return Instant.ofEpochSecond(start + tens * 10L + ones, micros * 1_000L);
    }

    /** Takes the minute of a time that was read. */
    void see(byte[] bytes, int from, int length, Instant time) {
        if (length != LENGTH || bytes[from + LENGTH - 1] != 'Z') {
            return;
        }
        int second = (bytes[from + SECOND] - '0') * 10 + bytes[from + SECOND + 1] - '0';
        date = Words.at(bytes, from);
        minute = Words.at(bytes, from + Long.BYTES);
        start = Math.max(0, time.getEpochSecond() - second);
    }
}
