package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.detection.Pulse.Counter;
import io.tocsin.event.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;

/**
 * Compares, by verb and slot in which they were received, the writes that were received with those that were answered. Where some
 * are never answered from the beginning, the audit policy omits it: then only more than that share counts.
 */
final class AnswersWatch {
    /** So many requests of a verb only teach. */
    private static final long LEARNT_FROM = 20;
    /** What is usual is forgotten by halves, so that a change of policy is learnt. */
    private static final long HALVED_AT = 10_000;

    private final Watched<?> watched;
    private final Watch.Answers watch;
    private final OpenAlerts open;
    /** Requests that wait for their answers, by verb and slot. */
    private final MapState<String, Requests> pending;
    /** What is usual, by verb. */
    private final MapState<String, Requests> usual;

    /**
     * State: requests of one verb.
     *
     * @param slotEnd the slot they were received in; 0 for all there were
     * @param received how many were
     * @param answered how many of them have a final stage
     */
    public record Requests(String verb, long slotEnd, long received, long answered) {
        long unanswered() {
            return Math.max(0, received - answered);
        }
    }

    AnswersWatch(Watched<?> watched, Watch.Answers watch, OpenAlerts open, RuntimeContext context) {
        this.watched = watched;
        this.watch = watch;
        this.open = open;
        this.pending = context.getMapState(
                new MapStateDescriptor<>("pending-requests", Types.STRING, TypeInformation.of(Requests.class)));
        this.usual = context.getMapState(
                new MapStateDescriptor<>("usual-requests", Types.STRING, TypeInformation.of(Requests.class)));
    }

    /** Requests that were received or answered, those received first within a slot. */
    void count(Pulse pulse) throws Exception {
        String key = pulse.about() + "|" + pulse.of();
        Requests known = pending.get(key);
        if (pulse.counter() == Counter.REQUESTED) {
            long received = pulse.count() + (known == null ? 0 : known.received());
            long answered = known == null ? 0 : known.answered();
            pending.put(key, new Requests(pulse.of(), pulse.about(), received, answered));
        } else if (known != null) {
            // Answers of what was never logged as received, or was judged before, tell nothing.
            pending.put(
                    key,
                    new Requests(known.verb(), known.slotEnd(), known.received(), known.answered() + pulse.count()));
        }
    }

    /** Judges the requests whose answers had time enough. */
    void judge(ClusterClock cluster, String scope, Collector<Alert> out) throws Exception {
        if (pending.isEmpty()) {
            return;
        }
        long due = cluster.newestMillis() - watch.patience().toMillis();
        Map<String, Requests> over = new TreeMap<>();
        for (Map.Entry<String, Requests> entry : pending.entries()) {
            if (entry.getValue().slotEnd() < due) {
                over.put(entry.getKey(), entry.getValue());
            }
        }
        for (Map.Entry<String, Requests> entry : over.entrySet()) {
            pending.remove(entry.getKey());
            judge(entry.getValue(), cluster, scope, out);
        }
        if (pending.isEmpty()) {
            pending.clear();
        }
    }

    private void judge(Requests slot, ClusterClock cluster, String scope, Collector<Alert> out) throws Exception {
        Requests before = usual.get(slot.verb());
        boolean judged = before != null && before.received() >= LEARNT_FROM && before.answered() > 0;
        long unanswered = slot.unanswered();
        if (judged && unanswered >= watch.minRequests() && unanswered > expected(before, slot.received())) {
            raise(slot, before, cluster, scope, out);
            return;
        }
        if (judged && slot.received() > unanswered) {
            open.back(watched, slot.verb(), slot.slotEnd());
        }
        long received = slot.received() + (before == null ? 0 : before.received());
        long answered = slot.received() - unanswered + (before == null ? 0 : before.answered());
        int by = received > HALVED_AT ? 2 : 1;
        usual.put(slot.verb(), new Requests(slot.verb(), 0, received / by, answered / by));
    }

    /** How many of these may be unanswered by what is usual: four standard deviations above it. None if none ever was. */
    private static double expected(Requests before, long received) {
        double share = (double) before.unanswered() / before.received();
        double mean = share * received;
        return before.unanswered() == 0 ? 0 : mean + 4 * Math.sqrt(mean) + 2;
    }

    private void raise(Requests slot, Requests before, ClusterClock cluster, String scope, Collector<Alert> out)
            throws Exception {
        Instant since = Instant.ofEpochMilli(slot.slotEnd() + 1 - Slots.SLOT_MILLIS);
        Map<String, String> facts = new HashMap<>();
        facts.put("verb", slot.verb());
        facts.put("received", Long.toString(slot.received()));
        facts.put("unanswered", Long.toString(slot.unanswered()));
        facts.put("usually-unanswered-percent", Long.toString(before.unanswered() * 100 / before.received()));
        facts.put("waited", Missing.inWords(Duration.between(since, cluster.newest())));
        Missing missing =
                new Missing(cluster.cluster(), slot.verb(), since, cluster.newest(), false, 1, facts, List.of());
        open.missing(watched, missing, cluster, scope, out);
    }

    void clear() {
        pending.clear();
        usual.clear();
    }
}
