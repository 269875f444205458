package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Counts, and guards CEP. Keyed by {@link Signal#correlation()}: one detection, one entity.
 *
 * <p><b>Rates.</b> Each distinct value counts once in the window. A rate speaks at the observation that reaches the threshold, once a
 * slot while it stays over it, and again before a later stage of its sequence is looked at, so that it is always decided by what
 * is in the window then, and by the threshold of this run. A rate behind the opener counts while an opener is alive, and speaks when
 * enough was counted since the stage before it happened: once for each time that happened. A stage of a rate detection that doesn't
 * count is heard only while the first stage is over its threshold.
 *
 * <p><b>Gate.</b> An opener passes to CEP if its part of the window (a 32nd) has none yet, or if what it
 * counts began in another part: at most 66 open starts. A signal of a
 * later stage passes only while an opener is alive, so an entity without one costs CEP nothing.
 */
final class Correlator extends SignalFunction {
    private static final long serialVersionUID = 1L;
    private static final Duration BASELINE_RETENTION = Duration.ofDays(Baseline.DAYS);
    /** More starts than the gate leaves open in a window. */
    private static final int AWAITED = 128;

    private final List<Configured<?>> configured;
    private final Identities identities;

    private transient Map<String, Plan> plans;
    private transient Map<String, List<SignalRule>> rules;
    private transient MapState<String, Tally.Counted> counted;
    private transient MapState<String, Baseline> baselines;
    private transient ValueState<Gate> gate;
    /** When a stage was told that a counting one follows, and that one has not answered yet: by stage and microsecond. */
    private transient MapState<String, Long> awaited;

    Correlator(List<Configured<?>> configured, Identities identities) {
        this.configured = configured;
        this.identities = identities;
    }

    /**
     * State: what the gate has let through.
     *
     * @param part the part of the window that has its opener
     * @param sincePart the part of the window in which that opener's first observation stands
     * @param sinceMillis the first observation of the youngest opener; {@code Long.MIN_VALUE} where there was none
     * @param openers how many openers were seen, those held back included
     * @param lastMillis when anything was last decided
     */
    public record Gate(long part, long sincePart, long sinceMillis, long openers, long lastMillis) {
        static final Gate CLOSED = new Gate(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, 0, Long.MIN_VALUE);

        /** Whether the youngest opener is within the window of this run, which may not be that of the run it came in. */
        boolean isOpen(long millis, long windowMillis) {
            return sinceMillis != Long.MIN_VALUE && millis - sinceMillis < windowMillis;
        }
    }

    @Override
    public void open(OpenContext context) throws Exception {
        super.open(context);
        plans = new HashMap<>();
        rules = new HashMap<>();
        for (Configured<?> detection : configured) {
            List<SignalRule> stages = detection.rules(identities);
            if (!stages.isEmpty()) {
                plans.put(detection.info().id(), Plan.of(detection, stages));
                rules.put(detection.info().id(), stages);
            }
        }
        counted = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("counted", Types.STRING, TypeInformation.of(Tally.Counted.class)));
        baselines = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("baselines", Types.STRING, TypeInformation.of(Baseline.class)));
        gate = getRuntimeContext().getState(new ValueStateDescriptor<>("gate", TypeInformation.of(Gate.class)));
        awaited = getRuntimeContext().getMapState(new MapStateDescriptor<>("awaited", Types.STRING, Types.LONG));
    }

    @Override
    String idOf(Signal signal) {
        if (signal.value() != null) {
            return signal.stage() + "|" + signal.value();
        }
        List<SignalRule> stages = rules.get(signal.detection());
        SignalRule rule = stages == null ? null : stages.get(signal.rank());
        SignalRule.Relay relay = rule == null ? SignalRule.Relay.EACH : rule.relay();
        return switch (relay) {
            case FIRST_PER_SLOT -> signal.stage();
            case FIRST_PER_ADDRESS -> signal.stage() + "|" + signal.address();
            case EACH, MADE_KNOWN, EVERY_KNOWN -> signal.stage() + "|" + signal.eventId();
        };
    }

    @Override
    int bound(Signal signal) {
        Plan plan = plans.get(signal.detection());
        SignalRule.Rate rate = plan == null ? null : plan.rates().get(signal.stage());
        return rate == null ? Tally.EXACT : Tally.bound(rate);
    }

    @Override
    void decide(long slotEnd, List<Signal> signals, Context context, Collector<Signal> out) throws Exception {
        Plan plan = plans.get(signals.get(0).detection());
        if (plan == null) {
            return;
        }
        Slot slot = new Slot(plan, context);
        for (Signal signal : signals) {
            slot.decide(signal);
        }
        slot.save(slotEnd);
    }

    @Override
    void expire(long timestamp, Context context, Collector<Signal> out) throws Exception {
        Gate known = gate.value();
        String key = context.getCurrentKey();
        Plan plan = plans.get(key.substring(0, key.indexOf('|')));
        if (known == null || plan == null || known.lastMillis() + plan.keepMillis(BASELINE_RETENTION) <= timestamp) {
            gate.clear();
            counted.clear();
            baselines.clear();
            awaited.clear();
        } else {
            // This timer may come from a run with a shorter window.
            forgetLater(known.lastMillis(), plan, context);
        }
    }

    /** No time that a log can tell is too far for this. */
    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    private void forgetLater(long lastMillis, Plan plan, Context context) {
        // A few times a window is often enough to forget, and keeps the timers few.
        long keep = plan.keepMillis(BASELINE_RETENTION);
        long grain = Math.max(1, keep / 8);
        context.timerService().registerEventTimeTimer(Math.floorDiv(lastMillis + keep, grain) * grain + grain);
    }

    /** One slot of one key being decided. */
    private final class Slot {
        private final Plan plan;
        private final Context context;
        private final Map<String, Tally> tallies = new HashMap<>();
        private final Map<String, Baseline> usual = new HashMap<>();
        private final Set<String> spoken = new HashSet<>();
        private Gate state;

        Slot(Plan plan, Context context) throws Exception {
            this.plan = plan;
            this.context = context;
            Gate known = gate.value();
            this.state = known == null ? Gate.CLOSED : known;
            Map<String, Map<String, Tally.Counted>> byStage = new HashMap<>();
            for (Map.Entry<String, Tally.Counted> entry : counted.entries()) {
                String stage = entry.getValue().signal().stage();
                byStage.computeIfAbsent(stage, any -> new HashMap<>()).put(entry.getKey(), entry.getValue());
            }
            plan.rates().forEach((stage, rate) -> {
                Map<String, Tally.Counted> values = new HashMap<>();
                byStage.getOrDefault(stage, Map.of())
                        .forEach((key, value) -> values.put(key.substring(stage.length() + 1), value));
                tallies.put(stage, new Tally(rate, values));
            });
        }

        void decide(Signal signal) throws Exception {
            Tally tally = tallies.get(signal.stage());
            if (tally != null) {
                count(signal, tally);
            } else if (signal.stage().equals(plan.opener())) {
                open(signal, signal.time().toEpochMilli());
            } else {
                follow(signal);
            }
        }

        private void count(Signal signal, Tally tally) throws Exception {
            boolean later = plan.sequence() && !signal.stage().equals(plan.opener());
            if (later && !isOpen(signal)) {
                return; // what comes before an opener is no part of the story
            }
            tally.moveTo(signal.time());
            if (!tally.add(signal)) {
                return;
            }
            double baseline = baseline(signal.stage(), signal.time(), tally).usual();
            if (!tally.over(baseline)) {
                return;
            }
            if (later) {
                Signal reached = tally.opener(signal.time(), signal.eventId());
                if (answers(reached)) {
                    tell(reached);
                }
            } else if (plan.sequence()) {
                Signal crossing = tally.opener(signal.time(), signal.eventId());
                open(crossing, crossing.since().toEpochMilli());
            } else if (spoken.add(signal.stage())) {
                Signal crossing = tally.crossing(signal.time(), signal.eventId());
                context.output(Outputs.decided(signal.detection()), crossing.usually(baseline));
            }
        }

        /** Hands a signal of a sequence on; a counting stage behind it has to count from here. */
        private void tell(Signal signal) throws Exception {
            context.output(Outputs.decided(signal.detection()), signal);
            List<SignalRule> stages = rules.get(signal.detection());
            int next = signal.rank() + 1;
            if (stages == null || next >= stages.size() || stages.get(next).rate() == null) {
                return;
            }
            String stage = stages.get(next).stage();
            long micros = micros(signal.time());
            awaited.put(stage + "|" + micros, micros);
            makeRoom(stage);
        }

        /** Whether a stage before this one, that it has not answered yet, had happened when this one began to count. */
        private boolean answers(Signal reached) throws Exception {
            long since = micros(reached.since());
            long oldest = micros(reached.time()) - 1_000 * plan.windowMillis();
            boolean answers = false;
            Iterator<Map.Entry<String, Long>> times = awaited.iterator();
            while (times.hasNext()) {
                Map.Entry<String, Long> entry = times.next();
                long time = entry.getValue();
                boolean answered = entry.getKey().startsWith(reached.stage() + "|") && time <= since;
                answers |= answered && time > oldest;
                if (answered || time <= oldest) {
                    times.remove();
                }
            }
            return answers;
        }

        private void makeRoom(String stage) throws Exception {
            int size = 0;
            String oldest = null;
            long oldestMicros = Long.MAX_VALUE;
            for (Map.Entry<String, Long> entry : awaited.entries()) {
                if (entry.getKey().startsWith(stage + "|")) {
                    size++;
                    if (entry.getValue() < oldestMicros) {
                        oldest = entry.getKey();
                        oldestMicros = entry.getValue();
                    }
                }
            }
            if (size > AWAITED && oldest != null) {
                awaited.remove(oldest);
            }
        }

        private void follow(Signal signal) throws Exception {
            if (!plan.sequence()) {
                amid(signal);
            } else if (isOpen(signal)) {
                // A rate's opener tells its own count; of single openers, those the gate held back are counted here.
                long stoodFor = tallies.containsKey(plan.opener()) ? 1 : state.openers();
                tell(signal.counted(signal.time(), signal.eventId(), stoodFor, signal.time(), signal.evidence()));
            }
        }

        /** A single event beside a rate: it speaks, with what was counted, while the first stage is over its threshold. */
        private void amid(Signal signal) throws Exception {
            Tally tally = tallies.get(plan.opener());
            if (tally == null) {
                return;
            }
            tally.moveTo(signal.time());
            double baseline = baseline(plan.opener(), signal.time(), tally).usual();
            if (tally.over(baseline) && spoken.add(signal.stage())) {
                Signal burst = tally.crossing(signal.time(), signal.eventId());
                List<Evidence> evidence = new ArrayList<>(burst.evidence());
                evidence.addAll(signal.evidence());
                Signal told = signal.counted(
                        signal.time(), signal.eventId(), tally.weight(), burst.since(), List.copyOf(evidence));
                context.output(Outputs.decided(signal.detection()), told.usually(baseline));
            }
        }

        /**
         * Whether an opener is alive when this happens. One that counts is decided again; where it counts in a shorter window than
         * the sequence's, having been over the threshold is enough.
         */
        private boolean isOpen(Signal signal) throws Exception {
            Tally tally = tallies.get(plan.opener());
            if (tally != null) {
                // Decided again, now: the window has moved on, and the threshold may be another one than when it was
                // crossed.
                tally.moveTo(signal.time());
                if (tally.over(0)) {
                    Signal crossing = tally.opener(signal.time(), tally.latestEvent());
                    open(crossing, crossing.since().toEpochMilli());
                } else if (!plan.outlivesOpener()) {
                    return false;
                }
            }
            return state.isOpen(signal.time().toEpochMilli(), plan.windowMillis());
        }

        private void open(Signal opener, long sinceMillis) throws Exception {
            long part = plan.part(opener.time().toEpochMilli());
            long sincePart = plan.part(sinceMillis);
            // A count whose oldest observation has left the window is another start: the one that was let through ends
            // before it.
            if (part != state.part() || sincePart != state.sincePart()) {
                tell(opener);
            }
            state = new Gate(
                    part,
                    sincePart,
                    Math.max(state.sinceMillis(), sinceMillis),
                    state.openers() + 1,
                    state.lastMillis());
        }

        private Baseline baseline(String stage, Instant time, Tally tally) throws Exception {
            @Nullable Baseline known = usual.get(stage);
            if (known == null) {
                known = baselines.get(stage);
            }
            SignalRule.Rate rate = plan.rates().get(stage);
            if (rate == null || !rate.aboveBaseline()) {
                return Baseline.none(time.toEpochMilli());
            }
            Baseline now = (known == null ? Baseline.none(time.toEpochMilli()) : known)
                    .at(time.toEpochMilli())
                    .counted(tally.weight());
            usual.put(stage, now);
            return now;
        }

        void save(long slotEnd) throws Exception {
            for (Map.Entry<String, Tally> entry : tallies.entrySet()) {
                Tally tally = entry.getValue();
                for (String value : tally.changed()) {
                    String key = entry.getKey() + "|" + value;
                    Tally.Counted now = tally.values().get(value);
                    if (now == null) {
                        counted.remove(key);
                    } else {
                        counted.put(key, now);
                    }
                }
            }
            for (Map.Entry<String, Baseline> entry : usual.entrySet()) {
                baselines.put(entry.getKey(), entry.getValue());
            }
            gate.update(new Gate(state.part(), state.sincePart(), state.sinceMillis(), state.openers(), slotEnd));
            forgetLater(slotEnd, plan, context);
        }
    }
}
