package io.tocsin.testkit;

import io.tocsin.alert.Alert;
import io.tocsin.detection.Configured;
import io.tocsin.detection.Counts;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionOperators;
import io.tocsin.detection.Exemption;
import io.tocsin.detection.Exemptions;
import io.tocsin.detection.HistoryOptions;
import io.tocsin.detection.Identities;
import io.tocsin.detection.IncidentOptions;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Detections under a watermark the test moves: events in, alerts out, through the real wiring. Watermarks are aligned to slots as
 * the sources align them.
 */
public final class DetectionHarness implements AutoCloseable {
    private final List<Detection<?>> detections;
    private final int tasks;
    private final List<Alert> alerts = new ArrayList<>();
    private Exemptions exemptions = Exemptions.none();
    private @Nullable Instant alertFrom;
    private DetectionOperators.Clocks clocks = new DetectionOperators.Clocks(Map.of(), null);
    private boolean incidents;
    private GraphRunner graph;

    private DetectionHarness(List<Detection<?>> detections, int tasks, Configuration config) throws Exception {
        this.detections = detections;
        this.tasks = tasks;
        this.graph = graph(config, Map.of());
    }

    /** One detection with default parameters. */
    public static DetectionHarness of(Detection<?> detection) {
        return of(detection, Map.of());
    }

    /** One detection with these parameters. */
    public static DetectionHarness of(Detection<?> detection, Map<String, String> parameters) {
        return of(List.of(detection), parameters);
    }

    /** Several detections with these parameters. */
    public static DetectionHarness of(List<Detection<?>> detections, Map<String, String> parameters) {
        return of(detections, 1, parameters);
    }

    /** Several detections whose events are classified in so many tasks, each with what it remembers and its own watermark. */
    public static DetectionHarness of(List<Detection<?>> detections, int tasks, Map<String, String> parameters) {
        try {
            return new DetectionHarness(detections, tasks, Configuration.fromMap(parameters));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends events, in this order of arrival. */
    public DetectionHarness send(SecurityEvent... events) {
        return send(List.of(events));
    }

    /** Sends events, in this order of arrival. */
    public DetectionHarness send(List<SecurityEvent> events) {
        return run(() -> {
            for (SecurityEvent event : events) {
                graph.send(event, event.time().toEpochMilli());
            }
        });
    }

    /** Sends requests that were received and not answered yet, in this order of arrival. */
    public DetectionHarness receive(List<ReceivedRequest> requests) {
        return run(() -> {
            for (ReceivedRequest request : requests) {
                graph.send(tasks, request, request.time().toEpochMilli());
            }
        });
    }

    /** Sends events in event order, each after the watermark of its time: every timer fires where it is due. */
    public DetectionHarness play(List<SecurityEvent> events) {
        for (SecurityEvent event : events) {
            watermark(event.time());
            send(event);
        }
        return this;
    }

    /**
     * Sends events in a random order of arrival, none later than the disorder behind the newest, spread over the tasks, under
     * watermarks that allow for that disorder.
     */
    public DetectionHarness playDisordered(List<SecurityEvent> events, Random random, Duration disorder) {
        record Arrival(long millis, SecurityEvent event) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (SecurityEvent event : events) {
            long delay = random.nextLong(disorder.toMillis());
            arrivals.add(new Arrival(event.time().toEpochMilli() + delay, event));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::millis));
        Instant[] newest = new Instant[tasks];
        for (Arrival arrival : arrivals) {
            int task = random.nextInt(tasks);
            Instant time = arrival.event().time();
            newest[task] = newest[task] == null || time.isAfter(newest[task]) ? time : newest[task];
            sendTo(task, arrival.event());
            watermarkOf(task, newest[task].minus(disorder));
        }
        return this;
    }

    /** Sends events in at one of the tasks, in this order of arrival. */
    public DetectionHarness sendTo(int task, SecurityEvent... events) {
        return run(() -> {
            for (SecurityEvent event : events) {
                graph.send(task, event, event.time().toEpochMilli());
            }
        });
    }

    /** Moves the watermark of one of the tasks. */
    public DetectionHarness watermarkOf(int task, Instant time) {
        return run(() -> {
            graph.watermark(task, Slots.watermark(time.toEpochMilli()));
            if (task == 0) {
                graph.watermark(tasks, Slots.watermark(time.toEpochMilli()));
            }
        });
    }

    /** Moves the watermark: everything before this time has arrived. */
    public DetectionHarness watermark(Instant time) {
        return run(() -> graph.watermark(Slots.watermark(time.toEpochMilli())));
    }

    /** Moves the wall clock. */
    public DetectionHarness wallClock(Instant time) {
        return run(() -> graph.processingTime(time.toEpochMilli()));
    }

    /** Takes a savepoint, stops, and goes on with inputs whose clocks go like this. */
    public DetectionHarness clocks(Map<Source, Duration> lateness, @Nullable Duration idleAfter) {
        clocks = new DetectionOperators.Clocks(lateness, idleAfter);
        return restart();
    }

    /** Takes a savepoint, stops, and goes on; events before this time only teach. */
    public DetectionHarness alertingFrom(Instant time) {
        alertFrom = time;
        return restart();
    }

    /** Takes a savepoint, stops, and goes on with these exemptions. */
    public DetectionHarness exempting(Exemption... exempt) {
        exemptions = new Exemptions(List.of(exempt), Identities.of(new Configuration()));
        return restart();
    }

    /** Takes a savepoint, stops, and goes on with these parameters; alerts that belong together are incidents from now on. */
    public DetectionHarness tellingIncidents(Map<String, String> parameters) {
        incidents = true;
        return restart(parameters);
    }

    /** Replays so fast that no time passes between watermarks. */
    public DetectionHarness atOnce() {
        graph.standStill();
        return this;
    }

    /** Ends the input: all windows close. */
    public DetectionHarness end() {
        return run(() -> graph.watermark(Long.MAX_VALUE));
    }

    /** Takes a savepoint, stops, and goes on with default parameters. */
    public DetectionHarness restart() {
        return restart(Map.of());
    }

    /** Takes a savepoint, stops, and goes on with these parameters. */
    public DetectionHarness restart(Map<String, String> parameters) {
        return run(() -> {
            Map<String, OperatorSubtaskState> states = graph.snapshot();
            graph.close();
            graph = graph(Configuration.fromMap(parameters), states);
        });
    }

    /** The new alerts so far, in the order in which they came. */
    public List<Alert> alerts() {
        return alerts.stream()
                .filter(alert -> alert.activityId() == Alert.CREATE)
                .toList();
    }

    /** What was told of alerts that had repeats, once they were over. */
    public List<Alert> updates() {
        return alerts.stream()
                .filter(alert -> alert.activityId() == Alert.UPDATE)
                .toList();
    }

    /** What was told of alerts that are over. */
    public List<Alert> closed() {
        return alerts.stream()
                .filter(alert -> alert.activityId() == Alert.CLOSE)
                .toList();
    }

    /** The alerts so far as lines that are equal if the alerts say the same, sorted: two runs are compared by them. */
    public List<String> lines() {
        return alerts.stream().map(DetectionHarness::line).sorted().toList();
    }

    private static String line(Alert alert) {
        List<String> evidence = alert.evidence().stream()
                .map(record -> record.stage() + "=" + record.eventId())
                .toList();
        return "%s %s %s/%s %s %s..%s x%d %s %s %s"
                .formatted(
                        alert.detection(),
                        alert.uid(),
                        alert.scope(),
                        alert.activityId(),
                        alert.severity(),
                        alert.start(),
                        alert.time(),
                        alert.count(),
                        alert.message(),
                        alert.facts(),
                        evidence);
    }

    /** Entries of keyed state in all operators together. */
    public int stateEntries() {
        return graph.keyedStateEntries();
    }

    /** Event-time timers of keyed operators, by uid. */
    public Map<String, Integer> timersByUid() {
        return graph.timersByUid();
    }

    /** Entries of keyed state by operator. */
    public Map<String, Integer> stateEntriesByUid() {
        return graph.keyedStateEntriesByUid();
    }

    /** How many records the operator of this uid has been sent since the start or the last restart. */
    public long received(String uid) {
        return graph.received(uid);
    }

    /** A figure of the summary, since the start or the last restart. */
    public long counted(String name) {
        return graph.counted(Counts.PREFIX + name);
    }

    /** The uids of the operators. */
    public List<String> uids() {
        return graph.uids();
    }

    @Override
    public void close() {
        run(() -> graph.close());
    }

    private GraphRunner graph(Configuration config, Map<String, OperatorSubtaskState> states) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        List<DetectionOperators.Input> inputs = new ArrayList<>();
        DataStream<ReceivedRequest> requests = env.fromSequence(1, 1)
                .map(number -> new ReceivedRequest(Instant.EPOCH, "", "", null, null, null))
                .returns(ReceivedRequest.class);
        for (int task = 0; task < tasks; task++) {
            DataStream<SecurityEvent> events = env.fromSequence(1, 1)
                    .map(number -> SecurityEvent.builder().build())
                    .returns(SecurityEvent.class);
            inputs.add(new DetectionOperators.Input(
                    "test-" + task, events, Set.of(Source.values()), null, task == 0 ? requests : null));
        }
        List<Configured<?>> configured = new ArrayList<>();
        for (Detection<?> detection : detections) {
            configured.add(Configured.of(detection, config, true));
        }
        DataStream<Alert> found = DetectionOperators.wire(
                inputs,
                configured,
                new DetectionOperators.Settings(
                        Identities.of(config),
                        HistoryOptions.of(config),
                        exemptions,
                        alertFrom,
                        clocks,
                        IncidentOptions.of(config, incidents)));
        List<Transformation<?>> entries = new ArrayList<>();
        inputs.forEach(input -> entries.add(input.events().getTransformation()));
        entries.add(requests.getTransformation());
        GraphRunner runner = new GraphRunner(entries, found.getTransformation(), alert -> alerts.add((Alert) alert));
        runner.open(states);
        return runner;
    }

    private interface Step {
        void run() throws Exception;
    }

    private DetectionHarness run(Step step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }
}
