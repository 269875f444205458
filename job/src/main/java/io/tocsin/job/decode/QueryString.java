package io.tocsin.job.decode;

import org.jspecify.annotations.Nullable;

/** Parameters of a request URI, percent-decoded. */
public final class QueryString {
    private QueryString() {}

    /** Whether a parameter has this value, be it the only one or one of several. */
    public static boolean has(@Nullable String uri, String name, String value) {
        int at = uri == null || mayHold(uri, name) ? start(uri) : -1;
        while (uri != null && at >= 0) {
            int end = end(uri, at);
            int equals = equalsSign(uri, at, end);
            if (is(uri, at, equals, name) && is(uri, Math.min(equals + 1, end), end, value)) {
                return true;
            }
            at = end < uri.length() ? end + 1 : -1;
        }
        return false;
    }

    /** Whether a flag is on, as the API server reads flags: there, and its first value neither {@code false} nor {@code 0}. */
    public static boolean on(@Nullable String uri, String name) {
        int at = start(uri);
        while (uri != null && at >= 0) {
            int end = end(uri, at);
            int equals = equalsSign(uri, at, end);
            if (is(uri, at, equals, name)) {
                String value = decode(uri, Math.min(equals + 1, end), end);
                return !value.equalsIgnoreCase("false") && !value.equals("0");
            }
            at = end < uri.length() ? end + 1 : -1;
        }
        return false;
    }

    /** The text with its percent escapes resolved. Bytes beyond ASCII stay escaped; a plus stays a plus, as in a path. */
    public static String decode(String text, int start, int end) {
        StringBuilder out = new StringBuilder(end - start);
        int i = start;
        while (i < end) {
            int c = charAt(text, i, end);
            out.append(text.charAt(i) == '+' ? '+' : (char) (c & 0xffff));
            i += width(c);
        }
        return out.toString();
    }

    /** Whether a name may be in it, perhaps escaped. Nearly always not, and then no parameter is looked at. */
    private static boolean mayHold(String uri, String name) {
        return uri.indexOf(name) >= 0 || uri.indexOf('%') >= 0;
    }

    private static int start(@Nullable String uri) {
        int question = uri == null ? -1 : uri.indexOf('?');
        return question < 0 ? -1 : question + 1;
    }

    private static int end(String uri, int at) {
        int end = uri.indexOf('&', at);
        return end < 0 ? uri.length() : end;
    }

    private static int equalsSign(String uri, int at, int end) {
        int equals = uri.indexOf('=', at);
        return equals < 0 || equals > end ? end : equals;
    }

    private static boolean is(String uri, int start, int end, String expected) {
        int i = start;
        for (int e = 0; e < expected.length(); e++) {
            if (i >= end) {
                return false;
            }
            int c = charAt(uri, i, end);
            if ((c & 0xffff) != expected.charAt(e)) {
                return false;
            }
            i += width(c);
        }
        return i == end;
    }

    /** A character, and in the upper half how many it takes. */
    private static int charAt(String text, int at, int end) {
        char c = text.charAt(at);
        if (c == '+') {
            return ' ' | 1 << 16;
        }
        if (c == '%' && at + 2 < end) {
            int high = Character.digit(text.charAt(at + 1), 16);
            int low = Character.digit(text.charAt(at + 2), 16);
            if (high >= 0 && high < 8 && low >= 0) {
                return high << 4 | low | 3 << 16;
            }
        }
        return c | 1 << 16;
    }

    private static int width(int c) {
        return c >>> 16;
    }
}
