package io.tocsin.job.decode.container;

import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code 2026-01-24T01:34:36.743000000+00:00 stdout F message}, as containerd and CRI-O write it. */
final class CriLine implements PartLine {
    private static final int SHORTEST_TIME = 20;
    private static final int LONGEST_TIME = 40;
    private static final byte[] STDOUT = " stdout ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STDERR = " stderr ".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[0];
    private int from;
    private int timeEnd;
    private boolean error;
    private boolean partial;
    private int message;

    @Override
    public boolean read(byte[] all, int start, int to) {
        bytes = all;
        from = start;
        int space = timeEnd(bytes, from, to);
        int tags = space + STDOUT.length;
        if (space < 0 || tags >= to || (bytes[tags] != 'F' && bytes[tags] != 'P')) {
            return false;
        }
        error = isAt(bytes, space, STDERR);
        if (!error && !isAt(bytes, space, STDOUT)) {
            return false;
        }
        int at = tags + 1;
        if (at < to && bytes[at] != ' ' && bytes[at] != ':') {
            return false;
        }
        while (at < to && bytes[at] != ' ') {
            at++;
        }
        partial = bytes[tags] == 'P';
        message = Math.min(at + 1, to);
        timeEnd = space;
        return true;
    }

    /** The position of the space behind what looks like a time, -1 if nothing does. */
    private static int timeEnd(byte[] bytes, int from, int to) {
        if (to - from < SHORTEST_TIME + STDOUT.length
                || bytes[from] < '0'
                || bytes[from] > '9'
                || bytes[from + 4] != '-'
                || bytes[from + 10] != 'T') {
            return -1;
        }
        int limit = Math.min(to - STDOUT.length, from + LONGEST_TIME);
        for (int i = from + SHORTEST_TIME; i < limit; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] bytes, int from, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean partial() {
        return partial;
    }

    @Override
    public boolean error() {
        return error;
    }

    @Override
    public @Nullable Instant time() {
        return Rfc3339.parse(timeText());
    }

    /** The time as it is written. */
    String timeText() {
        return new String(bytes, from, timeEnd - from, StandardCharsets.US_ASCII);
    }

    /** The time in ms since 1970; {@link DocumentDecoder#UNTOLD} if it is none. */
    long millis() {
        return Rfc3339.millis(bytes, from, timeEnd);
    }

    /** Where the message starts; the line's end if it is empty. */
    int message() {
        return message;
    }
}
