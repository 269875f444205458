package io.tocsin.job.decode.host;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one line of auditd: {@code key=value}, {@code key="value"}, and in the lines of programs more of them within {@code
 * msg='...'}. The first of a name counts: the kernel's stand before those of a program. What follows a group separator is the same
 * again with names for numbers, in upper case.
 */
final class AuditdFields {
    /** Stands in front of what auditd has made of the numbers. */
    static final char ENRICHED = '\u001d';

    private static final String NULL = "(null)";

    private final Map<String, String> values = new HashMap<>();

    /** The text of a line behind its head. */
    AuditdFields(String body) {
        int at = 0;
        int length = body.length();
        while (at < length) {
            while (at < length && isBetween(body.charAt(at))) {
                at++;
            }
            int key = at;
            while (at < length && body.charAt(at) != '=' && !isBetween(body.charAt(at))) {
                at++;
            }
            if (at >= length || body.charAt(at) != '=') {
                continue;
            }
            String name = body.substring(key, at);
            at++;
            if (at < length && body.charAt(at) == '\'') {
                // A program's own fields follow; they stand for themselves.
                at++;
                continue;
            }
            int from = at;
            if (at < length && body.charAt(at) == '"') {
                int close = body.indexOf('"', at + 1);
                at = close < 0 ? length : close + 1;
            } else {
                while (at < length && !isBetween(body.charAt(at))) {
                    at++;
                }
            }
            int to = at > from + 1 && body.charAt(at - 1) == '\'' ? at - 1 : at;
            values.putIfAbsent(name, body.substring(from, to));
        }
    }

    private static boolean isBetween(char c) {
        return c == ' ' || c == ENRICHED || c == '\n' || c == '\r';
    }

    /** A value that is a number or a word; null if it is not there or unknown. */
    @Nullable
    String word(String name) {
        String value = values.get(name);
        if (value == null || value.isEmpty() || value.equals("?") || value.equals(NULL) || value.equals("(none)")) {
            return null;
        }
        String bare = unquoted(value);
        return bare.isEmpty() || bare.equals("?") ? null : HostMessages.present(bare);
    }

    /** A value that somebody may have chosen: quoted if it is harmless, else in hexadecimal digits. */
    @Nullable
    String text(String name) {
        String value = values.get(name);
        if (value == null || value.isEmpty() || value.equals("?") || value.equals(NULL)) {
            return null;
        }
        String text = value.startsWith("\"") ? unquoted(value) : fromHex(value);
        return text.isEmpty() || text.equals("?") ? null : text;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    private static String unquoted(String value) {
        if (!value.startsWith("\"")) {
            return value;
        }
        return value.substring(1, value.length() > 1 && value.endsWith("\"") ? value.length() - 1 : value.length());
    }

    /** The text that these digits are the bytes of; the value itself if they are none. */
    static String fromHex(String value) {
        if (value.length() < 2 || value.length() % 2 != 0) {
            return value;
        }
        byte[] bytes = new byte[value.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(value.charAt(2 * i), 16);
            int low = Character.digit(value.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) {
                return value;
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
