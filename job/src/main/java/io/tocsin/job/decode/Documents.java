package io.tocsin.job.decode;

/**
 * The documents in some bytes: lines, or several lines that are one by their {@link Framing}. Lines end with {@code \n} or {@code
 * \r\n}; blank ones between documents are none. Belongs to one thread.
 */
public final class Documents {
    private final Framing framing;
    private byte[] bytes = new byte[0];
    private int to;
    private int next;
    private int start;
    private int end;

    public Documents(Framing framing) {
        this.framing = framing;
    }

    /** Starts with the bytes from {@code from} to {@code limit}. */
    public void over(byte[] all, int from, int limit) {
        bytes = all;
        next = from;
        to = limit;
    }

    /** Goes to the next document; false behind the last. */
    public boolean next() {
        while (next < to) {
            start = next;
            end = lineEnd(start);
            next = end + 1;
            if (isBlank(bytes, start, end)) {
                continue;
            }
            if (framing.opens(bytes, start, withoutReturn(bytes, start, end))) {
                join();
            }
            return true;
        }
        return false;
    }

    private void join() {
        while (next < to) {
            int close = lineEnd(next);
            Framing.Next line = framing.next(bytes, next, withoutReturn(bytes, next, close));
            if (line == Framing.Next.BEYOND) {
                return;
            }
            end = close;
            next = end + 1;
            if (line == Framing.Next.LAST) {
                return;
            }
        }
    }

    public int start() {
        return start;
    }

    /** Its length without the line's end. */
    public int length() {
        return withoutReturn(bytes, start, end) - start;
    }

    /** Whether it ends with the bytes, so that more of it may follow. */
    public boolean last() {
        return end >= to;
    }

    private int lineEnd(int from) {
        return StringEnds.newline(bytes, from, to);
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** The line's end without the carriage return that may stand there. */
    public static int withoutReturn(byte[] bytes, int from, int to) {
        return to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    }
}
