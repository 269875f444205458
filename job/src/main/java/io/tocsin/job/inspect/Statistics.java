package io.tocsin.job.inspect;

import io.tocsin.detection.Need;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.redaction.Redaction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What logs hold, in figures: by format and cluster, dead letters by reason, and what each cluster's logs carry. What they take in
 * memory is bounded: the records choose clusters and reasons, so of these only so many are told apart.
 */
public final class Statistics {
    /** What records are called whose format is not told. */
    static final String UNKNOWN = "unknown";
    /** What stands for a cluster that is not told. */
    static final String NONE = "-";
    /** What stands for those that are too many. */
    static final String OTHERS = "(others)";

    static final int SHOWN = 5;
    private static final int ROWS = 1_000;
    private static final int REASONS = 100;

    private final Map<Row, Tally> rows = new TreeMap<>();
    private final Map<String, Long> skipped = new TreeMap<>();
    private final Map<String, Letters> deadLetters = new TreeMap<>();
    private final Map<String, Set<Need>> carried = new TreeMap<>();
    private long highest = Long.MIN_VALUE;

    /** A row's name. */
    record Row(String format, String cluster) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int byFormat = format.compareTo(other.format);
            return byFormat != 0 ? byFormat : cluster.compareTo(other.cluster);
        }
    }

    /** Dead letters of one kind: how many, and the first few. */
    static final class Letters {
        private final List<String> first = new ArrayList<>();
        private long count;

        long count() {
            return count;
        }

        List<String> first() {
            return first;
        }
    }

    /** A file starts: from here on a record is behind only those of this file. */
    public void startFile() {
        highest = Long.MIN_VALUE;
    }

    /** Counts an event. */
    public void event(SecurityEvent event) {
        tally(event.source().id(), event.cluster()).add(event, behind(event));
        Set<Need> has = carriedBy(event.cluster());
        if (has == null) {
            return;
        }
        for (Need need : Need.values()) {
            if (!has.contains(need) && need.seenIn(event)) {
                has.add(need);
            }
        }
    }

    /** What a cluster's logs have carried; null if there are too many clusters. */
    private @Nullable Set<Need> carriedBy(String cluster) {
        Set<Need> has = carried.get(cluster);
        if (has == null && carried.size() < ROWS) {
            has = EnumSet.noneOf(Need.class);
            carried.put(cluster, has);
        }
        return has;
    }

    /** The end of a long request was received long before, and the time of a cut record is perhaps not its own. */
    private long behind(SecurityEvent event) {
        if (event.longOver() || event.truncated()) {
            return -1;
        }
        long time = event.time().toEpochMilli();
        long behind = highest == Long.MIN_VALUE ? 0 : Math.max(0, highest - time);
        highest = Math.max(highest, time);
        return behind;
    }

    /**
     * Counts a record that is no event.
     *
     * @param format what the user says its input is; null if nothing
     * @param cluster what the user says it is of; null if nothing
     */
    public void other(
            Decoded record, @Nullable String format, @Nullable String cluster, String location, long position) {
        Tally tally = tally(format == null ? UNKNOWN : format, cluster == null ? NONE : cluster);
        ReceivedRequest request = record.request();
        Set<Need> has = request == null ? null : carriedBy(request.cluster());
        if (has != null) {
            has.add(Need.RECEIVED_REQUESTS);
        }
        DeadLetter letter = record.deadLetter();
        if (letter != null) {
            tally.addDeadLetter();
            String reason = Redaction.of(letter.reason());
            Letters letters = letters(kind(reason));
            letters.count++;
            if (letters.first.size() < SHOWN) {
                letters.first.add("%s at %d: %s".formatted(location, position, reason));
            }
        } else {
            skipped(String.valueOf(record.skipped()), tally);
        }
    }

    /** Counts an event that is left out. */
    public void leftOut(SecurityEvent event, String reason) {
        skipped(reason, tally(event.source().id(), event.cluster()));
    }

    private void skipped(String reason, Tally tally) {
        tally.addSkipped();
        boolean room = skipped.size() < REASONS || skipped.containsKey(reason);
        skipped.merge(room ? reason : OTHERS, 1L, Long::sum);
    }

    /** What a reason says before it quotes. */
    private static String kind(String reason) {
        int colon = reason.indexOf(": ");
        return colon < 0 ? reason : reason.substring(0, colon);
    }

    private Letters letters(String kind) {
        boolean room = deadLetters.size() < REASONS || deadLetters.containsKey(kind);
        return deadLetters.computeIfAbsent(room ? kind : OTHERS, any -> new Letters());
    }

    private Tally tally(String format, String cluster) {
        Row row = new Row(format, cluster);
        Tally tally = rows.get(row);
        if (tally == null) {
            row = rows.size() < ROWS ? row : new Row(format, OTHERS);
            tally = rows.computeIfAbsent(row, any -> new Tally());
        }
        return tally;
    }

    Map<Row, Tally> rows() {
        return rows;
    }

    /** All rows in one. */
    Tally total() {
        Tally total = new Tally();
        rows.values().forEach(total::add);
        return total;
    }

    Map<String, Long> skipped() {
        return skipped;
    }

    Map<String, Letters> deadLetters() {
        return deadLetters;
    }

    Map<String, Set<Need>> carried() {
        return carried;
    }
}
