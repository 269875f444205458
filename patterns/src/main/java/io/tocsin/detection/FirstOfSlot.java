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

    private final Map<String, Instant> earliest = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Whether what is said at this time may be the first of its slot, or of its span of so many ms. */
    boolean mayBeFirst(String what, Instant time, long grainMillis) {
        String key = Math.floorDiv(time.toEpochMilli(), grainMillis) + "|" + what;
        Instant known = earliest.get(key);
        if (known != null && time.isAfter(known)) {
            return false;
        }
        earliest.put(key, time);
        return true;
    }
}
