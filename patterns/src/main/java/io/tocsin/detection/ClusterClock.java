package io.tocsin.detection;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * State: how far a cluster's sources have come together. It is moved by their records alone, never by the watermark.
 *
 * @param cluster the cluster's name
 * @param account cloud account, where known
 * @param firstMillis event time of its first record
 * @param newestMillis event time of its newest record; {@link #NONE} before the first was decided
 * @param records how many there were
 * @param known whether any source has had enough records to have a rhythm
 * @param hour the hour in which it was last decided, in hours since 1970
 * @param reportedDay the last day on which it was told what its detections can't see, in days since 1970
 * @param waiting slots that wait for the watermark
 */
public record ClusterClock(
        String cluster,
        @Nullable String account,
        long firstMillis,
        long newestMillis,
        long records,
        boolean known,
        long hour,
        long reportedDay,
        int waiting) {
    static final long NONE = Long.MIN_VALUE;
    static final long HOUR = Duration.ofHours(1).toMillis();

    static ClusterClock of(Pulse first) {
        return new ClusterClock(first.cluster(), first.account(), Long.MAX_VALUE, NONE, 0, false, NONE, NONE, 0);
    }

    ClusterClock waiting(int more) {
        return new ClusterClock(
                cluster, account, firstMillis, newestMillis, records, known, hour, reportedDay, waiting + more);
    }

    /** With what a slot, or a late sum, tells. */
    ClusterClock moved(long first, long newest, long more, boolean hasRhythm) {
        return new ClusterClock(
                cluster,
                account,
                Math.min(firstMillis, first),
                Math.max(newestMillis, newest),
                records + more,
                known || hasRhythm,
                hour,
                reportedDay,
                waiting);
    }

    /** In this hour; its records before it have been judged. */
    ClusterClock inHour(long now) {
        return new ClusterClock(cluster, account, firstMillis, newestMillis, records, known, now, reportedDay, waiting);
    }

    ClusterClock reported(long day) {
        return new ClusterClock(cluster, account, firstMillis, newestMillis, records, known, hour, day, waiting);
    }

    Instant newest() {
        return Instant.ofEpochMilli(newestMillis);
    }
}
