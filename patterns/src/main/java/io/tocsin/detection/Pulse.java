package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A partial sum: what one task has seen of one counter of one cluster in one slot. Silence, volume, gaps and blindness are decided
 * from these alone. Sums of one counter and slot add up, whatever tasks they come from and however often they were flushed.
 *
 * @param scope the cluster as state knows it
 * @param cluster the cluster's name
 * @param account cloud account, where known
 * @param source id of the log
 * @param counter what is counted
 * @param of which of them: a verb, a need's name, a change's event id; empty for records
 * @param about the slot's end at which the request was received, for {@link Counter#REQUESTED} and {@link Counter#ANSWERED}; else 0
 * @param slotEnd the end of the slot in which it happened, in ms since 1970
 * @param count how many
 * @param firstMillis event time of the first
 * @param lastMillis event time of the last
 * @param change the record of a change of logging; null for other counters
 * @param moments of records, the first few different event times: a record delivered twice is at one
 */
public record Pulse(
        String scope,
        String cluster,
        @Nullable String account,
        String source,
        Counter counter,
        String of,
        long about,
        long slotEnd,
        long count,
        long firstMillis,
        long lastMillis,
        @Nullable Evidence change,
        List<Long> moments) {
    /** So many moments of a slot are told apart. */
    static final int MOMENTS = 10;

    public Pulse {
        moments = moments == null ? List.of() : moments;
    }

    /** What is counted. The order is that in which sums of one slot are taken in. */
    public enum Counter {
        /** Records of a source that show that it speaks. */
        RECORDS,
        /** Writes that an API server has received, by verb. */
        REQUESTED,
        /** Writes whose final stage was logged, by verb. */
        ANSWERED,
        /** Records that carry what a detection needs, by need; once a day from each task. */
        NEED,
        /** A change of logging. */
        CHANGE
    }

    /** The order of changes: of a flood of them in one slot the first few are kept, whatever the order they come in. */
    static final Comparator<Pulse> CHANGES =
            Comparator.comparingLong(Pulse::firstMillis).thenComparing(Pulse::of);

    /** What sums must agree in to add up, within a cluster and a slot. */
    String id() {
        return counter.name() + "|" + source + "|" + about + "|" + of;
    }

    /** The same, no later than at this time. */
    Pulse until(long millis) {
        return new Pulse(
                scope,
                cluster,
                account,
                source,
                counter,
                of,
                about,
                slotEnd,
                count,
                Math.min(firstMillis, millis),
                Math.min(lastMillis, millis),
                change,
                moments);
    }

    /** Both together. */
    Pulse plus(Pulse other) {
        return new Pulse(
                scope,
                cluster,
                account,
                source,
                counter,
                of,
                about,
                slotEnd,
                counter == Counter.CHANGE ? 1 : count + other.count,
                Math.min(firstMillis, other.firstMillis),
                Math.max(lastMillis, other.lastMillis),
                change,
                moments.isEmpty() ? other.moments : earliest(other.moments));
    }

    private List<Long> earliest(List<Long> others) {
        TreeSet<Long> both = new TreeSet<>(moments);
        both.addAll(others);
        return both.stream().limit(MOMENTS).toList();
    }
}
