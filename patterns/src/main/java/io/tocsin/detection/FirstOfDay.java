package io.tocsin.detection;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Of many events that say the same on one day (UTC), lets the earliest leave the task. Which it is shows only in time: an earlier
 * one that arrives later is let through too, and the receiver decides in event order. So the receiver learns exactly on which days
 * a thing was seen, and when first, however many tasks there are.
 *
 * <p>Bounded: two generations; when the younger is full the older is forgotten, which costs a shuffle, never an answer. About 32 MB
 * when full. It compares the strings themselves, so nobody can craft a value that passes for another.
 */
final class FirstOfDay {
    private static final long DAY_SECONDS = 86_400;

    private final int remembered;
    private Map<Said, Instant> young = new HashMap<>();
    private Map<Said, Instant> old = new HashMap<>();

    FirstOfDay(int remembered) {
        this.remembered = remembered;
    }

    /**
     * Something said.
     *
     * @param rule who says it
     * @param what what is said
     * @param of whom it is said
     */
    record Said(String rule, String what, String of) {}

    /** Whether what is said at this time may be the first of its day. */
    boolean mayBeFirst(Said what, Instant time) {
        Instant known = recall(what);
        if (known == null || day(time) > day(known) || (day(time) == day(known) && !time.isAfter(known))) {
            young.put(what, time);
            return true;
        }
        return day(time) < day(known);
    }

    /** Says of what can't be the first of its day from when until when it can't. */
    void tellQuiet(Said what, Quiet quiet) {
        Instant known = young.get(what);
        if (known != null) {
            quiet.between(known.toEpochMilli(), (day(known) + 1) * DAY_SECONDS * 1_000);
        }
    }

    private @Nullable Instant recall(Said what) {
        Instant known = young.get(what);
        if (known != null) {
            return known;
        }
        known = old.remove(what);
        if (young.size() >= remembered) {
            old = young;
            young = new HashMap<>();
        }
        if (known != null) {
            young.put(what, known);
        }
        return known;
    }

    private static long day(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), DAY_SECONDS);
    }
}
