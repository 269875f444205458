package io.tocsin.job.decode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times such as {@code 2026-01-24T01:34:36.743000Z}, read without a formatter: two of them stand in every audit event. */
public final class Rfc3339 {
    private static final int SHORTEST = "2026-01-24T01:34:36Z".length();
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Rfc3339() {}

    public static @Nullable Instant parse(String text) {
        char[] chars = text.toCharArray();
        return parse(chars, 0, chars.length);
    }

    /** The instant, to the nanosecond; null if the text is no RFC 3339 time. */
    public static @Nullable Instant parse(char[] text, int offset, int length) {
        if (length < SHORTEST
                || text[offset + 4] != '-'
                || text[offset + 7] != '-'
                || (text[offset + 10] | 0x20) != 't'
                || text[offset + 13] != ':'
                || text[offset + 16] != ':') {
            return null;
        }
        int century = two(text, offset);
        int yearOfCentury = two(text, offset + 2);
        int month = two(text, offset + 5);
        int day = two(text, offset + 8);
        int hour = two(text, offset + 11);
        int minute = two(text, offset + 14);
        int second = two(text, offset + 17);
        if ((century | yearOfCentury | month | day | hour | minute | second) < 0) {
            return null;
        }
        int year = century * 100 + yearOfCentury;
        if (!exists(year, month, day, hour, minute, second)) {
            return null;
        }
        int at = offset + 19;
        int end = offset + length;
        int nanos = 0;
        if (text[at] == '.') {
            int scale = 100_000_000;
            int first = ++at;
            while (at < end && text[at] >= '0' && text[at] <= '9') {
                nanos += (text[at] - '0') * scale;
                scale /= 10;
                at++;
            }
            if (at == first) {
                return null;
            }
        }
        int zone = zoneSeconds(text, at, end);
        if (zone == Integer.MIN_VALUE) {
            return null;
        }
        return Instant.ofEpochSecond(
                epochDay(year, month, day) * 86_400L + hour * 3_600L + minute * 60L + second - zone, nanos);
    }

    /**
     * The same of ASCII bytes, in ms since 1970 with finer digits cut; {@link DocumentDecoder#UNTOLD} if they are no RFC 3339 time.
     */
    public static long millis(byte[] text, int from, int to) {
        if (to - from < SHORTEST
                || text[from + 4] != '-'
                || text[from + 7] != '-'
                || (text[from + 10] | 0x20) != 't'
                || text[from + 13] != ':'
                || text[from + 16] != ':') {
            return DocumentDecoder.UNTOLD;
        }
        int century = two(text, from);
        int yearOfCentury = two(text, from + 2);
        int month = two(text, from + 5);
        int day = two(text, from + 8);
        int hour = two(text, from + 11);
        int minute = two(text, from + 14);
        int second = two(text, from + 17);
        if ((century | yearOfCentury | month | day | hour | minute | second) < 0
                || !exists(century * 100 + yearOfCentury, month, day, hour, minute, second)) {
            return DocumentDecoder.UNTOLD;
        }
        int at = from + 19;
        int millis = 0;
        if (text[at] == '.') {
            int scale = 100;
            int first = ++at;
            while (at < to && text[at] >= '0' && text[at] <= '9') {
                millis += (text[at] - '0') * scale;
                scale /= 10;
                at++;
            }
            if (at == first) {
                return DocumentDecoder.UNTOLD;
            }
        }
        int zone = zoneSeconds(text, at, to);
        if (zone == Integer.MIN_VALUE) {
            return DocumentDecoder.UNTOLD;
        }
        long days = epochDay(century * 100 + yearOfCentury, month, day);
        return (days * 86_400L + hour * 3_600L + minute * 60L + second - zone) * 1_000 + millis;
    }

    private static boolean exists(int year, int month, int day, int hour, int minute, int second) {
        // A leap second is the first of the next minute.
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= days(year, month)
                && hour <= 23
                && minute <= 59
                && second <= 60;
    }

    private static int zoneSeconds(byte[] text, int at, int end) {
        if (at == end - 1 && (text[at] | 0x20) == 'z') {
            return 0;
        }
        if (at != end - 6 || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') {
            return Integer.MIN_VALUE;
        }
        return zone(text[at], two(text, at + 1), two(text, at + 4));
    }

    private static int two(byte[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    /** Seconds east of Greenwich, {@link Integer#MIN_VALUE} if that is no zone. */
    private static int zoneSeconds(char[] text, int at, int end) {
        if (at == end - 1 && (text[at] | 0x20) == 'z') {
            return 0;
        }
        if (at != end - 6 || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') {
            return Integer.MIN_VALUE;
        }
        return zone(text[at], two(text, at + 1), two(text, at + 4));
    }

    private static int zone(int sign, int hours, int minutes) {
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = hours * 3_600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    private static int two(char[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private static int days(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && leap ? 29 : DAYS[month - 1];
    }

    /** Days since 1970, counted from the first of March of the year 0 so that the leap day comes last. */
    private static long epochDay(int year, int month, int day) {
        int shifted = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097L + yearOfEra * 365L + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468L;
    }
}
