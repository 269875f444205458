package io.tocsin.job.source;

/**
 * The documents in a message's value. Shippers batch: a value may hold several lines, each a document of its own. A line break
 * inside one pretty-printed JSON value ends no document: what follows it is indented or closes a bracket, or what is before it
 * opens one or awaits more. Compressed values are one document, since their bytes are no text.
 */
final class MessageDocuments {
    private final byte[] value;
    private int next;
    private int start;
    private int end;

    MessageDocuments(byte[] value) {
        this.value = value;
    }

    /** Goes to the next document; false behind the last. */
    boolean next() {
        while (next < value.length && isSpace(value[next])) {
            next++;
        }
        if (next >= value.length) {
            return false;
        }
        start = next;
        if (isGzip(start)) {
            end = value.length;
            next = end;
            return true;
        }
        int first = start + (isByteOrderMark(start) ? 3 : 0);
        boolean json = first < value.length && (value[first] == '{' || value[first] == '[');
        int last = start;
        int i = start;
        for (; i < value.length; i++) {
            byte b = value[i];
            if (b == '\n' && (!json || !goesOn(value[last], i + 1))) {
                break;
            }
            if (!isSpace(b)) {
                last = i;
            }
        }
        end = last + 1;
        next = i;
        return true;
    }

    int start() {
        return start;
    }

    /** Its length without the white space behind it. */
    int length() {
        return end - start;
    }

    private boolean goesOn(byte before, int after) {
        if (before == '{' || before == '[' || before == ',' || before == ':') {
            return true;
        }
        if (after >= value.length) {
            return false;
        }
        byte b = value[after];
        return b == ' ' || b == '\t' || b == '}' || b == ']' || b == ',';
    }

    private boolean isGzip(int at) {
        return at + 1 < value.length && value[at] == (byte) 0x1F && value[at + 1] == (byte) 0x8B;
    }

    private boolean isByteOrderMark(int at) {
        return at + 2 < value.length
                && value[at] == (byte) 0xEF
                && value[at + 1] == (byte) 0xBB
                && value[at + 2] == (byte) 0xBF;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}
