package io.tocsin.job.decode.access;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What nginx and Apache write for bytes that would break a line: {@code \xHH}, {@code \"}, {@code \\}, {@code \n}. */
final class ServerEscapes {
    private ServerEscapes() {}

    /** The text as it was before the server escaped it; bytes that are no UTF-8 then are replaced. */
    static String undo(String text) {
        int slash = text.indexOf('\\');
        if (slash < 0) {
            return text;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (slash >= 0 && slash + 1 < text.length()) {
            write(out, text, at, slash);
            char c = text.charAt(slash + 1);
            int hex = c == 'x' ? hex(text, slash + 2) : -1;
            int plain = plain(c);
            if (hex >= 0) {
                out.write(hex);
                at = slash + 4;
            } else if (plain >= 0) {
                out.write(plain);
                at = slash + 2;
            } else {
                out.write('\\');
                at = slash + 1;
            }
            slash = text.indexOf('\\', at);
        }
        write(out, text, at, text.length());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void write(ByteArrayOutputStream out, String text, int from, int to) {
        if (to > from) {
            out.writeBytes(text.substring(from, to).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static int plain(char c) {
        return switch (c) {
            case '"', '\\' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> 0x0b;
            default -> -1;
        };
    }

    private static int hex(String text, int from) {
        if (from + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(from), 16);
        int low = Character.digit(text.charAt(from + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
