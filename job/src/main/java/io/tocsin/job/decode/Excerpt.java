package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;

/** The part of a record that a reason may quote: at most 60 characters, all of them printable. */
public final class Excerpt {
    public static final int MAX_LENGTH = 60;
    private static final String CUT = "...";
    /** No character takes more bytes; more of them are never looked at. */
    private static final int MAX_BYTES = 4 * MAX_LENGTH;

    private Excerpt() {}

    public static String of(byte[] bytes, int start, int end) {
        int length = Math.max(0, Math.min(end - start, MAX_BYTES));
        return of(new String(bytes, start, length, StandardCharsets.UTF_8));
    }

    public static String of(CharSequence text) {
        StringBuilder out = new StringBuilder(MAX_LENGTH);
        for (int i = 0; i < text.length(); ) {
            int point = Character.codePointAt(text, i);
            i += Character.charCount(point);
            String shown = printable(point) ? Character.toString(point) : escaped(point);
            if (out.length() + shown.length() > MAX_LENGTH) {
                while (out.length() > MAX_LENGTH - CUT.length()) {
                    out.setLength(out.offsetByCodePoints(out.length(), -1));
                }
                return out.append(CUT).toString();
            }
            out.append(shown);
        }
        return out.toString();
    }

    private static boolean printable(int point) {
        if (point < 0x7f) {
            return point >= 0x20;
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String escaped(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> point < 0x10000 ? String.format("\\u%04x", point) : String.format("\\u{%x}", point);
        };
    }
}
