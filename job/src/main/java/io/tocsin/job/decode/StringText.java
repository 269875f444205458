package io.tocsin.job.decode;

import java.util.Arrays;

/** The text of a JSON string as UTF-8, without its escapes. Read again for the next string; belongs to one thread. */
public final class StringText {
    private byte[] text = new byte[512];
    private int length;

    /**
     * Reads the string that opens at {@code from}.
     *
     * @return false if it has no end, holds control characters, or escapes that are none or stand for what takes two of them
     */
    public boolean read(byte[] bytes, int from, int to) {
        length = 0;
        int i = from + 1;
        while (true) {
            int special = StringEnds.special(bytes, i, to);
            if (special >= to) {
                return false;
            }
            append(bytes, i, special);
            if (bytes[special] == '"') {
                return true;
            }
            if (bytes[special] != '\\' || special + 1 >= to) {
                return false;
            }
            int c = escaped(bytes, special + 1, to);
            if (c < 0) {
                return false;
            }
            append(c);
            i = special + (bytes[special + 1] == 'u' ? 6 : 2);
        }
    }

    /** Holds the text from 0 on; valid until the next string is read. */
    public byte[] bytes() {
        return text;
    }

    public int length() {
        return length;
    }

    private void append(byte[] bytes, int from, int to) {
        int more = to - from;
        // Room for a character besides.
        if (length + more + 3 > text.length) {
            text = Arrays.copyOf(text, 2 * (length + more + 3));
        }
        System.arraycopy(bytes, from, text, length, more);
        length += more;
    }

    private void append(int c) {
        if (c < 0x80) {
            text[length++] = (byte) c;
        } else if (c < 0x800) {
            text[length++] = (byte) (0xc0 | c >> 6);
            text[length++] = (byte) (0x80 | (c & 0x3f));
        } else {
            text[length++] = (byte) (0xe0 | c >> 12);
            text[length++] = (byte) (0x80 | (c >> 6 & 0x3f));
            text[length++] = (byte) (0x80 | (c & 0x3f));
        }
    }

    private static int escaped(byte[] bytes, int at, int to) {
        return switch (bytes[at]) {
            case '"', '\\', '/' -> bytes[at];
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> code(bytes, at + 1, to);
            default -> -1;
        };
    }

    /** The character, -1 if it is half of one or no code. */
    private static int code(byte[] bytes, int from, int to) {
        if (from + 4 > to) {
            return -1;
        }
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            code = code << 4 | digit;
        }
        return Character.isSurrogate((char) code) ? -1 : code;
    }
}
