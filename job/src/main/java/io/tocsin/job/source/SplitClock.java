package io.tocsin.job.source;

import static io.tocsin.job.source.RecordClock.NO_TIME;

/**
 * The clock of one split that is read live: the highest time seen, and once the split has been silent for longer than
 * {@code idleAfter}, as much later as the silence has lasted beyond that. So in a lull the clock goes on, and a split that has
 * delivered never stops holding the clock of its input.
 */
final class SplitClock {
    private final long idleAfterNanos;
    private long highest = NO_TIME;
    private boolean active;
    private long silentSinceNanos;

    SplitClock(long idleAfterNanos) {
        this.idleAfterNanos = idleAfterNanos;
    }

    /** A record with a time came. */
    void see(long millis) {
        highest = Math.max(highest, millis);
        active = true;
    }

    /** Whether the split has delivered a record with a time. */
    boolean delivered() {
        return highest != NO_TIME;
    }

    /**
     * The clock in ms since 1970, or {@link RecordClock#NO_TIME} if nothing was delivered. Silence is measured from the first
     * reading after the last record.
     *
     * @param nanos a clock that stands still while the split can't deliver
     */
    long read(long nanos) {
        if (!delivered()) {
            return NO_TIME;
        }
        if (active) {
            active = false;
            silentSinceNanos = nanos;
        }
        return highest + Math.max(0, nanos - silentSinceNanos - idleAfterNanos) / 1_000_000;
    }
}
