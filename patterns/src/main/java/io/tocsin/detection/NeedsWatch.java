package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.event.Digest;
import io.tocsin.signal.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.jspecify.annotations.Nullable;

/** Tells once a day which enabled detections can't see what they need in a cluster, once enough of it has been seen. */
final class NeedsWatch {
    private static final long DAY = Duration.ofDays(1).toMillis();
    /** So many clusters of a task have a gauge of their own. */
    private static final int GAUGES = 1_000;

    private final Watched<?> watched;
    private final Watch.Needs watch;
    private final List<DetectionInfo> enabled = new ArrayList<>();
    private final RuntimeContext context;
    private final Map<String, Integer> blind = new ConcurrentHashMap<>();
    /** When a record last showed it, by the need's name. */
    private final MapState<String, Long> carried;

    private final ValueState<Report> last;

    /**
     * State: what was last reported.
     *
     * @param set the digest of what was missing
     * @param times on how many days in a row
     */
    public record Report(String set, long times) {}

    NeedsWatch(Watched<?> watched, Watch.Needs watch, List<Configured<?>> configured, RuntimeContext context) {
        this.watched = watched;
        this.watch = watch;
        this.context = context;
        for (Configured<?> one : configured) {
            if (one.enabled()) {
                enabled.add(one.info());
            }
        }
        this.carried = context.getMapState(new MapStateDescriptor<>("needs-carried", Types.STRING, Types.LONG));
        this.last = context.getState(new ValueStateDescriptor<>("last-report", TypeInformation.of(Report.class)));
    }

    /** A record has shown that the stream carries this. */
    void carries(String need, long millis) throws Exception {
        Long before = carried.get(need);
        if (before == null || before < millis) {
            carried.put(need, millis);
        }
    }

    /** Today's report, if one is due and anything is missing. */
    @Nullable
    Alert report(ClusterClock cluster, String scope) throws Exception {
        Map<String, Set<Need>> missing = missing(cluster);
        gauge(scope, missing.size());
        if (missing.isEmpty()) {
            last.clear();
            return null;
        }
        Map<String, String> facts = new HashMap<>();
        Digest set = new Digest();
        missing.forEach((detection, needs) -> {
            List<String> words = new ArrayList<>();
            needs.forEach(need -> {
                words.add(need.description());
                set.add(detection).add(need.name());
            });
            facts.put("blind." + detection, String.join("; ", words));
        });
        String digest = set.hex();
        Report before = last.value();
        Report now = new Report(digest, before == null || !before.set().equals(digest) ? 1 : before.times() + 1);
        last.update(now);
        Set<Need> all = EnumSet.noneOf(Need.class);
        missing.values().forEach(all::addAll);
        facts.put("needs", String.join("; ", all.stream().map(Need::description).toList()));
        facts.put("blind", Integer.toString(missing.size()));
        facts.put("enabled", Integer.toString(enabled.size()));
        Missing told = new Missing(
                cluster.cluster(),
                String.join(", ", missing.keySet()),
                Instant.ofEpochMilli(cluster.firstMillis()),
                cluster.newest(),
                false,
                now.times(),
                facts,
                List.of());
        // What is missing is the story: the same again is a repeat, another set is news.
        return watched.alert(
                told, cluster, scope, Long.toString(day(cluster)), List.of(Keys.of(scope, watched.id(), digest)));
    }

    /** Whether enough was seen, and today's report has not been made. */
    boolean isDue(ClusterClock cluster) {
        return day(cluster) > cluster.reportedDay()
                && cluster.records() >= watch.minRecords()
                && cluster.newestMillis() - cluster.firstMillis()
                        >= watch.warmUp().toMillis();
    }

    /** The day a report made now is that of. */
    static long day(ClusterClock cluster) {
        return Math.floorDiv(cluster.newestMillis(), DAY);
    }

    private Map<String, Set<Need>> missing(ClusterClock cluster) throws Exception {
        Set<Need> has = EnumSet.noneOf(Need.class);
        long oldest = cluster.newestMillis() - watch.lookBack().toMillis();
        for (Need need : Need.values()) {
            Long seen = carried.get(need.name());
            if (seen != null && seen >= oldest) {
                has.add(need);
            }
        }
        Map<String, Set<Need>> missing = new TreeMap<>();
        for (DetectionInfo info : enabled) {
            Set<Need> lacks = EnumSet.noneOf(Need.class);
            lacks.addAll(info.needs());
            lacks.removeAll(has);
            if (!lacks.isEmpty()) {
                missing.put(info.id(), lacks);
            }
        }
        return missing;
    }

    private void gauge(String scope, int detections) {
        if (!blind.containsKey(scope)) {
            if (blind.size() >= GAUGES) {
                return;
            }
            Gauge<Integer> gauge = () -> blind.getOrDefault(scope, 0);
            context.getMetricGroup().addGroup("cluster", scope).gauge("blindDetections", gauge);
        }
        blind.put(scope, detections);
    }

    void clear() {
        carried.clear();
        last.clear();
    }
}
