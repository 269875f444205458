package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.detection.Pulse.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What goes missing in a cluster. Keyed by the cluster's scope; reads nothing but sums, of all inputs. Sums wait for the watermark
 * and are taken in slot by slot, so that the same is decided whatever the order they come in; the clock by which something is
 * missing is that of the cluster's own records, so the end of the input is no silence. A sum that comes late is taken in at once: it
 * can show that a source spoke, never that one was silent.
 *
 * <p>Bounded per cluster: what waits by {@link #WAITING} slots of a few sums each, the rest by the number of sources, verbs and
 * needs. A cluster that hardly spoke is forgotten after a day, one that did after four weeks.
 */
final class AbsenceFunction extends KeyedProcessFunction<String, Pulse, Alert> {
    private static final long serialVersionUID = 1L;

    /** More than two days: the disorder of the inputs, or how far one is ahead of another that catches up. */
    static final int WAITING = 20_000;

    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long KNOWN_KEPT = Duration.ofDays(28).toMillis();

    private final List<Configured<?>> configured;
    private final DetectionOperators.Clocks clocks;
    private final @Nullable Instant alertFrom;

    private transient Counts counts;
    private transient ValueState<ClusterClock> cluster;
    private transient MapState<Long, Slot> waiting;
    private transient MapState<String, Rhythm> rhythms;
    private transient OpenAlerts open;
    private transient @Nullable SilenceWatch silence;
    private transient @Nullable VolumeWatch volume;
    private transient @Nullable AnswersWatch answers;
    private transient @Nullable NeedsWatch needs;
    private transient @Nullable LullWatch lull;

    AbsenceFunction(List<Configured<?>> configured, DetectionOperators.Clocks clocks, @Nullable Instant alertFrom) {
        this.configured = configured;
        this.clocks = clocks;
        this.alertFrom = alertFrom;
    }

    /**
     * State: the sums of one slot.
     *
     * @param pulses by what they are of
     */
    public record Slot(Map<String, Pulse> pulses) {}

    @Override
    public void open(OpenContext openContext) {
        RuntimeContext context = getRuntimeContext();
        counts = new Counts(context);
        cluster = context.getState(new ValueStateDescriptor<>("cluster-clock", TypeInformation.of(ClusterClock.class)));
        waiting = context.getMapState(
                new MapStateDescriptor<>("waiting-slots", Types.LONG, TypeInformation.of(Slot.class)));
        rhythms = context.getMapState(
                new MapStateDescriptor<>("rhythms", Types.STRING, TypeInformation.of(Rhythm.class)));
        List<Watched<?>> all = new ArrayList<>();
        Watched<?> ofSilence = null;
        for (Configured<?> one : configured) {
            Watched<?> watched = Watched.of(one);
            if (watched != null) {
                all.add(watched);
                ofSilence = watched.watch() instanceof Watch.Silence && one.enabled() ? watched : ofSilence;
            }
        }
        open = new OpenAlerts(all, alertFrom, context);
        for (Watched<?> watched : all) {
            if (watched.configured().enabled()) {
                watch(watched, ofSilence, context);
            }
        }
        if (silence != null && clocks.idleAfter() != null) {
            lull = new LullWatch(silence, clocks, context);
        }
    }

    private void watch(Watched<?> watched, @Nullable Watched<?> ofSilence, RuntimeContext context) {
        Watch watch = watched.watch();
        if (watch instanceof Watch.Silence its) {
            silence = new SilenceWatch(watched, its, clocks.lateness(), open, rhythms, context);
        } else if (watch instanceof Watch.Volume its) {
            volume = new VolumeWatch(watched, its, ofSilence, open, rhythms, context);
        } else if (watch instanceof Watch.Answers its) {
            answers = new AnswersWatch(watched, its, open, context);
        } else if (watch instanceof Watch.Needs its) {
            needs = new NeedsWatch(watched, its, configured, context);
        }
    }

    @Override
    public void processElement(Pulse pulse, Context context, Collector<Alert> out) throws Exception {
        ClusterClock now = cluster.value();
        if (now == null) {
            now = ClusterClock.of(pulse);
        }
        if (lull != null) {
            lull.heard(pulse, now, context.timerService());
        }
        long watermark = context.timerService().currentWatermark();
        if (pulse.slotEnd() <= watermark) {
            late(pulse, watermark, now, context);
            return;
        }
        Slot slot = waiting.get(pulse.slotEnd());
        if (slot == null && now.waiting() >= WAITING) {
            counts.add(Counts.PUSHED_OUT);
            late(pulse, watermark, now, context);
            return;
        }
        Map<String, Pulse> pulses = new HashMap<>(slot == null ? Map.of() : slot.pulses());
        pulses.merge(pulse.id(), pulse, Pulse::plus);
        waiting.put(pulse.slotEnd(), new Slot(pulses));
        if (slot == null) {
            cluster.update(now.waiting(1));
            context.timerService().registerEventTimeTimer(pulse.slotEnd());
        }
    }

    /** Shows that something was there, and moves no clock beyond the watermark. */
    private void late(Pulse pulse, long watermark, ClusterClock now, Context context) throws Exception {
        switch (pulse.counter()) {
            case RECORDS -> {
                Rhythm rhythm = rhythms.get(pulse.source());
                if (rhythm == null) {
                    rhythm = new Rhythm();
                }
                long last = Math.min(pulse.lastMillis(), watermark);
                Pulse heard = pulse.until(last);
                if (silence != null) {
                    silence.heardLate(pulse.source(), heard, now, rhythm);
                }
                rhythm.count(heard);
                rhythms.put(pulse.source(), rhythm);
                ClusterClock moved = now.moved(heard.firstMillis(), last, pulse.count(), rhythm.isKnown());
                cluster.update(moved);
                forgetLater(moved, context);
            }
            case REQUESTED -> {} // its answers may have been judged
            case ANSWERED -> {
                if (answers != null) {
                    answers.count(pulse);
                }
            }
            case NEED, CHANGE -> take(pulse);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        ClusterClock before = cluster.value();
        if (before == null) {
            return;
        }
        if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
            if (lull != null) {
                lull.look(before, context.getCurrentKey(), context.timerService(), out);
            }
            return;
        }
        Slot slot = waiting.get(timestamp);
        if (slot == null) {
            forget(timestamp, before, context, out);
            return;
        }
        waiting.remove(timestamp);
        decide(slot, before.waiting(-1), context, out);
    }

    private void decide(Slot slot, ClusterClock before, Context context, Collector<Alert> out) throws Exception {
        String scope = context.getCurrentKey();
        List<Pulse> pulses = new ArrayList<>(slot.pulses().values());
        pulses.sort(Comparator.comparing(Pulse::counter)
                .thenComparing(Pulse.CHANGES)
                .thenComparing(Pulse::id));
        ClusterClock now = before;
        for (Pulse pulse : pulses) {
            if (pulse.counter() == Counter.RECORDS) {
                now = now.moved(pulse.firstMillis(), pulse.lastMillis(), pulse.count(), false);
            }
        }
        boolean nextHour = Math.floorDiv(now.newestMillis(), ClusterClock.HOUR) > before.hour();
        if (volume != null && before.hour() != ClusterClock.NONE && nextHour) {
            volume.over(before.hour(), now.newestMillis(), now, scope, out);
        }
        int changes = 0;
        for (Pulse pulse : pulses) {
            if (pulse.counter() == Counter.RECORDS) {
                now = heard(pulse, now);
            } else if (pulse.counter() != Counter.CHANGE || changes++ < PulseSums.CHANGES) {
                take(pulse);
            }
        }
        if (silence != null) {
            silence.judge(now, scope, out);
        }
        if (answers != null) {
            answers.judge(now, scope, out);
        }
        if (needs != null && needs.isDue(now)) {
            Alert report = needs.report(now, scope);
            if (report != null) {
                context.output(Outputs.matches(DetectionOperators.ABSENCE), report);
            }
            now = now.reported(NeedsWatch.day(now));
        }
        open.settle(now.newest(), false, out);
        now = now.inHour(Math.floorDiv(now.newestMillis(), ClusterClock.HOUR));
        cluster.update(now);
        forgetLater(now, context);
    }

    private ClusterClock heard(Pulse pulse, ClusterClock now) throws Exception {
        Rhythm rhythm = rhythms.get(pulse.source());
        if (rhythm == null) {
            rhythm = new Rhythm();
        } else if (silence != null) {
            silence.heard(pulse.source(), pulse, rhythm);
        }
        rhythm.count(pulse);
        rhythms.put(pulse.source(), rhythm);
        return rhythm.isKnown() ? now.moved(pulse.firstMillis(), pulse.lastMillis(), 0, true) : now;
    }

    /** Takes in a sum of anything but records. */
    private void take(Pulse pulse) throws Exception {
        switch (pulse.counter()) {
            case RECORDS -> {}
            case REQUESTED, ANSWERED -> {
                if (answers != null) {
                    answers.count(pulse);
                }
            }
            case NEED -> {
                if (needs != null) {
                    needs.carries(pulse.of(), pulse.lastMillis());
                }
            }
            case CHANGE -> {
                if (silence != null && pulse.change() != null) {
                    silence.changed(pulse.change());
                }
            }
        }
    }

    private void forgetLater(ClusterClock now, Context context) {
        context.timerService().registerEventTimeTimer(forgetAt(now));
    }

    /** The start of a day, which is no end of a slot. */
    private static long forgetAt(ClusterClock now) {
        long kept = now.newestMillis() + (now.known() ? KNOWN_KEPT : DAY);
        return Math.floorDiv(kept, DAY) * DAY + DAY;
    }

    private void forget(long timestamp, ClusterClock last, Context context, Collector<Alert> out) throws Exception {
        if (timestamp < forgetAt(last) || last.waiting() > 0) {
            return;
        }
        boolean atTheEnd = context.timerService().currentWatermark() == Long.MAX_VALUE;
        open.settle(atTheEnd ? last.newest() : Instant.ofEpochMilli(timestamp), true, out);
        open.clear();
        cluster.clear();
        waiting.clear();
        rhythms.clear();
        if (silence != null) {
            silence.clear();
        }
        if (volume != null) {
            volume.clear();
        }
        if (answers != null) {
            answers.clear();
        }
        if (needs != null) {
            needs.clear();
        }
        if (lull != null) {
            lull.clear();
        }
    }
}
