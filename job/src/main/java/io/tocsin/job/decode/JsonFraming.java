package io.tocsin.job.decode;

/**
 * JSON over several lines, as people and {@code kubectl -o json} print it. A line that ends inside a string was cut, and one whose
 * continuation is no JSON as well: the lines after it stand for themselves.
 */
final class JsonFraming implements Framing {
    /** No log transport in use cuts records shorter than this. */
    private static final int NEVER_TRUNCATED = 2048;

    private static final int MAX_DEPTH = 64;

    /** The open brackets, the innermost lowest: a bit for each, 1 for a brace. */
    private long braces;

    private int depth;
    /** The last byte that was no white space and outside strings; {@code "} for a string. */
    private byte last;

    private boolean cutPossible;

    @Override
    public boolean opens(byte[] bytes, int from, int to) {
        int start = JsonScanner.skipSpace(bytes, from, to);
        if (start < to && bytes[start] == (byte) 0xef) {
            start = JsonScanner.skipSpace(bytes, Math.min(start + 3, to), to);
        }
        int end = to;
        while (end > start && JsonScanner.isSpace(bytes[end - 1])) {
            end--;
        }
        if (start == end || (bytes[start] != '{' && bytes[start] != '[')) {
            return false;
        }
        // Nearly all lines: an object that ends where its line ends.
        if (bytes[end - 1] == '}' && bytes[start] == '{') {
            return false;
        }
        braces = 0;
        depth = 0;
        last = 0;
        cutPossible = end - start >= NEVER_TRUNCATED;
        return scan(bytes, start, end) && depth > 0;
    }

    @Override
    public Next next(byte[] bytes, int from, int to) {
        int start = JsonScanner.skipSpace(bytes, from, to);
        if (start == to) {
            return Next.MORE;
        }
        if (!follows(bytes[start], start > from)) {
            return Next.BEYOND;
        }
        if (!scan(bytes, start, to)) {
            return Next.LAST;
        }
        return depth == 0 ? Next.LAST : Next.MORE;
    }

    /** Whether this byte can come after {@link #last}; a new object at a line's very start only where nothing was cut. */
    private boolean follows(byte first, boolean indented) {
        boolean brace = (braces & 1) == 1;
        boolean another = first == '{' && !indented && cutPossible;
        return switch (last) {
            case '{' -> first == '"' || first == '}';
            case '[' -> first != ',' && first != '}' && first != ':' && !another;
            case ',' -> brace ? first == '"' : !another;
            case ':' -> first != '}' && first != ']' && first != ',' && !another;
            default -> first == ',' || first == (brace ? '}' : ']') || (first == ':' && brace && last == '"');
        };
    }

    /** Whether the line ends outside any string, with brackets that match. */
    private boolean scan(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            byte b = bytes[i];
            if (b == '"') {
                i = stringEnd(bytes, i + 1, to);
                if (i < 0) {
                    return false;
                }
                last = '"';
                continue;
            }
            i++;
            if (b == '{' || b == '[') {
                if (depth == MAX_DEPTH) {
                    return false;
                }
                braces = braces << 1 | (b == '{' ? 1 : 0);
                depth++;
            } else if (b == '}' || b == ']') {
                if (depth == 0 || (braces & 1) != (b == '}' ? 1 : 0)) {
                    return false;
                }
                braces >>>= 1;
                depth--;
                if (depth == 0) {
                    last = b;
                    return true;
                }
            }
            if (!JsonScanner.isSpace(b)) {
                last = b;
            }
        }
        return true;
    }

    private static int stringEnd(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '"') {
                return i + 1;
            }
            if (bytes[i] == '\\') {
                i++;
            }
        }
        return -1;
    }
}
