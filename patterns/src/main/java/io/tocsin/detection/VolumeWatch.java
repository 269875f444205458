package io.tocsin.detection;

import io.tocsin.alert.Alert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Compares an hour's records of a source with those of the same hour of the weeks before, once the cluster is past it. */
final class VolumeWatch {
    private static final int HOURS_OF_WEEK = 7 * 24;
    /** So many weeks are remembered. */
    private static final int WEEKS = 4;

    private final Watched<?> watched;
    private final Watch.Volume watch;
    private final @Nullable Watched<?> silence;
    private final OpenAlerts open;
    private final MapState<String, Rhythm> rhythms;
    /** The records of an hour of the week in the weeks before, oldest first, by source and hour. */
    private final MapState<String, List<Long>> weeks;

    VolumeWatch(
            Watched<?> watched,
            Watch.Volume watch,
            @Nullable Watched<?> silence,
            OpenAlerts open,
            MapState<String, Rhythm> rhythms,
            RuntimeContext context) {
        this.watched = watched;
        this.watch = watch;
        this.silence = silence;
        this.open = open;
        this.rhythms = rhythms;
        this.weeks =
                context.getMapState(new MapStateDescriptor<>("hours-of-week", Types.STRING, Types.LIST(Types.LONG)));
    }

    /**
     * An hour is over: the cluster has a record of a later one.
     *
     * @param hour in hours since 1970
     * @param now the record that shows it
     */
    void over(long hour, long now, ClusterClock cluster, String scope, Collector<Alert> out) throws Exception {
        Map<String, Rhythm> all = new TreeMap<>();
        rhythms.entries().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        for (Map.Entry<String, Rhythm> entry : all.entrySet()) {
            String source = entry.getKey();
            Rhythm rhythm = entry.getValue();
            boolean whole = Math.floorDiv(rhythm.firstMillis, ClusterClock.HOUR) < hour;
            // A silence is told as that, and says nothing of what is usual.
            if (whole && (silence == null || !open.isOpen(silence, source))) {
                judge(source, hour, rhythm.recordsOf(hour), now, cluster, scope, out);
            }
        }
    }

    private void judge(
            String source, long hour, long records, long now, ClusterClock cluster, String scope, Collector<Alert> out)
            throws Exception {
        String key = source + "|" + Math.floorMod(hour, (long) HOURS_OF_WEEK);
        List<Long> before = weeks.get(key);
        List<Long> known = new ArrayList<>(before == null ? List.of() : before);
        if (!known.isEmpty()) {
            long usual = median(known);
            if (records * 100 >= usual * watch.percent()) {
                open.back(watched, source, (hour + 1) * ClusterClock.HOUR);
            } else if (usual >= watch.minRecords()) {
                raise(source, hour, records, usual, known.size(), now, cluster, scope, out);
            }
        }
        known.add(records);
        weeks.put(key, new ArrayList<>(known.subList(Math.max(0, known.size() - WEEKS), known.size())));
    }

    /** Of two in the middle the lower one: better one hour too few than an alert too many. */
    private static long median(List<Long> counts) {
        return counts.stream().sorted().toList().get((counts.size() - 1) / 2);
    }

    private void raise(
            String source,
            long hour,
            long records,
            long usual,
            int weeksKnown,
            long now,
            ClusterClock cluster,
            String scope,
            Collector<Alert> out)
            throws Exception {
        Instant start = Instant.ofEpochMilli(hour * ClusterClock.HOUR);
        Map<String, String> facts = new HashMap<>();
        facts.put("source", source);
        facts.put("hour", start.toString());
        facts.put("records", Long.toString(records));
        facts.put("usual-records", Long.toString(usual));
        facts.put("weeks", Integer.toString(weeksKnown));
        Missing missing =
                new Missing(cluster.cluster(), source, start, Instant.ofEpochMilli(now), false, 1, facts, List.of());
        open.missing(watched, missing, cluster, scope, out);
    }

    void clear() {
        weeks.clear();
    }
}
