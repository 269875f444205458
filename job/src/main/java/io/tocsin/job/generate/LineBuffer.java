package io.tocsin.job.generate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One line in the making. Text is ASCII; times are microseconds since 1970. */
final class LineBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final long DAY_SECONDS = 86_400;

    private byte[] bytes = new byte[16_384];
    private int length;

    private long second = Long.MIN_VALUE;
    private final byte[] secondText = new byte[19];

    LineBuffer clear() {
        length = 0;
        return this;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    LineBuffer raw(byte[] text) {
        room(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    LineBuffer ascii(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** A JSON string with its quotes, escaped as Go's encoder escapes. */
    LineBuffer json(String text) {
        return ascii("\"").escaped(text).ascii("\"");
    }

    /** A JSON string's inside. */
    LineBuffer escaped(String text) {
        room(text.length() * 6);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = (byte) c;
            } else if (c == '\n') {
                bytes[length++] = '\\';
                bytes[length++] = 'n';
            } else if (c == '&' || c == '<' || c == '>' || c < ' ') {
                ascii("\\u00");
                bytes[length++] = HEX[c >> 4];
                bytes[length++] = HEX[c & 15];
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return this;
    }

    LineBuffer number(long number) {
        return ascii(Long.toString(number));
    }

    /** A random UUID's text. */
    LineBuffer uuid(long high, long low) {
        room(36);
        hex(high >>> 32, 8);
        bytes[length++] = '-';
        hex(high >>> 16, 4);
        bytes[length++] = '-';
        hex((high & 0x0FFF) | 0x4000, 4);
        bytes[length++] = '-';
        hex(((low >>> 48) & 0x3FFF) | 0x8000, 4);
        bytes[length++] = '-';
        hex(low, 12);
        return this;
    }

    private void hex(long value, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (value >>> shift) & 15];
        }
    }

    /** A time as the API server writes it: exactly six digits of fraction. */
    LineBuffer micros(long micros) {
        date(Math.floorDiv(micros, 1_000_000L));
        room(8);
        bytes[length++] = '.';
        digits(Math.floorMod(micros, 1_000_000L), 6);
        bytes[length++] = 'Z';
        return this;
    }

    /** A time with nine digits of fraction; the source that logs it counts nanoseconds, which the clock here doesn't. */
    LineBuffer nanos(long micros, int nanos) {
        date(Math.floorDiv(micros, 1_000_000L));
        room(11);
        bytes[length++] = '.';
        digits(Math.floorMod(micros, 1_000_000L), 6);
        digits(nanos, 3);
        bytes[length++] = 'Z';
        return this;
    }

    /** A time as access logs have it: {@code 02/Mar/2026:10:00:00 +0000}. */
    LineBuffer clock(long micros) {
        int start = length;
        date(Math.floorDiv(micros, 1_000_000L));
        String iso = new String(bytes, start, length - start, StandardCharsets.US_ASCII);
        length = start;
        int month = Integer.parseInt(iso, 5, 7, 10) - 1;
        return ascii(iso.substring(8, 10))
                .ascii("/")
                .ascii(MONTHS.substring(3 * month, 3 * month + 3))
                .ascii("/")
                .ascii(iso.substring(0, 4))
                .ascii(":")
                .ascii(iso.substring(11))
                .ascii(" +0000");
    }

    /** Digits after a decimal point, with their zeros in front. */
    LineBuffer fraction(long value, int count) {
        room(count);
        digits(value, count);
        return this;
    }

    /** A time in whole seconds. */
    LineBuffer seconds(long micros) {
        date(Math.floorDiv(micros, 1_000_000L));
        return ascii("Z");
    }

    private void date(long epochSecond) {
        room(secondText.length);
        if (epochSecond == second) {
            System.arraycopy(secondText, 0, bytes, length, secondText.length);
            length += secondText.length;
            return;
        }
        int start = length;
        // Days to a civil date, counted in 400-year eras that begin on 1 March.
        long shifted = Math.floorDiv(epochSecond, DAY_SECONDS) + 719_468;
        long era = Math.floorDiv(shifted, 146_097L);
        long dayOfEra = shifted - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long marchMonth = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        long month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        long ofDay = Math.floorMod(epochSecond, DAY_SECONDS);
        digits(year, 4);
        bytes[length++] = '-';
        digits(month, 2);
        bytes[length++] = '-';
        digits(day, 2);
        bytes[length++] = 'T';
        digits(ofDay / 3_600, 2);
        bytes[length++] = ':';
        digits(ofDay / 60 % 60, 2);
        bytes[length++] = ':';
        digits(ofDay % 60, 2);
        System.arraycopy(bytes, start, secondText, 0, secondText.length);
        second = epochSecond;
    }

    private void digits(long value, int count) {
        long rest = value;
        for (int i = count - 1; i >= 0; i--) {
            bytes[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
