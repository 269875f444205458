package io.tocsin.detection;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Of many events that say the same within a slot, lets the earliest leave the task. Which it is shows only in time: an earlier one
 * that arrives later is let through too, and the receiver keeps the earliest. Bounded; forgetting costs a shuffle.
 */
final class FirstOfSlot {
    private static final int REMEMBERED = 16_384;

    private final Map<Said, Instant> earliest = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Said, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** What is said, of whom, in a slot. */
    private record Said(long slot, String key, String what) {}

    /** Whether what is said of whom at this time may be the first of its slot, or of its span of so many ms. */
    boolean mayBeFirst(String key, String what, Instant time, long grainMillis) {
        Said said = new Said(Math.floorDiv(time.toEpochMilli(), grainMillis), key, what);
        Instant known = earliest.get(said);
        if (known != null && time.isAfter(known)) {
            return false;
        }
        earliest.put(said, time);
        return true;
    }

    /** Says of what can't be the first of its span at this time from when until when it can't. */
    void tellQuiet(String key, String what, Instant time, long grainMillis, Quiet quiet) {
        long slot = Math.floorDiv(time.toEpochMilli(), grainMillis);
        Instant known = earliest.get(new Said(slot, key, what));
        if (known != null) {
            quiet.between(known.toEpochMilli(), (slot + 1) * grainMillis);
        }
    }
}
