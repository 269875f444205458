package io.tocsin.job.redaction;

import java.util.List;
import java.util.Locale;

/** How one character of a text is written as several of another, so that what is found in the one can be taken out of the other. */
enum Encoding {
    /** The inside of a string in JSON; also {@code \xHH}, as nginx writes it. */
    JSON {
        @Override
        int length(String raw, int at, int to) {
            if (raw.charAt(at) != '\\' || at + 1 >= to) {
                return 1;
            }
            char kind = raw.charAt(at + 1);
            int digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
            return at + 2 + digits <= to && areHex(raw, at + 2, digits) ? 2 + digits : 2;
        }

        @Override
        char value(String raw, int at, int length) {
            if (length == 1) {
                return raw.charAt(at);
            }
            if (length > 2) {
                return (char) Integer.parseInt(raw, at + 2, at + length, 16);
            }
            char kind = raw.charAt(at + 1);
            return switch (kind) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                default -> kind;
            };
        }

        @Override
        String encode(String text) {
            return text.replace("\\", "\\\\").replace("\"", "\\\"");
        }
    },
    /** {@code %HH} and {@code +} in an address. */
    PERCENT {
        @Override
        int length(String raw, int at, int to) {
            return raw.charAt(at) == '%' && at + 3 <= to && areHex(raw, at + 1, 2) ? 3 : 1;
        }

        @Override
        char value(String raw, int at, int length) {
            char c = raw.charAt(at);
            if (length == 1) {
                return c == '+' ? ' ' : c;
            }
            return (char) Integer.parseInt(raw, at + 1, at + 3, 16);
        }

        @Override
        String encode(String text) {
            StringBuilder encoded = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (TextScanner.isNameCharacter(c) || c == '[' || c == ']') {
                    encoded.append(c);
                } else {
                    encoded.append("%%%02X".formatted((int) c & 0xFF));
                }
            }
            return encoded.toString();
        }
    },
    /** Two digits a byte, as auditd writes what could break its lines; arguments end with a zero byte. */
    HEX {
        @Override
        int length(String raw, int at, int to) {
            return 2;
        }

        @Override
        char value(String raw, int at, int length) {
            int value = Integer.parseInt(raw, at, at + length, 16);
            return value == 0 ? ' ' : (char) value;
        }

        @Override
        String encode(String text) {
            StringBuilder encoded = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                encoded.append("%02X".formatted((int) text.charAt(i) & 0xFF));
            }
            return encoded.toString().toUpperCase(Locale.ROOT);
        }
    };

    /** How many characters of the raw text make up the next one. */
    abstract int length(String raw, int at, int to);

    /** The character that so many of the raw text make up. */
    abstract char value(String raw, int at, int length);

    /** What to write for some text; it may also stand as it is where that reads the same. */
    abstract String encode(String text);

    /** The text that is written from {@code from} to {@code to}. */
    final String decode(String raw, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int at = from; at < to; ) {
            int length = length(raw, at, to);
            text.append(value(raw, at, length));
            at += length;
        }
        return text.toString();
    }

    /** Adds the edits of the decoded text as edits of the raw one. */
    final void map(List<Edit> decoded, String raw, int from, int to, Edits edits) {
        int at = from;
        int index = 0;
        for (Edit edit : decoded) {
            for (; index < edit.from(); index++) {
                at += length(raw, at, to);
            }
            int start = at;
            for (; index < edit.to(); index++) {
                at += length(raw, at, to);
            }
            edits.replace(start, at, encode(edit.text()));
        }
    }

    static boolean areHex(String text, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }
}
