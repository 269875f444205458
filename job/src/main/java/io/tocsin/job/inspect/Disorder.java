package io.tocsin.job.inspect;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far records are behind: counts by milliseconds, exact while there are no more than {@link #DISTINCT} different ones. With more,
 * all are rounded up to twice as many milliseconds, and so on. So the figures never depend on the order of the records.
 */
final class Disorder {
    static final int DISTINCT = 4096;

    private TreeMap<Long, Long> counts = new TreeMap<>();
    private long unit = 1;
    private long total;
    private long highest;

    void add(long millisBehind) {
        counts.merge(up(millisBehind), 1L, Long::sum);
        total++;
        highest = Math.max(highest, millisBehind);
        while (counts.size() > DISTINCT) {
            unit *= 2;
            TreeMap<Long, Long> coarser = new TreeMap<>();
            counts.forEach((millis, count) -> coarser.merge(up(millis), count, Long::sum));
            counts = coarser;
        }
    }

    /** Adds what another has counted. */
    void add(Disorder other) {
        while (unit < other.unit) {
            unit *= 2;
        }
        TreeMap<Long, Long> both = new TreeMap<>();
        counts.forEach((millis, count) -> both.merge(up(millis), count, Long::sum));
        other.counts.forEach((millis, count) -> both.merge(up(millis), count, Long::sum));
        counts = both;
        total += other.total;
        highest = Math.max(highest, other.highest);
    }

    /** How many records there are. */
    long total() {
        return total;
    }

    /** How far at most so many percent of the records are behind, in milliseconds; 0 if there are none. */
    long percentile(int percent) {
        long rank = Math.max(1, (total * percent + 99) / 100);
        long seen = 0;
        for (Map.Entry<Long, Long> count : counts.entrySet()) {
            seen += count.getValue();
            if (seen >= rank) {
                return Math.min(count.getKey(), highest);
            }
        }
        return 0;
    }

    /** How far the record is behind that is furthest. */
    long highest() {
        return highest;
    }

    private long up(long millis) {
        return (millis + unit - 1) / unit * unit;
    }
}
