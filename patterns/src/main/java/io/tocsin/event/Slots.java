package io.tocsin.event;

/**
 * Event time in fixed slots of ten seconds, the same for every input and every operator. Slots start at whole multiples of ten
 * seconds since 1970.
 *
 * <p>Every watermark that leaves a source is {@link #watermark}, so it is the last millisecond of a slot. Whatever is decided at a
 * timer at {@link #endOf} a slot carries a time within that slot, and no later operator has seen a watermark past it: nothing that
 * is emitted from such a timer is late further down.
 */
public final class Slots {
    public static final long SLOT_MILLIS = 10_000;

    private Slots() {}

    /** The last millisecond of the slot that the time stands in. */
    public static long endOf(long millis) {
        long start = startOf(millis);
        return start > Long.MAX_VALUE - SLOT_MILLIS ? Long.MAX_VALUE : start + SLOT_MILLIS - 1;
    }

    /** The first millisecond of the slot that the time stands in. */
    public static long startOf(long millis) {
        long into = Math.floorMod(millis, SLOT_MILLIS);
        return millis < Long.MIN_VALUE + into ? Long.MIN_VALUE : millis - into;
    }

    /**
     * The watermark of a clock: the last millisecond of the last slot that ended before it. Disorder is taken off the clock
     * before. A clock at {@code Long.MIN_VALUE} (not started) or {@code Long.MAX_VALUE} (ended) gives that value.
     */
    public static long watermark(long clockMillis) {
        if (clockMillis == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long start = startOf(clockMillis);
        return start == Long.MIN_VALUE ? Long.MIN_VALUE : start - 1;
    }
}
