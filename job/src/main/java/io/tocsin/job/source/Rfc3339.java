package io.tocsin.job.source;

/** Reads RFC 3339 timestamps out of bytes, without an object. */
final class Rfc3339 {
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Rfc3339() {}

    /**
     * The timestamp that starts at {@code from} and is followed by a double quote before {@code to}, in ms since 1970, any finer
     * digits cut; {@link RecordClock#NO_TIME} if there is none.
     */
    static long quotedMillis(byte[] bytes, int from, int to) {
        if (to - from < 21
                || bytes[from + 4] != '-'
                || bytes[from + 7] != '-'
                || (bytes[from + 10] != 'T' && bytes[from + 10] != 't')
                || bytes[from + 13] != ':'
                || bytes[from + 16] != ':') {
            return RecordClock.NO_TIME;
        }
        int year = digits(bytes, from, 4);
        int month = digits(bytes, from + 5, 2);
        int day = digits(bytes, from + 8, 2);
        int hour = digits(bytes, from + 11, 2);
        int minute = digits(bytes, from + 14, 2);
        int second = digits(bytes, from + 17, 2);
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || day > daysIn(year, month)
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 59) {
            return RecordClock.NO_TIME;
        }
        int at = from + 19;
        int millis = 0;
        if (bytes[at] == '.') {
            int scale = 100;
            int first = ++at;
            while (at < to && isDigit(bytes[at])) {
                millis += (bytes[at++] - '0') * scale;
                scale /= 10;
            }
            if (at == first) {
                return RecordClock.NO_TIME;
            }
        }
        long zoneMinutes = 0;
        if (at < to && (bytes[at] == 'Z' || bytes[at] == 'z')) {
            at++;
        } else if (at + 6 < to && (bytes[at] == '+' || bytes[at] == '-') && bytes[at + 3] == ':') {
            int hours = digits(bytes, at + 1, 2);
            int minutes = digits(bytes, at + 4, 2);
            if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
                return RecordClock.NO_TIME;
            }
            zoneMinutes = (bytes[at] == '-' ? -1L : 1L) * (hours * 60L + minutes);
            at += 6;
        } else {
            return RecordClock.NO_TIME;
        }
        if (at >= to || bytes[at] != '"') {
            return RecordClock.NO_TIME;
        }
        long minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - zoneMinutes;
        return (minutes * 60 + second) * 1000 + millis;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The number the digits make, or -1 where one is no digit. */
    private static int digits(byte[] bytes, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            if (!isDigit(bytes[i])) {
                return -1;
            }
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    private static int daysIn(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && leap ? 29 : DAYS[month - 1];
    }

    /** Counts years from March on, so that the leap day is the last of its year. */
    private static long daysSince1970(int year, int month, int day) {
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400L);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }
}
