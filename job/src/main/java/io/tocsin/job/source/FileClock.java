package io.tocsin.job.source;

import static io.tocsin.job.source.RecordClock.NO_TIME;

/**
 * The clock of one file while it is replayed: the highest time seen, but for jumps, since a forged or broken time must not make
 * every later record late.
 *
 * <p>A time is <i>beyond</i> if it is more than ten minutes above the clock, or if the clock has not started. A time beyond does
 * not move the clock. When ten further times in a row after it are all beyond as well, the clock moves to the lowest of these
 * eleven. Any time that is not beyond breaks the row. Lines without a time neither move the clock nor break the row.
 */
final class FileClock {
    static final long JUMP_MILLIS = 10 * 60_000;
    static final int FURTHER_RECORDS = 10;

    private long millis;
    private int beyond;
    private long lowestBeyond;

    FileClock(long millis, int beyond, long lowestBeyond) {
        this.millis = millis;
        this.beyond = beyond;
        this.lowestBeyond = lowestBeyond;
    }

    /** A clock that has not started. */
    FileClock() {
        this(NO_TIME, 0, NO_TIME);
    }

    /** Whether the time moved the clock. */
    boolean see(long time) {
        if (time == NO_TIME) {
            return false;
        }
        if (millis != NO_TIME && time <= millis + JUMP_MILLIS) {
            beyond = 0;
            if (time <= millis) {
                return false;
            }
            millis = time;
            return true;
        }
        lowestBeyond = beyond == 0 ? time : Math.min(lowestBeyond, time);
        if (++beyond <= FURTHER_RECORDS) {
            return false;
        }
        millis = lowestBeyond;
        beyond = 0;
        return true;
    }

    /** Whether a time is at most where the next may be, and no row of times beyond is open. */
    boolean expects(long time) {
        return millis != NO_TIME && beyond == 0 && time <= millis + JUMP_MILLIS;
    }

    /** Starts a clock that has seen too few times to start by itself, at the lowest of them, if there is one. */
    void start() {
        if (millis == NO_TIME && beyond > 0) {
            millis = lowestBeyond;
            beyond = 0;
        }
    }

    /** In ms since 1970; {@link RecordClock#NO_TIME} if not started. */
    long millis() {
        return millis;
    }

    boolean started() {
        return millis != NO_TIME;
    }

    /** How many times beyond the clock came in a row. */
    int beyond() {
        return beyond;
    }

    /** The lowest of them. */
    long lowestBeyond() {
        return lowestBeyond;
    }
}
