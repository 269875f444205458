package io.tocsin.job.decode.container;

import io.tocsin.job.decode.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code {"log":"…\n","stream":"stdout","time":"…"}}, looked at from its end: what Docker writes there is short, and without a
 * quote that stands for itself.
 */
final class DockerLine implements PartLine {
    private static final byte[] START = "{\"log\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TIME = "\"time\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STDOUT = "\",\"stream\":\"stdout\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STDERR = "\",\"stream\":\"stderr\"".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_TIME = 40;
    /** Labels of the container may stand between stream and time. */
    private static final int LONGEST_ATTRIBUTES = 4_096;

    private String timeText = "";
    private boolean error;
    private boolean partial;

    @Override
    public boolean read(byte[] bytes, int from, int to) {
        if (!isAt(bytes, from, to, START) || !isAt(bytes, to - END.length, to, END) || to - from < 2 * START.length) {
            return false;
        }
        int first = from + START.length - 1;
        int time = last(bytes, TIME, Math.max(first, to - LONGEST_TIME - TIME.length), to - END.length);
        if (time < 0) {
            return false;
        }
        int earliest = Math.max(first, time - LONGEST_ATTRIBUTES);
        int close = last(bytes, STDOUT, earliest, time);
        error = close < 0;
        close = error ? last(bytes, STDERR, earliest, time) : close;
        if (close < 0) {
            return false;
        }
        partial = !endsWithNewline(bytes, first, close);
        timeText =
                new String(bytes, time + TIME.length, to - END.length - time - TIME.length, StandardCharsets.US_ASCII);
        return true;
    }

    /** Whether the string that ends here ends with a line's end, and not with a backslash and an n. */
    private static boolean endsWithNewline(byte[] bytes, int first, int close) {
        if (close - 2 <= first || bytes[close - 1] != 'n') {
            return false;
        }
        int backslashes = 0;
        while (close - 2 - backslashes > first && bytes[close - 2 - backslashes] == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static boolean isAt(byte[] bytes, int from, int to, byte[] text) {
        return from >= 0
                && to - from >= text.length
                && Arrays.equals(bytes, from, from + text.length, text, 0, text.length);
    }

    /** The last position from {@code from} on where the text stands, all of it before {@code to}; -1 if nowhere. */
    private static int last(byte[] bytes, byte[] text, int from, int to) {
        for (int i = to - text.length; i >= from; i--) {
            if (bytes[i] == text[0] && isAt(bytes, i, to, text)) {
                return i;
            }
        }
        return -1;
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
        return Rfc3339.parse(timeText);
    }
}
