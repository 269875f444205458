package io.tocsin.job.decode;

/** Walks over the elements of one array by brackets and strings alone, so that a bad element costs no more than itself. */
public final class JsonElements {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int start;
    private boolean cut;

    /**
     * @param start where the array's opening bracket is
     * @param end where the array or the input ends
     */
    public JsonElements(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.end = end;
        this.at = start + 1;
    }

    /** Goes to the next element; false at the array's end. */
    public boolean next() {
        if (cut) {
            return false;
        }
        at = JsonScanner.skipSpace(bytes, at, end);
        if (at < end && bytes[at] == ',') {
            at = JsonScanner.skipSpace(bytes, at + 1, end);
        }
        if (at >= end || bytes[at] == ']') {
            return false;
        }
        start = at;
        int close = JsonScanner.valueEnd(bytes, start, end);
        cut = close == JsonScanner.CUT;
        // A stray comma, colon or brace is an element of its own, so that the walk always goes on.
        at = cut ? end : Math.max(close, start + 1);
        return true;
    }

    public int start() {
        return start;
    }

    public int end() {
        return at;
    }

    /** Whether the input ends inside the element. */
    public boolean cut() {
        return cut;
    }
}
