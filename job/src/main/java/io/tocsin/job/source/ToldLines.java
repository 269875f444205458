package io.tocsin.job.source;

import static io.tocsin.job.source.RecordClock.NO_TIME;

import java.util.Arrays;

/**
 * The lines of a block whose times were told but not yet made sure of, and could move the clock: of those, only the ones with the
 * highest times must be decoded, until one of them holds.
 */
final class ToldLines {
    private static final int FIRST_SIZE = 64;

    private int[] starts = new int[0];
    private int[] lengths = new int[0];
    private long[] times = new long[0];
    /** For each line, the highest time up to it. */
    private long[] highest = new long[0];

    private int count;

    /** Adds a line; where it starts is counted as the caller likes. */
    void add(int start, int length, long time) {
        if (count == times.length) {
            int size = Math.max(FIRST_SIZE, 2 * count);
            starts = Arrays.copyOf(starts, size);
            lengths = Arrays.copyOf(lengths, size);
            times = Arrays.copyOf(times, size);
            highest = Arrays.copyOf(highest, size);
        }
        starts[count] = start;
        lengths[count] = length;
        times[count] = time;
        highest[count] = count == 0 ? time : Math.max(time, highest[count - 1]);
        count++;
    }

    /** The highest time, {@link RecordClock#NO_TIME} if there is none. */
    long highest() {
        return count == 0 ? NO_TIME : highest[count - 1];
    }

    /** Takes the line of the highest time away. */
    Line takeHighest() {
        int at = count - 1;
        // Nearly always the last or one near it: logs are nearly in order.
        while (times[at] < highest[count - 1]) {
            at--;
        }
        Line line = new Line(starts[at], lengths[at]);
        remove(at);
        return line;
    }

    private void remove(int at) {
        int behind = count - at - 1;
        System.arraycopy(starts, at + 1, starts, at, behind);
        System.arraycopy(lengths, at + 1, lengths, at, behind);
        System.arraycopy(times, at + 1, times, at, behind);
        count--;
        for (int i = at; i < count; i++) {
            highest[i] = i == 0 ? times[i] : Math.max(times[i], highest[i - 1]);
        }
    }

    void clear() {
        count = 0;
    }

    /** A line by its place. */
    record Line(int start, int length) {}
}
