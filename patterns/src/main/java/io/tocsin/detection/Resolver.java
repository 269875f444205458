package io.tocsin.detection;

import io.tocsin.event.Slots;
import io.tocsin.signal.Join;
import io.tocsin.signal.Link.Kind;
import io.tocsin.signal.Signal;
import io.tocsin.signal.Stay;
import io.tocsin.signal.Stays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Completes the keys of signals that lack a part. Keyed by the thing that is known. A signal whose link is known for its time goes on
 * at once; else it waits for a link that begins later, up to {@code joins.wait}, and is counted as unresolved after that. {@link
 * WatermarkDelay} behind it holds the clock back by as much, so that nothing that was waited for is late.
 *
 * <p>Of an address, the pod that has it counts before the one whose token was used from there, and neither if a node has the address.
 */
final class Resolver extends EventOrderFunction<Lookup, Signal> {
    private static final long serialVersionUID = 1L;
    /** A link in steady use is heard of once a day. */
    private static final Duration TTL = Duration.ofDays(2);

    private static final int BOUND = 1_024;

    private final long waitMillis;

    private transient MapState<String, Known> links;
    private transient MapState<String, Lookup> unanswered;
    private transient Counts counts;

    Resolver(Duration wait) {
        super(TypeInformation.of(Lookup.class));
        this.waitMillis = slots(wait);
    }

    /** Whole slots: the clock moves by slots. */
    static long slots(Duration wait) {
        return -Math.floorDiv(-wait.toMillis(), Slots.SLOT_MILLIS) * Slots.SLOT_MILLIS;
    }

    /** State: what the thing belonged to, lately. */
    public record Known(List<Stay> stays) {
        public Known {
            stays = stays == null ? List.of() : stays;
        }
    }

    @Override
    public void open(OpenContext context) throws Exception {
        super.open(context);
        counts = new Counts(getRuntimeContext());
        links = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("links", Types.STRING, TypeInformation.of(Known.class)));
        unanswered = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("unanswered", Types.STRING, TypeInformation.of(Lookup.class)));
    }

    @Override
    Instant timeOf(Lookup lookup) {
        return lookup.time();
    }

    @Override
    Comparator<Lookup> order() {
        return Comparator.comparing(Lookup::time).thenComparing(this::idOf);
    }

    @Override
    String idOf(Lookup lookup) {
        Signal signal = lookup.signal();
        return signal == null
                ? lookup.kind() + "|" + lookup.value()
                : signal.detection() + "|" + signal.stage() + "|" + signal.eventId() + "|" + signal.key();
    }

    @Override
    Lookup merge(Lookup one, Lookup other) {
        return one.time().isAfter(other.time()) ? other : one;
    }

    @Override
    String kindOf(Lookup lookup) {
        return lookup.signal() == null ? "lesson" : "question";
    }

    @Override
    int bound(Lookup lookup) {
        return BOUND;
    }

    @Override
    void decide(long slotEnd, List<Lookup> lookups, Context context, Collector<Signal> out) throws Exception {
        for (Lookup lookup : lookups) {
            if (lookup.value() != null) {
                learn(lookup);
            }
        }
        for (Lookup lookup : lookups) {
            if (lookup.signal() != null && !answer(lookup, false, out)) {
                unanswered.put(idOf(lookup), lookup);
                context.timerService()
                        .registerEventTimeTimer(Slots.endOf(lookup.time().toEpochMilli()) + waitMillis);
            }
        }
        retry(slotEnd, out);
        if (!links.isEmpty()) {
            context.timerService().registerEventTimeTimer(slotEnd + TTL.toMillis());
        }
    }

    private void learn(Lookup lesson) throws Exception {
        Known known = links.get(lesson.kind());
        List<Stay> stays = known == null ? new ArrayList<>(1) : new ArrayList<>(known.stays());
        Stays.see(stays, lesson.value() == null ? "" : lesson.value(), lesson.time());
        links.put(lesson.kind(), new Known(stays));
    }

    /** Those that wait, in their order. */
    private void retry(long now, Collector<Signal> out) throws Exception {
        List<Lookup> waiting = new ArrayList<>();
        for (Lookup lookup : unanswered.values()) {
            waiting.add(lookup);
        }
        waiting.sort(order());
        for (Lookup lookup : waiting) {
            boolean over = Slots.endOf(lookup.time().toEpochMilli()) + waitMillis <= now;
            boolean answered = answer(lookup, true, out);
            if (answered || over) {
                unanswered.remove(idOf(lookup));
                if (!answered) {
                    counts.add(Counts.UNRESOLVED + lookup.kind());
                }
            }
        }
        if (unanswered.isEmpty()) {
            unanswered.clear();
        }
    }

    private boolean answer(Lookup question, boolean later, Collector<Signal> out) throws Exception {
        Signal signal = question.signal();
        String value = signal == null ? null : value(question, later);
        if (signal == null || value == null) {
            return false;
        }
        if (!value.isEmpty()) {
            out.collect(signal.keyed(Join.complete(signal.key(), value)));
        }
        return true;
    }

    private @Nullable String value(Lookup question, boolean later) throws Exception {
        if (!question.kind().equals(Kind.POD_ADDRESS.id())) {
            return find(question.kind(), question.time(), later);
        }
        if (find(Kind.NODE_ADDRESS.id(), question.time(), later) != null) {
            return ""; // all pods of a node may call through it
        }
        String pod = find(Kind.POD_ADDRESS.id(), question.time(), later);
        return pod != null ? pod : find(Kind.CREDENTIAL_POD_PEER.id(), question.time(), later);
    }

    private @Nullable String find(String kind, Instant at, boolean later) throws Exception {
        Known known = links.get(kind);
        if (known == null) {
            return null;
        }
        String value = Stays.find(known.stays(), at, TTL);
        return value == null && later ? Stays.findLater(known.stays(), at, Duration.ofMillis(waitMillis)) : value;
    }

    @Override
    void expire(long timestamp, Context context, Collector<Signal> out) throws Exception {
        retry(timestamp, out);
        long oldest = timestamp - TTL.toMillis();
        List<String> forgotten = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (Map.Entry<String, Known> entry : links.entries()) {
            List<Stay> stays = entry.getValue().stays();
            long seen = stays.get(stays.size() - 1).last().toEpochMilli();
            if (seen <= oldest) {
                forgotten.add(entry.getKey());
            } else {
                last = Math.max(last, seen);
            }
        }
        for (String kind : forgotten) {
            links.remove(kind);
        }
        if (links.isEmpty()) {
            links.clear();
        } else if (last > Long.MIN_VALUE) {
            context.timerService().registerEventTimeTimer(Slots.endOf(last) + TTL.toMillis());
        }
    }
}
