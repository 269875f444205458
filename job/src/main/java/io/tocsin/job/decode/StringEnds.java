package io.tocsin.job.decode;

/**
 * Finds line ends and the ends of JSON strings and values eight bytes a step. As {@link JsonScanner} it judges nothing, but it gives
 * up on what is unusual where that looks on.
 */
public final class StringEnds {
    private static final long NEWLINES = '\n' * Words.ONES;
    private static final long QUOTES = '"' * Words.ONES;
    private static final long BACKSLASHES = '\\' * Words.ONES;
    private static final long SPACES = ' ' * Words.ONES;

    private StringEnds() {}

    /** The position of the first line break, {@code to} if there is none. */
    public static int newline(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long found = Words.zeros(Words.at(bytes, i) ^ NEWLINES);
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < to && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    /** The position of the first quote, backslash or control character, {@code to} if there is none. */
    public static int special(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long eight = Words.at(bytes, i);
            // The lowest bit set is exact: what borrows from a higher byte stands above it.
            long found = Words.zeros(eight ^ QUOTES)
                    | Words.zeros(eight ^ BACKSLASHES)
                    | ((eight - SPACES) & ~eight & Words.HIGH_BITS);
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < to && bytes[i] != '"' && bytes[i] != '\\' && (bytes[i] < 0 || bytes[i] >= ' ')) {
            i++;
        }
        return i;
    }

    /** A position not behind the first quote that such a byte follows; {@code to} if there is none. */
    public static int quoteBefore(byte next, byte[] bytes, int from, int to) {
        long nexts = next * Words.ONES;
        int i = from;
        for (; i < to - Long.BYTES; i += Long.BYTES) {
            if ((Words.zeros(Words.at(bytes, i) ^ QUOTES) & Words.zeros(Words.at(bytes, i + 1) ^ nexts)) != 0) {
                return i;
            }
        }
        while (i < to && !(bytes[i] == '"' && i + 1 < to && bytes[i + 1] == next)) {
            i++;
        }
        return i;
    }

    /** The position of the quote that ends the string which opens at {@code from}; -1 if there is none, or a control character. */
    public static int quote(byte[] bytes, int from, int to) {
        int i = special(bytes, from + 1, to);
        while (i < to && bytes[i] == '\\') {
            i = special(bytes, i + 2, to);
        }
        return i < to && bytes[i] == '"' ? i : -1;
    }

    /** The position behind the value at {@code from}; -1 if it does not end, or is unusual. */
    static int valueEnd(byte[] bytes, int from, int to) {
        byte first = bytes[from];
        if (first == '"') {
            int quote = quote(bytes, from, to);
            return quote < 0 ? -1 : quote + 1;
        }
        if (first == '{' || first == '[') {
            return structureEnd(bytes, from, to);
        }
        int i = from;
        while (i < to && bytes[i] > ' ' && bytes[i] != ',' && bytes[i] != '}' && bytes[i] != ']' && bytes[i] != '"') {
            i++;
        }
        return i == from ? -1 : i;
    }

    private static int structureEnd(byte[] bytes, int from, int to) {
        // A bit for each open bracket, the innermost lowest, 1 for a brace; the lowest bit of all marks their bottom.
        long open = 1;
        int i = from;
        while (i < to) {
            byte b = bytes[i];
            if (b == '"') {
                i = quote(bytes, i, to);
                if (i < 0) {
                    return -1;
                }
            } else if (b == '{' || b == '[') {
                if (open < 0) {
                    return -1;
                }
                open = open << 1 | (b == '{' ? 1 : 0);
            } else if (b == '}' || b == ']') {
                if ((open & 1) != (b == '}' ? 1 : 0)) {
                    return -1;
                }
                open >>>= 1;
                if (open == 1) {
                    return i + 1;
                }
            }
            i++;
        }
        return -1;
    }
}
