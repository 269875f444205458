package io.tocsin.job.decode;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The times of log lines that are not RFC 3339, read without a formatter. All of them give null for a text that is no time. */
public final class Times {
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    /** A clock may be so much ahead of whoever wrote the file before its year is taken for the last one's. */
    private static final Duration AHEAD = Duration.ofDays(2);

    /** So many years may lie between two leap years. */
    private static final int LEAP_CYCLE = 8;

    /** Of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final long[] TENS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private Times() {}

    /** {@code 10/Oct/2000:13:55:36 -0700}, as access logs write it between brackets. */
    public static @Nullable Instant clf(String text) {
        if (text.length() != 26
                || text.charAt(2) != '/'
                || text.charAt(6) != '/'
                || text.charAt(11) != ':'
                || text.charAt(14) != ':'
                || text.charAt(17) != ':'
                || text.charAt(20) != ' ') {
            return null;
        }
        int month = MONTHS.indexOf(text.substring(3, 6)) + 1;
        int offset = number(text, 22, 4);
        char sign = text.charAt(21);
        if (month == 0 || offset < 0 || offset / 100 > 23 || offset % 100 > 59 || (sign != '+' && sign != '-')) {
            return null;
        }
        LocalDateTime local = local(
                number(text, 7, 4),
                month,
                number(text, 0, 2),
                number(text, 12, 2),
                number(text, 15, 2),
                number(text, 18, 2),
                0);
        long seconds = (offset / 100 * 60 + offset % 100) * 60L;
        return local == null
                ? null
                : local.toInstant(java.time.ZoneOffset.UTC).plusSeconds(sign == '+' ? -seconds : seconds);
    }

    /**
     * {@code Dec 10 06:55:46} or {@code Dec  9 06:55:46}: the start of a RFC 3164 line, 15 characters.
     *
     * @param written when it was written at the latest: the year is the last one in which the time was not after it
     */
    public static @Nullable Instant syslog(String text, ZoneId zone, Instant written) {
        if (text.length() < 15
                || text.charAt(3) != ' '
                || text.charAt(6) != ' '
                || text.charAt(9) != ':'
                || text.charAt(12) != ':') {
            return null;
        }
        int month = MONTHS.indexOf(text.substring(0, 3)) + 1;
        int day = text.charAt(4) == ' ' ? number(text, 5, 1) : number(text, 4, 2);
        return month == 0
                ? null
                : yearless(month, day, number(text, 7, 2), number(text, 10, 2), number(text, 13, 2), 0, zone, written);
    }

    /**
     * {@code 1119 22:47:49.358276}, as klog writes it behind the severity.
     *
     * @param written see {@link #syslog}
     */
    public static @Nullable Instant klog(String text, ZoneId zone, Instant written) {
        if (text.length() < 20
                || text.charAt(4) != ' '
                || text.charAt(7) != ':'
                || text.charAt(10) != ':'
                || text.charAt(13) != '.') {
            return null;
        }
        int micros = number(text, 14, 6);
        return micros < 0
                ? null
                : yearless(
                        number(text, 0, 2),
                        number(text, 2, 2),
                        number(text, 5, 2),
                        number(text, 8, 2),
                        number(text, 11, 2),
                        micros * 1000,
                        zone,
                        written);
    }

    /** {@code 2026-01-24 01:34:36.743} or {@code 2026/01/24 01:34:36}, with up to nine digits behind a dot or a comma. */
    public static @Nullable Instant local(String text, ZoneId zone) {
        if (text.length() < 19
                || text.charAt(4) != text.charAt(7)
                || (text.charAt(4) != '-' && text.charAt(4) != '/')
                || (text.charAt(10) != ' ' && text.charAt(10) != 'T')
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return null;
        }
        int nanos = 0;
        if (text.length() > 19) {
            int digits = text.length() - 20;
            nanos = (text.charAt(19) == '.' || text.charAt(19) == ',') && digits > 0 && digits < 10
                    ? number(text, 20, digits)
                    : -1;
            for (int i = digits; i < 9 && nanos > 0; i++) {
                nanos *= 10;
            }
        }
        LocalDateTime local = nanos < 0
                ? null
                : local(
                        number(text, 0, 4),
                        number(text, 5, 2),
                        number(text, 8, 2),
                        number(text, 11, 2),
                        number(text, 14, 2),
                        number(text, 17, 2),
                        nanos);
        return local == null ? null : local.atZone(zone).toInstant();
    }

    /** Seconds since 1970, with or without a fraction, to the nanosecond: {@code 1554141513.698657}. */
    public static @Nullable Instant seconds(String text) {
        return since1970(text, 9);
    }

    /** Milliseconds since 1970. */
    public static @Nullable Instant millis(String text) {
        return since1970(text, 6);
    }

    /** Microseconds since 1970. */
    public static @Nullable Instant micros(String text) {
        return since1970(text, 3);
    }

    /** Nanoseconds since 1970. */
    public static @Nullable Instant nanos(String text) {
        return since1970(text, 0);
    }

    /** Seconds, milliseconds, microseconds or nanoseconds since 1970, told by how many digits stand before the dot. */
    public static @Nullable Instant epoch(String text) {
        int dot = text.indexOf('.');
        int digits = dot < 0 ? text.length() : dot;
        return digits <= 11 ? seconds(text) : digits <= 14 ? millis(text) : digits <= 17 ? micros(text) : nanos(text);
    }

    private static @Nullable Instant since1970(String text, int scale) {
        // Longer numbers are none of ours, and cost time to read.
        if (text.isEmpty() || text.length() > 30 || !isDecimal(text)) {
            return null;
        }
        int dot = text.indexOf('.');
        int behind = dot < 0 ? 0 : text.length() - dot - 1;
        int digits = dot < 0 ? text.length() : text.length() - 1;
        boolean fits = digits <= 18 || (digits == 19 && text.charAt(0) < '9');
        if (!fits || behind > scale) {
            return exactly(text, scale);
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            if (i != dot) {
                number = number * 10 + text.charAt(i) - '0';
            }
        }
        // In units of which a second has a power of ten, and a nanosecond no more than one.
        long unitsASecond = TENS[9 - scale + behind];
        long seconds = number / unitsASecond;
        if (seconds > LAST_SECOND || seconds <= 0) {
            return null;
        }
        return Instant.ofEpochSecond(seconds, number % unitsASecond * TENS[scale - behind]);
    }

    /** The same for numbers of any length and precision. */
    private static @Nullable Instant exactly(String text, int scale) {
        BigDecimal nanos = new BigDecimal(text).scaleByPowerOfTen(scale);
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        if (parts[0].compareTo(BigDecimal.valueOf(LAST_SECOND)) > 0 || parts[0].signum() <= 0) {
            return null;
        }
        return Instant.ofEpochSecond(parts[0].longValue(), parts[1].longValue());
    }

    private static boolean isDecimal(String text) {
        boolean dot = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && !dot && i > 0 && i < text.length() - 1) {
                dot = true;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Instant yearless(
            int month, int day, int hour, int minute, int second, int nanos, ZoneId zone, Instant written) {
        Instant latest = written.plus(AHEAD);
        int year = latest.atZone(zone).getYear();
        for (int y = year; y >= year - LEAP_CYCLE; y--) {
            LocalDateTime local = local(y, month, day, hour, minute, second, nanos);
            if (local != null && !local.atZone(zone).toInstant().isAfter(latest)) {
                return local.atZone(zone).toInstant();
            }
            if (local == null && !(month == 2 && day == 29)) {
                return null;
            }
        }
        return null;
    }

    private static @Nullable LocalDateTime local(
            int year, int month, int day, int hour, int minute, int second, int nanos) {
        if (year < 0) {
            return null;
        }
        try {
            // A leap second is the first of the next minute.
            LocalDateTime time = LocalDateTime.of(year, month, day, hour, minute, second == 60 ? 59 : second, nanos);
            return second == 60 ? time.plusSeconds(1) : time;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The number that these digits are, -1 if they are not all digits. */
    private static int number(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
