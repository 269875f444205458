package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.event.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/** Finds a source silent when its siblings have gone on for longer than it usually pauses. */
final class SilenceWatch {
    private static final Comparator<Evidence> ORDER =
            Comparator.comparing(Evidence::time).thenComparing(Evidence::eventId);

    private final Watched<?> watched;
    private final Watch.Silence watch;
    private final Map<String, Duration> lateness = new HashMap<>();
    private final OpenAlerts open;
    private final MapState<String, Rhythm> rhythms;
    private final ValueState<Changes> changes;

    /**
     * State: the newest changes of a cluster's logging.
     *
     * @param newest in order, at most {@link PulseSums#CHANGES}
     */
    public record Changes(List<Evidence> newest) {}

    /** A source with its rhythm. */
    private record Heard(String source, Rhythm rhythm) {}

    SilenceWatch(
            Watched<?> watched,
            Watch.Silence watch,
            Map<Source, Duration> lateness,
            OpenAlerts open,
            MapState<String, Rhythm> rhythms,
            RuntimeContext context) {
        this.watched = watched;
        this.watch = watch;
        lateness.forEach((source, disorder) -> this.lateness.put(source.id(), disorder));
        this.open = open;
        this.rhythms = rhythms;
        this.changes =
                context.getState(new ValueStateDescriptor<>("logging-changes", TypeInformation.of(Changes.class)));
    }

    /** A source's records of a slot, in event order, before they are counted. */
    void heard(String source, Pulse records, Rhythm rhythm) throws Exception {
        long gap = records.firstMillis() - rhythm.newestMillis;
        if (rhythm.isSilent()) {
            rhythm.toldGap = Math.max(rhythm.toldGap, gap);
            back(source, records.firstMillis(), rhythm);
        } else if (gap > 0) {
            rhythm.learn(gap, records.firstMillis());
        }
        if (rhythm.toldGap > 0 && !open.isOpen(watched, source)) {
            // It was told, and it is over: a source that pauses so every night is told of once.
            rhythm.learnTold(rhythm.toldGap, records.firstMillis());
            rhythm.toldGap = 0;
        }
    }

    /** A source's records that came late: it was not silent when it seemed to be. */
    void heardLate(String source, Pulse records, ClusterClock cluster, Rhythm rhythm) throws Exception {
        if (rhythm.isSilent() && records.lastMillis() > rhythm.silentSince) {
            back(source, Math.max(records.lastMillis(), cluster.newestMillis()), rhythm);
        }
    }

    private void back(String source, long millis, Rhythm rhythm) throws Exception {
        rhythm.silentSince = ClusterClock.NONE;
        open.back(watched, source, millis);
    }

    /** A change of logging. */
    void changed(Evidence change) throws Exception {
        Changes before = changes.value();
        List<Evidence> all = new ArrayList<>(before == null ? List.of() : before.newest());
        if (all.stream().noneMatch(one -> one.eventId().equals(change.eventId()))) {
            all.add(change);
        }
        all.sort(ORDER);
        changes.update(
                new Changes(new ArrayList<>(all.subList(Math.max(0, all.size() - PulseSums.CHANGES), all.size()))));
    }

    /** Compares the sources of a cluster, behind a slot. */
    void judge(ClusterClock cluster, String scope, Collector<Alert> out) throws Exception {
        List<Heard> all = all();
        if (all.size() < 2) {
            return;
        }
        for (Heard one : all) {
            Heard ahead = all.get(0).source().equals(one.source()) ? all.get(1) : all.get(0);
            Rhythm rhythm = one.rhythm();
            long since = rhythm.newestMillis;
            long silence = ahead.rhythm().newestMillis - since;
            if (!rhythm.isKnown() || rhythm.isSilent() || silence <= bound(one)) {
                continue;
            }
            rhythm.silentSince = since;
            rhythms.put(one.source(), rhythm);
            Map<String, String> facts = facts(one, silence);
            facts.put("source", one.source());
            facts.put("ahead", ahead.source());
            facts.put(
                    "ahead-seen",
                    Instant.ofEpochMilli(ahead.rhythm().newestMillis).toString());
            raise(one.source(), since, ahead.rhythm().newestMillis, facts, cluster, scope, out);
        }
    }

    /** The sources, the one that has come furthest first. */
    private List<Heard> all() throws Exception {
        List<Heard> all = new ArrayList<>();
        for (Map.Entry<String, Rhythm> entry : rhythms.entries()) {
            all.add(new Heard(entry.getKey(), entry.getValue()));
        }
        all.sort(Comparator.comparingLong((Heard one) -> -one.rhythm().newestMillis)
                .thenComparing(Heard::source));
        return all;
    }

    private Map<String, String> facts(Heard one, long silence) {
        Map<String, String> facts = new HashMap<>();
        facts.put("last-seen", Instant.ofEpochMilli(one.rhythm().newestMillis).toString());
        facts.put("silence", Missing.inWords(Duration.ofMillis(silence)));
        facts.put("allowed", Missing.inWords(Duration.ofMillis(bound(one))));
        facts.put("usual-gap", Missing.inWords(Duration.ofMillis(one.rhythm().usualGap())));
        return facts;
    }

    private long bound(Heard one) {
        return one.rhythm().allowedGap(watch.patience().toMillis())
                + lateness.getOrDefault(one.source(), Duration.ZERO).toMillis()
                + watch.patience().toMillis();
    }

    /**
     * Looks at a cluster of which nothing came, by the wall clock: the siblings tell no time.
     *
     * @param quietMillis for how long nothing came
     * @param nowMillis the wall clock
     * @return whether it is told
     */
    boolean judgeLull(ClusterClock cluster, String scope, long quietMillis, long nowMillis, Collector<Alert> out)
            throws Exception {
        Heard first = null;
        for (Heard one : all()) {
            boolean speaks = one.rhythm().isKnown() && !one.rhythm().isSilent();
            if (speaks && quietMillis > bound(one) && (first == null || bound(one) < bound(first))) {
                first = one;
            }
        }
        if (first == null) {
            return false;
        }
        Map<String, String> facts = facts(first, quietMillis);
        facts.put("source", first.source());
        facts.put("clock", "wall");
        raise(Missing.EVERYTHING, cluster.newestMillis(), nowMillis, facts, cluster, scope, out);
        return true;
    }

    /** Something came of a cluster again. */
    void lullIsOver(ClusterClock cluster, long millis) throws Exception {
        open.back(watched, Missing.EVERYTHING, Math.max(millis, cluster.newestMillis()));
    }

    private void raise(
            String what,
            long since,
            long now,
            Map<String, String> facts,
            ClusterClock cluster,
            String scope,
            Collector<Alert> out)
            throws Exception {
        Missing missing = new Missing(
                cluster.cluster(),
                what,
                Instant.ofEpochMilli(since),
                Instant.ofEpochMilli(now),
                false,
                1,
                facts,
                before(since, now));
        open.missing(watched, missing, cluster, scope, out);
    }

    /** The changes that may have caused a silence, in order. */
    private List<Evidence> before(long since, long now) throws Exception {
        List<Evidence> before = new ArrayList<>();
        Changes known = changes.value();
        Instant earliest = Instant.ofEpochMilli(since).minus(watch.changeWindow());
        for (Evidence change : known == null ? List.<Evidence>of() : known.newest()) {
            if (!change.time().isBefore(earliest) && change.time().toEpochMilli() <= now) {
                before.add(change);
            }
        }
        return before;
    }

    void clear() {
        changes.clear();
    }
}
