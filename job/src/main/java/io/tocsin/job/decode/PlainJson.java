package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Goes through plain JSON: where it stands, what may follow, where values and strings end. */
abstract class PlainJson {
    /** Read the record again with the parser. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace
    public static final BadRecord UNUSUAL = new BadRecord("unusual");

    private static final int MAX_DEPTH = 64;
    private static final long QUOTES = '"' * Words.ONES;
    private static final long BACKSLASHES = '\\' * Words.ONES;
    private static final long SPACES = ' ' * Words.ONES;

    byte[] bytes = new byte[0];
    int at;
    int end;
    /** The last string that held escapes, without them. */
    byte[] unescaped = new byte[256];

    /** How much of that. */
    int length;

    final void skip(int depth) throws BadRecord {
        switch (bytes[at]) {
            case '"' -> skipString();
            case '{' -> skipStructure('}', depth);
            case '[' -> skipStructure(']', depth);
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void skipStructure(int close, int depth) throws BadRecord {
        if (depth == MAX_DEPTH) {
            throw UNUSUAL;
        }
        at++;
        int b = space();
        if (b == close) {
            at++;
            return;
        }
        while (true) {
            if (close == '}') {
                if (b != '"') {
                    throw UNUSUAL;
                }
                skipString();
                space();
                expect(':');
                space();
            }
            skip(depth + 1);
            b = space();
            at++;
            if (b == close) {
                return;
            }
            if (b != ',') {
                throw UNUSUAL;
            }
            b = space();
        }
    }

    private void skipString() throws BadRecord {
        int i = letters(at + 1);
        while (bytes[i] != '"') {
            if (bytes[i] != '\\') {
                throw UNUSUAL;
            }
            i = letters(escapeEnd(i + 1));
        }
        at = i + 1;
    }

    /** The position of the first byte from {@code i} on that is no plain letter of a string. */
    private int letters(int from) throws BadRecord {
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long eight = Words.at(bytes, i);
            // The lowest bit set is exact: what borrows from a higher byte stands above it.
            long special = Words.zeros(eight ^ QUOTES)
                    | Words.zeros(eight ^ BACKSLASHES)
                    | ((((eight - SPACES) & ~eight) | eight) & Words.HIGH_BITS);
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        for (; i < end; i++) {
            byte b = bytes[i];
            if (b == '"' || b == '\\' || b < 0x20) {
                return i;
            }
        }
        throw UNUSUAL;
    }

    private int escapeEnd(int escaped) throws BadRecord {
        if (escaped >= end) {
            throw UNUSUAL;
        }
        switch (bytes[escaped]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return escaped + 1;
            }
            case 'u' -> {
                code(escaped + 1);
                return escaped + 5;
            }
            default -> throw UNUSUAL;
        }
    }

    private int code(int from) throws BadRecord {
        if (from + 4 > end) {
            throw UNUSUAL;
        }
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
            if (digit < 0) {
                throw UNUSUAL;
            }
            code = code << 4 | digit;
        }
        return code;
    }

    private void number() throws BadRecord {
        if (bytes[at] == '-') {
            at++;
        }
        int from = at;
        digits();
        if (bytes[from] == '0' && at - from > 1) {
            throw UNUSUAL;
        }
        if (at < end && bytes[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            digits();
        }
        if (at >= end) {
            throw UNUSUAL;
        }
    }

    private void digits() throws BadRecord {
        int from = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw UNUSUAL;
        }
    }

    final void literal(String text) throws BadRecord {
        if (end - at <= text.length()) {
            throw UNUSUAL;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                throw UNUSUAL;
            }
        }
        at += text.length();
    }

    /** Goes behind the string if it holds no escape and returns where its quote is; else -1, and stays. */
    final int asciiEnd() throws BadRecord {
        int i = letters(at + 1);
        if (bytes[i] == '"') {
            at = i + 1;
            return i;
        }
        if (bytes[i] == '\\') {
            return -1;
        }
        throw UNUSUAL;
    }

    /** Goes behind a string that must hold no escape. */
    final int plainEnd() throws BadRecord {
        int to = asciiEnd();
        if (to < 0) {
            throw UNUSUAL;
        }
        return to;
    }

    /** Goes behind a string with escapes; what they stand for must be ASCII. */
    final void unescape(int from) throws BadRecord {
        length = 0;
        int i = from;
        while (true) {
            int special = letters(i);
            if (length + special - i >= unescaped.length) {
                unescaped = Arrays.copyOf(unescaped, 2 * (length + special - i + 1));
            }
            System.arraycopy(bytes, i, unescaped, length, special - i);
            length += special - i;
            if (bytes[special] == '"') {
                at = special + 1;
                return;
            }
            if (bytes[special] != '\\') {
                throw UNUSUAL;
            }
            i = escapeEnd(special + 1);
            int c =
                    switch (bytes[special + 1]) {
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case 'u' -> code(special + 2);
                        default -> bytes[special + 1];
                    };
            if (c > 0x7f) {
                throw UNUSUAL;
            }
            unescaped[length++] = (byte) c;
        }
    }

    static String ascii(byte[] text, int from, int size) {
        return new String(text, from, size, StandardCharsets.ISO_8859_1);
    }

    /** Passes over white space and returns what follows; that there is something. */
    final int space() throws BadRecord {
        if (at < end && bytes[at] > ' ') {
            return bytes[at];
        }
        while (at < end && JsonScanner.isSpace(bytes[at])) {
            at++;
        }
        if (at >= end) {
            throw UNUSUAL;
        }
        return bytes[at];
    }

    final void expect(int b) throws BadRecord {
        if (at >= end || bytes[at] != b) {
            throw UNUSUAL;
        }
        at++;
    }
}
