package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
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
import org.apache.flink.util.OutputTag;
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
 * events ─sum─▶ pulses ─by cluster─▶ absence ─▶ alerts
 * </pre>
 *
 * <p>Detections stand in clock groups by the sources they read; each group has its own exchange, so that nothing waits for a source
 * it does not read. The operators of every detection always stand in the graph, enabled or not: state fits whatever is enabled. A
 * group of single-event detections only, such as rules about a log that nothing else reads, is suppression alone.
 */
public final class DetectionOperators {
    /** The group of what is missing: it reads sums of all inputs. */
    static final String ABSENCE = "absence";

    /** How keys begin that belong to no single cluster. */
    private static final String ANYWHERE = Keys.of("*", "");

    private DetectionOperators() {}

    /**
     * A stream of events.
     *
     * @param id names the input by its location; part of uids
     * @param events its events, under watermarks aligned by {@link Slots}
     * @param carries the sources whose records it can carry
     * @param cluster the one cluster that all its records are of; null if the records tell
     * @param requests the requests it tells of that were received and not yet answered, in the same task chain; null: none
     */
    public record Input(
            String id,
            DataStream<SecurityEvent> events,
            Set<Source> carries,
            @Nullable String cluster,
            @Nullable DataStream<ReceivedRequest> requests) {}

    /**
     * What is true of all detections of a run.
     *
     * @param identities who is who
     * @param histories how much is remembered
     * @param exemptions who may do what without an alert
     * @param alertFrom earlier events only teach, and raise no alert; null: none
     * @param clocks how the inputs' clocks go
     * @param incidents when alerts are an incident
     */
    public record Settings(
            Identities identities,
            HistoryOptions histories,
            Exemptions exemptions,
            @Nullable Instant alertFrom,
            Clocks clocks,
            IncidentOptions incidents) {}

    /**
     * How the inputs' clocks go.
     *
     * @param lateness how late a source's records may come; a source that is not named is never late
     * @param idleAfter how long a followed input may be silent before its clock goes on by itself; null where inputs end
     */
    public record Clocks(Map<Source, Duration> lateness, @Nullable Duration idleAfter) implements Serializable {
        public Clocks {
            lateness = Map.copyOf(lateness);
        }
    }

    /**
     * Wires the detections.
     *
     * @return all alerts, suppressed, and the incidents they make
     * @throws IllegalArgumentException if a detection is not wired as it should be
     */
    public static DataStream<Alert> wire(List<Input> inputs, List<Configured<?>> configured, Settings settings) {
        MatchedRules.check(configured, settings.identities());
        Map<Input, SingleOutputStreamOperator<Signal>> classified = new LinkedHashMap<>();
        boolean severalClusters = severalClusters(inputs);
        for (Input input : inputs) {
            classified.put(
                    input,
                    input.events()
                            .transform(
                                    "Classify " + input.id(),
                                    Outputs.SIGNAL,
                                    new ClassifyOperator(new Classifier(
                                            configured,
                                            settings.identities(),
                                            settings.exemptions(),
                                            settings.histories().learnEgress(),
                                            input.carries(),
                                            severalClusters)))
                            .uid("classify-" + input.id()));
        }
        Map<String, List<Configured<?>>> groups = new TreeMap<>();
        List<Configured<?>> absences = new ArrayList<>();
        for (Configured<?> detection : configured) {
            if (Watched.of(detection) != null) {
                absences.add(detection);
                continue;
            }
            groups.computeIfAbsent(detection.info().clockGroup(), any -> new ArrayList<>())
                    .add(detection);
        }
        List<DataStream<Alert>> alerts = new ArrayList<>();
        groups.forEach(
                (group, members) -> alerts.add(wireGroup(group, members, settings, carrying(classified, members))));
        if (!absences.isEmpty()) {
            alerts.add(wireAbsences(inputs, configured, absences, settings));
        }
        DataStream<Alert> all = union(alerts);
        return all.union(incidents(all, settings.incidents()));
    }

    private static boolean severalClusters(List<Input> inputs) {
        Set<String> clusters = new HashSet<>();
        for (Input input : inputs) {
            if (input.cluster() == null) {
                return true;
            }
            clusters.add(input.cluster());
        }
        return clusters.size() > 1;
    }

    /** Alerts of all clock groups that belong together. They go their own way beside the alerts, which wait for no incident. */
    private static DataStream<Alert> incidents(DataStream<Alert> alerts, IncidentOptions options) {
        return alerts.flatMap(new Involvement(options))
                .returns(Outputs.INVOLVED)
                .name("Whom alerts are about")
                .uid("involved")
                .keyBy(Involved::key, Types.STRING)
                .process(new Incidents(options))
                .returns(Outputs.ALERT)
                .name("Incidents")
                .uid("incidents");
    }

    /** What is missing: sums of all inputs, by cluster. It keeps its own stories, except of what is told day by day. */
    private static DataStream<Alert> wireAbsences(
            List<Input> inputs, List<Configured<?>> configured, List<Configured<?>> absences, Settings settings) {
        List<DataStream<Pulse>> pulses = new ArrayList<>();
        for (Input input : inputs) {
            pulses.add(pulses(input.events(), new PulseMeter.OfEvents(absences), "pulse-" + input.id()));
            if (input.requests() != null) {
                pulses.add(
                        pulses(input.requests(), new PulseMeter.OfRequests(absences), "pulse-requests-" + input.id()));
            }
        }
        SingleOutputStreamOperator<Alert> found = union(pulses)
                .keyBy(Pulse::scope, Types.STRING)
                .process(new AbsenceFunction(configured, settings.clocks(), settings.alertFrom()))
                .returns(Outputs.ALERT)
                .name("Absence")
                .uid(ABSENCE);
        DataStream<Alert> reports = suppress(found.getSideOutput(Outputs.matches(ABSENCE)), ABSENCE, settings);
        return found.union(reports);
    }

    private static <I> DataStream<Pulse> pulses(DataStream<I> records, PulseMeter<I> meter, String uid) {
        return records.transform("Sum " + uid, Outputs.PULSE, new PulseOperator<>(meter))
                .uid(uid);
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
        List<DataStream<Alert>> alerts = new ArrayList<>();
        classified.forEach(stream -> alerts.add(stream.getSideOutput(Outputs.matches(group))));
        if (members.stream().allMatch(member -> member.detection() instanceof MatchDetection)) {
            return suppress(union(alerts), group, settings); // there is nothing to ask and nothing to count
        }
        Identities identities = settings.identities();
        SingleOutputStreamOperator<Signal> resolved =
                Joins.any(members, identities) ? resolve(group, settings, classified) : null;
        List<DataStream<Signal>> asked = new ArrayList<>();
        List<DataStream<Signal>> direct = new ArrayList<>();
        for (SingleOutputStreamOperator<Signal> stream : classified) {
            asked.add(stream.getSideOutput(Outputs.questions(group)));
            direct.add(stream.getSideOutput(Outputs.signals(group)));
        }
        if (resolved != null) {
            asked.add(resolved.getSideOutput(Outputs.questions(group)));
            direct.add(resolved);
        }
        DataStream<Signal> questions = union(asked);
        SingleOutputStreamOperator<Signal> answered = questions
                .keyBy(signal -> signal.owner() == null ? "" : signal.owner(), Types.STRING)
                .process(new Histories(members, identities, settings.histories()))
                .returns(Outputs.SIGNAL)
                .name("Histories " + group)
                .uid(group + "-histories");
        SingleOutputStreamOperator<Signal> decided = union(direct)
                .union(answered)
                .keyBy(Signal::correlation, Types.STRING)
                .process(new Correlator(members, identities))
                .returns(Outputs.SIGNAL)
                .name("Rates and gate " + group)
                .uid(group + "-correlator");
        for (Configured<?> member : members) {
            DataStream<Alert> found = wireDetection(member, identities, answered, decided);
            if (found != null) {
                alerts.add(found);
            }
        }
        return suppress(union(alerts), group, settings);
    }

    private static DataStream<Alert> suppress(DataStream<Alert> alerts, String group, Settings settings) {
        return alerts.keyBy(DetectionOperators::suppressedTogether, Types.STRING)
                .process(new Suppressor(settings.alertFrom()))
                .returns(Outputs.ALERT)
                .name("Suppress " + group)
                .uid(group + "-suppress");
    }

    /** The signals whose keys lack a part that another record tells, with it; the clock behind is as late as they may be. */
    private static SingleOutputStreamOperator<Signal> resolve(
            String group, Settings settings, List<SingleOutputStreamOperator<Signal>> classified) {
        Duration wait = settings.histories().joinsWait();
        DataStream<Lookup> lookups = union(classified.stream()
                .map(stream -> (DataStream<Lookup>) stream.getSideOutput(Outputs.lookups(group)))
                .toList());
        SingleOutputStreamOperator<Signal> completed = lookups.keyBy(Lookup::owner, Types.STRING)
                .process(new Resolver(wait))
                .returns(Outputs.SIGNAL)
                .name("Join " + group)
                .uid(group + "-joins");
        OutputTag<Signal> questions = Outputs.questions(group);
        return completed
                .transform("Hold back " + group, Outputs.SIGNAL, new WatermarkDelay<>(Resolver.slots(wait)))
                .uid(group + "-joins-delay")
                .process(new Asking(questions))
                .returns(Outputs.SIGNAL)
                .name("Joined " + group)
                .uid(group + "-joined");
    }

    /** Stories of a detection are told once in a cluster; one about no single cluster is told once in all. */
    private static String suppressedTogether(Alert alert) {
        boolean anywhere = !alert.stories().isEmpty() && alert.stories().get(0).startsWith(ANYWHERE);
        return alert.detection() + "|" + (anywhere ? ANYWHERE : alert.scope());
    }

    private static <P extends Detection.Params> @Nullable DataStream<Alert> wireDetection(
            Configured<P> configured,
            Identities identities,
            SingleOutputStreamOperator<Signal> answered,
            SingleOutputStreamOperator<Signal> decided) {
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
        if (detection instanceof NewnessDetection<P> newness) {
            return answered.getSideOutput(Outputs.decided(info.id()))
                    .map(news -> Alerts.of(configured, newness, news))
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
                    .process(new SequenceAlerts<>(configured, sequence, identities), Outputs.ALERT)
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
        for (Pattern<Signal, ?> part = pattern; part.getPrevious() != null; ) {
            Pattern<Signal, ?> previous = (Pattern<Signal, ?>) part.getPrevious();
            startsAfter(part, previous.getName());
            part = previous;
        }
        Duration window = sequence.window(configured.params());
        return pattern.within(window.plusMillis(2 * Slots.SLOT_MILLIS));
    }

    @SuppressWarnings("unchecked") // patterns are made of signals only
    private static void startsAfter(Pattern<Signal, ?> part, String previous) {
        ((Pattern<Signal, Signal>) part).where(new StartsAfter(previous));
    }

    private static <T> DataStream<T> union(List<? extends DataStream<T>> streams) {
        DataStream<T> all = streams.get(0);
        for (DataStream<T> stream : streams.subList(1, streams.size())) {
            all = all.union(stream);
        }
        return all;
    }
}
