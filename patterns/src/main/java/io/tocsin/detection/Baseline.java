package io.tocsin.detection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * State: what is usual for an entity. The largest count of each of its days, and the median of the closed ones.
 *
 * @param day the open day, in days since 1970
 * @param largest the largest count of the open day so far
 * @param closed the largest counts of the closed days on which anything was counted, oldest first
 */
public record Baseline(long day, long largest, List<Long> closed) {
    /** How many closed days are looked back on. */
    static final int DAYS = 14;

    private static final long DAY = Duration.ofDays(1).toMillis();

    public Baseline {
        closed = closed == null ? List.of() : closed;
    }

    static Baseline none(long millis) {
        return new Baseline(Math.floorDiv(millis, DAY), 0, List.of());
    }

    /** The baseline at a time: days that have ended are closed. */
    Baseline at(long millis) {
        long now = Math.floorDiv(millis, DAY);
        if (now <= day) {
            return this;
        }
        List<Long> days = new ArrayList<>(closed);
        if (largest > 0) {
            days.add(largest);
        }
        return new Baseline(now, 0, days.size() > DAYS ? days.subList(days.size() - DAYS, days.size()) : days);
    }

    /** The baseline with a count of the open day. */
    Baseline counted(long count) {
        return count <= largest ? this : new Baseline(day, count, closed);
    }

    /** The median of the closed days; 0 without history, so that the threshold decides. */
    double usual() {
        if (closed.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(closed);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
    }
}
