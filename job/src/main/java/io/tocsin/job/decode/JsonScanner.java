package io.tocsin.job.decode;

/**
 * Finds where JSON values end by strings and brackets alone. It judges nothing: it serves to go on behind a record that can't be
 * read, and to take the elements of a list one by one. Never recursive, and linear in what it passes over.
 */
public final class JsonScanner {
    /** The input ends before the value does. */
    public static final int CUT = -1;

    private JsonScanner() {}

    /** The first position from {@code at} on that holds no white space, {@code end} if there is none. */
    public static int skipSpace(byte[] bytes, int at, int end) {
        int i = at;
        while (i < end && isSpace(bytes[i])) {
            i++;
        }
        return i;
    }

    public static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /**
     * The position after the value that starts at {@code at}; {@link #CUT} if the input ends first. Equals {@code at} if there is
     * no value but a comma or a closing bracket.
     */
    public static int valueEnd(byte[] bytes, int at, int end) {
        return valueEnd(bytes, at, end, false);
    }

    /** Like {@link #valueEnd}, but a line break inside a string, which JSON forbids, ends the value: the line was cut. */
    public static int valueEndInLine(byte[] bytes, int at, int end) {
        return valueEnd(bytes, at, end, true);
    }

    private static int valueEnd(byte[] bytes, int at, int end, boolean inLine) {
        if (at >= end) {
            return CUT;
        }
        byte first = bytes[at];
        if (first == '"') {
            int close = stringEnd(bytes, at, end, inLine);
            return close < CUT ? lineBreak(close) : close;
        }
        if (first != '{' && first != '[') {
            return scalarEnd(bytes, at, end);
        }
        int depth = 0;
        // The kinds of the first 64 open brackets, the innermost lowest: what closes another kind is a flaw of this
        // value, not
        // its end. Deeper brackets are only counted.
        long braces = 0;
        int i = at;
        while (i < end) {
            byte b = bytes[i];
            if (b == '"') {
                i = stringEnd(bytes, i, end, inLine);
                if (i < 0) {
                    return i < CUT ? lineBreak(i) : CUT;
                }
                continue;
            }
            i++;
            if (b == '{' || b == '[') {
                braces = depth < Long.SIZE ? braces << 1 | (b == '{' ? 1 : 0) : braces;
                depth++;
            } else if (b == '}' || b == ']') {
                boolean matches = depth > Long.SIZE || (braces & 1) == (b == '}' ? 1 : 0);
                if (matches) {
                    braces = depth > Long.SIZE ? braces : braces >>> 1;
                    depth--;
                }
                if (depth == 0) {
                    return i;
                }
            }
        }
        return CUT;
    }

    private static int stringEnd(byte[] bytes, int at, int end, boolean inLine) {
        int i = StringEnds.special(bytes, at + 1, end);
        while (i < end) {
            byte b = bytes[i];
            if (b == '"') {
                return i + 1;
            }
            if (b == '\n' && inLine) {
                return lineBreak(i);
            }
            i = StringEnds.special(bytes, b == '\\' ? i + 2 : i + 1, end);
        }
        return CUT;
    }

    /** A line break's position as a number below {@link #CUT}, and back. */
    private static int lineBreak(int position) {
        return -2 - position;
    }

    private static int scalarEnd(byte[] bytes, int at, int end) {
        int i = at;
        while (i < end
                && !isSpace(bytes[i])
                && bytes[i] != ','
                && bytes[i] != ']'
                && bytes[i] != '}'
                && bytes[i] != ':') {
            i++;
        }
        return i;
    }
}
