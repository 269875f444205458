package io.tocsin.job.decode.host;

import io.tocsin.job.decode.Framing;
import java.nio.charset.StandardCharsets;

/**
 * Keeps the lines of one entry in the journal's export format together: from {@code __CURSOR=} to a blank line. A value of bytes
 * is preceded by its length, and both may hold line breaks.
 */
final class JournalExportFraming implements Framing {
    /** Longer values are no values: something else follows a first line that looks like an entry's. */
    private static final long LONGEST = 64 << 20;

    private static final int LENGTH_BYTES = 8;
    private static final byte[] FIRST = "__CURSOR=".getBytes(StandardCharsets.US_ASCII);

    private int lengthBytes;
    private long length;
    private long left;

    @Override
    public boolean opens(byte[] bytes, int from, int to) {
        lengthBytes = LENGTH_BYTES;
        length = 0;
        left = 0;
        return startsWith(bytes, from, to, FIRST);
    }

    @Override
    public Next next(byte[] bytes, int from, int to) {
        if (lengthBytes == LENGTH_BYTES && left == 0) {
            return field(bytes, from, to);
        }
        // The line as it is in the file: with the carriage return that is no part of lines elsewhere, and with its end.
        int end = to < bytes.length && bytes[to] == '\r' ? to + 1 : to;
        int at = from;
        while (at <= end && lengthBytes < LENGTH_BYTES) {
            long b = at == end ? '\n' : bytes[at] & 0xff;
            length |= b << (8 * lengthBytes);
            lengthBytes++;
            at++;
            if (lengthBytes == LENGTH_BYTES) {
                if (length < 0 || length > LONGEST) {
                    return Next.LAST;
                }
                // And the line's end behind it.
                left = length + 1;
            }
        }
        left -= Math.min(left, Math.max(0, end + 1 - at));
        return Next.MORE;
    }

    private Next field(byte[] bytes, int from, int to) {
        if (from == to) {
            return Next.LAST;
        }
        if (startsWith(bytes, from, to, FIRST)) {
            return Next.BEYOND;
        }
        int name = nameEnd(bytes, from, to);
        if (name == from || (name < to && bytes[name] != '=')) {
            return Next.BEYOND;
        }
        if (name == to) {
            lengthBytes = 0;
            length = 0;
        }
        return Next.MORE;
    }

    /** Where the name of a field ends that may start here. */
    static int nameEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to
                && (bytes[at] == '_'
                        || (bytes[at] >= 'A' && bytes[at] <= 'Z')
                        || (bytes[at] >= '0' && bytes[at] <= '9'))) {
            at++;
        }
        return at;
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
