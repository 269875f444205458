package io.tocsin.job.decode.host;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of a line of auditd: {@code [node=NAME ]type=TYPE msg=audit(1684329817.579:2995): }.
 *
 * @param node the host, where auditd was told to name it
 * @param type such as {@code SYSCALL}
 * @param time seconds since 1970, with milliseconds
 * @param millis the same in milliseconds
 * @param serial tells the event: several lines have it
 * @param start where the line starts, its node left out
 * @param body where its fields start
 */
record AuditdLine(@Nullable String node, String type, String time, long millis, String serial, int start, int body) {
    private static final byte[] NODE = ascii("node=");
    private static final byte[] TYPE = ascii("type=");
    private static final byte[] AUDIT = ascii("msg=audit(");
    private static final int LONGEST_WORD = 255;
    private static final int LONGEST_NUMBER = 20;

    /** Whether a line is auditd's, as far as its first words tell. */
    static boolean claims(byte[] bytes, int from, int to) {
        return auditStart(bytes, from, to) > 0;
    }

    /** The line's head; null if it has none. */
    static @Nullable AuditdLine of(byte[] bytes, int from, int to) {
        int audit = auditStart(bytes, from, to);
        if (audit < 0) {
            return null;
        }
        int dot = digitsEnd(bytes, audit, to);
        int colon = dot < to && bytes[dot] == '.' ? digitsEnd(bytes, dot + 1, to) : to;
        int close = colon < to && bytes[colon] == ':' ? digitsEnd(bytes, colon + 1, to) : to;
        if (dot == audit
                || close >= to
                || bytes[close] != ')'
                || colon == dot + 1
                || close == colon + 1
                || dot - audit > 12
                || colon - dot > 10
                || close - colon > LONGEST_NUMBER) {
            return null;
        }
        int start = typeStart(bytes, from, to);
        String node = start == from ? null : text(bytes, from + NODE.length, start - 1);
        int typeFrom = start + TYPE.length;
        String type = text(bytes, typeFrom, wordEnd(bytes, typeFrom, to));
        String time = text(bytes, audit, colon);
        long millis = Long.parseLong(text(bytes, audit, dot)) * 1_000
                + Long.parseLong((text(bytes, dot + 1, colon) + "00").substring(0, 3));
        int body = close + 1;
        body = body < to && bytes[body] == ':' ? body + 1 : body;
        body = body < to && bytes[body] == ' ' ? body + 1 : body;
        return new AuditdLine(node, type, time, millis, text(bytes, colon + 1, close), start, body);
    }

    /** Whether the two are of one event. */
    boolean isOf(AuditdLine other) {
        return serial.equals(other.serial)
                && time.equals(other.time)
                && (node == null ? other.node == null : node.equals(other.node));
    }

    /** Where the time starts, -1 if that is no line of auditd. */
    private static int auditStart(byte[] bytes, int from, int to) {
        int start = typeStart(bytes, from, to);
        if (start < 0) {
            return -1;
        }
        int end = wordEnd(bytes, start + TYPE.length, to);
        return end > start + TYPE.length && end < to && starts(bytes, end + 1, to, AUDIT) ? end + 1 + AUDIT.length : -1;
    }

    private static int typeStart(byte[] bytes, int from, int to) {
        if (starts(bytes, from, to, TYPE)) {
            return from;
        }
        if (!starts(bytes, from, to, NODE)) {
            return -1;
        }
        int end = wordEnd(bytes, from + NODE.length, to);
        return end < to && starts(bytes, end + 1, to, TYPE) ? end + 1 : -1;
    }

    /** The next space, {@code to} if there is none near. */
    private static int wordEnd(byte[] bytes, int from, int to) {
        int most = Math.min(to, from + LONGEST_WORD);
        for (int i = from; i < most; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return to;
    }

    private static int digitsEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    private static boolean starts(byte[] bytes, int from, int to, byte[] word) {
        if (to - from < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (bytes[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
