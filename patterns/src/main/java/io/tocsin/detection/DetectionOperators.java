package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.EventComparator;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one place that wires detections into a graph: filter, key, histories, rates, gate, CEP, event order, late output,
 * suppression, names and uids. An author of a detection can't forget any of it, and a pattern that sets one of these itself is
 * refused.
 *
 * <pre>
 * events ─classify─▶ signals ──────────────────────────────▶ by correlation ─▶ rates, gate ─▶ CEP ─▶ suppress ─▶ alerts
 *             │  └─▶ questions ─by owner─▶ histories ─────────▲                    │                    ▲
 *             └─▶ single-event alerts ──────────────────────────────────────────── └─▶ rate alerts ─────┘
 * </pre>
 *
 * <p>Detections stand in clock groups by the sources they read; each group has its own exchange, so that nothing waits for a source
 * it does not read. The operators of every detection always stand in the graph, enabled or not: state fits whatever is enabled.
 */
public final class DetectionOperators {
    private DetectionOperators() {}

    /**
     * A stream of events.
     *
     * @param id names the input by its location; part of uids
     * @param events its events, under watermarks aligned by {@link Slots}
     * @param carries the sources whose records it can carry
     */
    public record Input(String id, DataStream<SecurityEvent> events, Set<Source> carries) {}

    /**
     * What is true of all detections of a run.
     *
     * @param identities who is who
     * @param histories how much is remembered
     * @param exemptions who may do what without an alert
     * @param alertFrom earlier events only teach, and raise no alert; null: none
     */
    public record Settings(
            Identities identities, HistoryOptions histories, Exemptions exemptions, @Nullable Instant alertFrom) {}

    /**
     * Wires the detections.
     *
     * @return all alerts, suppressed
     * @throws IllegalArgumentException if a detection is not wired as it should be
     */
    public static DataStream<Alert> wire(List<Input> inputs, List<Configured<?>> configured, Settings settings) {
        Map<Input, SingleOutputStreamOperator<Signal>> classified = new LinkedHashMap<>();
        for (Input input : inputs) {
            classified.put(
                    input,
                    input.events()
                            .process(new Classifier(configured, settings.identities(), settings.exemptions()))
                            .returns(Outputs.SIGNAL)
                            .name("Classify " + input.id())
                            .uid("classify-" + input.id()));
        }
        Map<String, List<Configured<?>>> groups = new TreeMap<>();
        for (Configured<?> detection : configured) {
            groups.computeIfAbsent(detection.info().clockGroup(), any -> new ArrayList<>())
                    .add(detection);
        }
        List<DataStream<Alert>> alerts = new ArrayList<>();
        groups.forEach(
                (group, members) -> alerts.add(wireGroup(group, members, settings, carrying(classified, members))));
        return union(alerts);
    }

    /** The inputs that can carry what a group reads; all of them if none does, so that its operators stand in the graph. */
    private static List<SingleOutputStreamOperator<Signal>> carrying(
            Map<Input, SingleOutputStreamOperator<Signal>> classified, List<Configured<?>> members) {
        Set<Source> read = members.get(0).info().sources();
        List<SingleOutputStreamOperator<Signal>> carrying = new ArrayList<>();
        classified.forEach((input, stream) -> {
            if (!Collections.disjoint(input.carries(), read)) {
                carrying.add(stream);
            }
        });
        return carrying.isEmpty() ? List.copyOf(classified.values()) : carrying;
    }

    private static DataStream<Alert> wireGroup(
            String group,
            List<Configured<?>> members,
            Settings settings,
            List<SingleOutputStreamOperator<Signal>> classified) {
        Identities identities = settings.identities();
        DataStream<Signal> questions = union(classified.stream()
                .map(stream -> (DataStream<Signal>) stream.getSideOutput(Outputs.questions(group)))
                .toList());
        DataStream<Signal> answered = questions
                .keyBy(signal -> signal.owner() == null ? "" : signal.owner(), Types.STRING)
                .process(new Histories(members, identities, settings.histories()))
                .returns(Outputs.SIGNAL)
                .name("Histories " + group)
                .uid(group + "-histories");
        DataStream<Signal> direct = union(classified.stream()
                .map(stream -> (DataStream<Signal>) stream.getSideOutput(Outputs.signals(group)))
                .toList());
        SingleOutputStreamOperator<Signal> decided = direct.union(answered)
                .keyBy(Signal::correlation, Types.STRING)
                .process(new Correlator(members, identities))
                .returns(Outputs.SIGNAL)
                .name("Rates and gate " + group)
                .uid(group + "-correlator");
        List<DataStream<Alert>> alerts = new ArrayList<>();
        classified.forEach(stream -> alerts.add(stream.getSideOutput(Outputs.matches(group))));
        for (Configured<?> member : members) {
            DataStream<Alert> found = wireDetection(member, identities, decided);
            if (found != null) {
                alerts.add(found);
            }
        }
        return union(alerts)
                .keyBy(alert -> alert.detection() + "|" + alert.scope(), Types.STRING)
                .process(new Suppressor(settings.alertFrom()))
                .returns(Outputs.ALERT)
                .name("Suppress " + group)
                .uid(group + "-suppress");
    }

    private static <P extends Detection.Params> @Nullable DataStream<Alert> wireDetection(
            Configured<P> configured, Identities identities, SingleOutputStreamOperator<Signal> decided) {
        DetectionInfo info = configured.info();
        Detection<P> detection = configured.detection();
        if (detection instanceof MatchDetection<P>) {
            return null;
        }
        DataStream<Signal> signals = decided.getSideOutput(Outputs.decided(info.id()));
        if (detection instanceof RateDetection<P> rate) {
            FlatMapFunction<Signal, Alert> alerts = new RateAlerts<>(configured, rate, identities);
            return signals.flatMap(alerts)
                    .returns(Outputs.ALERT)
                    .name(info.title())
                    .uid(info.id() + "-alerts");
        }
        if (detection instanceof SequenceDetection<P> sequence) {
            // The correlator has the same key, so what it emits is where it belongs: no further exchange.
            KeyedStream<Signal, String> keyed =
                    DataStreamUtils.reinterpretAsKeyedStream(signals, Signal::correlation, Types.STRING);
            EventComparator<Signal> order = (one, other) -> Signal.EVENT_ORDER.compare(one, other);
            return CEP.pattern(keyed, pattern(configured, sequence), order)
                    .process(new SequenceAlerts<>(configured, sequence), Outputs.ALERT)
                    .name(info.title())
                    .uid(info.id() + "-cep-v" + info.stateVersion());
        }
        throw new IllegalArgumentException(info.id() + ": this kind of detection is not wired yet");
    }

    /** The pattern as the wiring runs it. Two slots are added to its window, because CEP sees signals at the ends of slots. */
    static <P extends Detection.Params> Pattern<Signal, ?> pattern(
            Configured<P> configured, SequenceDetection<P> sequence) {
        Pattern<Signal, ?> pattern = sequence.pattern(configured.params());
        String id = configured.info().id();
        for (Pattern<Signal, ?> part = pattern; part != null; part = (Pattern<Signal, ?>) part.getPrevious()) {
            if (!part.getWindowSize().isEmpty()) {
                throw new IllegalArgumentException(id + ": the window belongs in window(), not in the pattern");
            }
            if (!part.getAfterMatchSkipStrategy().equals(AfterMatchSkipStrategy.noSkip())) {
                throw new IllegalArgumentException(id + ": the skip strategy is the wiring's");
            }
        }
        Duration window = sequence.window(configured.params());
        return pattern.within(window.plusMillis(2 * Slots.SLOT_MILLIS));
    }

    private static <T> DataStream<T> union(List<? extends DataStream<T>> streams) {
        DataStream<T> all = streams.get(0);
        for (DataStream<T> stream : streams.subList(1, streams.size())) {
            all = all.union(stream);
        }
        return all;
    }
}
