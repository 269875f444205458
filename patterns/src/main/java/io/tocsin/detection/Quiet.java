package io.tocsin.detection;

import java.time.Instant;
import java.util.Arrays;

/**
 * When there is nothing to say of an event that comes again. Whoever keeps silent about an event says here why; silence without a
 * reason is taken for chance, and whoever spoke may speak again. Times are rounded so that it holds no longer than it may.
 */
final class Quiet {
    private static final Remembered[] NOTHING = {};

    private boolean silent;
    private boolean spoke;
    private long after;
    private long before;
    private Remembered[] on = NOTHING;
    private int[] changes = {};
    private int size;

    /** Begins to listen. */
    void start() {
        silent = false;
        spoke = false;
        after = Long.MIN_VALUE;
        before = Long.MAX_VALUE;
        size = 0;
    }

    /** Something was said, or may be said the next time. */
    void spoke() {
        spoke = true;
    }

    /** Nothing is said of such an event, whenever it comes; of several reasons for silence all must hold. */
    void always() {
        silent = true;
    }

    /** Nothing is said of what comes after the one and before the other, neither at these very times. */
    void between(Instant from, Instant to) {
        between(from.toEpochMilli(), to.toEpochMilli());
    }

    /** The same in ms since 1970. */
    void between(long from, long to) {
        silent = true;
        after = Math.max(after, from);
        before = Math.min(before, to);
    }

    /** And nothing of what comes before this time is meant. */
    void notBefore(Instant time) {
        after = Math.max(after, time.toEpochMilli() - 1);
    }

    /** And only as long as this does not change. */
    void unless(Remembered changing) {
        unless(changing, changing.changes());
    }

    private void unless(Remembered changing, int changed) {
        for (int i = 0; i < size; i++) {
            if (on[i] == changing && changes[i] == changed) {
                return;
            }
        }
        if (size == on.length) {
            on = Arrays.copyOf(on, size + 2);
            changes = Arrays.copyOf(changes, size + 2);
        }
        on[size] = changing;
        changes[size++] = changed;
    }

    /** And only when this other one holds as well, as it is now: of many, one is quicker to look at. */
    void and(Quiet other) {
        silent = true;
        spoke |= other.spoke || !other.silent;
        after = Math.max(after, other.after);
        before = Math.min(before, other.before);
        for (int i = 0; i < other.size; i++) {
            unless(other.on[i], other.changes[i]);
        }
    }

    /** Whether there is nothing to say at this time, in ms since 1970. */
    boolean holds(long millis) {
        if (!silent || spoke || millis <= after || millis >= before) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (on[i].changes() != changes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether there never is anything to say. */
    boolean forEver() {
        return silent && !spoke && size == 0 && after == Long.MIN_VALUE && before == Long.MAX_VALUE;
    }

    /** The same, as it is now. */
    Quiet copy() {
        Quiet copy = new Quiet();
        copy.silent = silent;
        copy.spoke = spoke;
        copy.after = after;
        copy.before = before;
        copy.on = size == 0 ? NOTHING : Arrays.copyOf(on, size);
        copy.changes = Arrays.copyOf(changes, size);
        copy.size = size;
        return copy;
    }
}
