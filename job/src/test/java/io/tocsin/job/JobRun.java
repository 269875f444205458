package io.tocsin.job;

import io.tocsin.detection.Configured;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.RuleDetection;
import io.tocsin.detection.SequenceDetection;
import io.tocsin.detection.SigmaDetection;
import io.tocsin.job.bench.Measure;
import io.tocsin.job.decode.Decoded;
import io.tocsin.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * One bounded run of the product's own graph in this process, on the environment that the launcher makes.
 *
 * @param measure its events, and what it took from submission to its end
 * @param records records that were read
 * @param signals signals that left the sources, by detection and stage
 * @param alerts alerts, by detection
 */
public record JobRun(Measure measure, long records, Map<String, Long> signals, Map<String, Long> alerts) {
    /** What is run. */
    public static final String VERSION = Version.NUMBER;

    private static final DetectionCatalog CATALOG = DetectionCatalog.load();
    private static final String DECODED = "decode-files";

    public JobRun {
        signals = Map.copyOf(signals);
        alerts = Map.copyOf(alerts);
    }

    /** The parameters of {@code detect}. */
    public static JobParameters parameters(List<String> arguments) {
        return JobParameters.parse(arguments, CATALOG);
    }

    /** Ids of the detections that are sequences, in the order of the catalogue. */
    public static List<String> sequences() {
        return CATALOG.all().stream()
                .filter(detection -> detection instanceof SequenceDetection)
                .map(detection -> detection.info().id())
                .toList();
    }

    /** The same with these rules enabled and no others; those it does not know are added. */
    public static JobParameters withRules(JobParameters parameters, List<SigmaRule> rules) {
        Map<String, SigmaRule> missing = new LinkedHashMap<>();
        rules.forEach(rule -> missing.put(rule.id(), rule));
        List<Configured<?>> detections = new ArrayList<>();
        for (Configured<?> configured : parameters.detections()) {
            boolean on = !(configured.detection() instanceof SigmaDetection sigma)
                    || missing.remove(sigma.rule().id()) != null;
            detections.add(enabled(configured, on && configured.enabled()));
        }
        missing.values()
                .forEach(rule -> detections.add(Configured.of(new RuleDetection(rule), parameters.config(), true)));
        return new JobParameters(
                parameters.inputs(),
                parameters.alerts(),
                parameters.deadLetters(),
                parameters.late(),
                parameters.from(),
                parameters.to(),
                parameters.alertFrom(),
                detections,
                parameters.identities(),
                parameters.histories(),
                parameters.exemptions(),
                parameters.networks(),
                parameters.config(),
                parameters.kafkaProperties(),
                parameters.incidents());
    }

    private static <P extends Detection.Params> Configured<P> enabled(Configured<P> configured, boolean enabled) {
        return new Configured<>(
                configured.detection(),
                configured.params(),
                configured.severity(),
                configured.suppressMillis(),
                enabled,
                configured.overridden());
    }

    /**
     * Runs the whole job.
     *
     * @param cluster what wins over the launcher's configuration: parallelism, state backend, checkpoints
     */
    public static JobRun whole(JobParameters parameters, Configuration cluster) throws Exception {
        long cpu = Measure.processCpuNanos();
        long start = System.nanoTime();
        StreamExecutionEnvironment environment = DetectCommand.environment(parameters, cluster);
        JobGraph.build(parameters, environment, null, VERSION);
        JobExecutionResult result = environment.execute("Tocsin");
        long nanos = System.nanoTime() - start;
        long taken = Measure.processCpuNanos() - cpu;
        RunSummary summary = RunSummary.of(
                result.getAllAccumulatorResults(), parameters.detections(), parameters.identities(), nanos / 1_000_000);
        return new JobRun(
                new Measure(summary.events(), taken, nanos, Map.of()),
                summary.records(),
                summary.signalsOf(),
                summary.alerts());
    }

    /**
     * Runs the same graph up to its decoders, and throws away what they decode: the same source and the same projection, since the
     * rest of the graph is cut off.
     */
    public static JobRun discarding(JobParameters parameters, Configuration cluster) throws Exception {
        return decoding(parameters, cluster, decoded -> {});
    }

    /** Runs the same graph up to its decoders, and then something else than detections. */
    public static JobRun decoding(JobParameters parameters, Configuration cluster, Consumer<DataStream<Decoded>> behind)
            throws Exception {
        long cpu = Measure.processCpuNanos();
        long start = System.nanoTime();
        StreamExecutionEnvironment environment = DetectCommand.environment(parameters, cluster);
        JobGraph.build(parameters, environment, null, VERSION);
        DataStream<Decoded> decoded = cut(environment);
        decoded.filter(new Counting())
                .uid("count")
                .setParallelism(decoded.getParallelism())
                .sinkTo(new DiscardingSink<>())
                .uid("discard");
        behind.accept(decoded);
        JobExecutionResult result = environment.execute("Tocsin, decoding alone");
        long nanos = System.nanoTime() - start;
        long taken = Measure.processCpuNanos() - cpu;
        long events = result.getAccumulatorResult(Counting.EVENTS);
        long records = result.getAccumulatorResult(Counting.RECORDS);
        return new JobRun(new Measure(events, taken, nanos, Map.of()), records, Map.of(), Map.of());
    }

    /** What the decoders give, in an environment that has nothing else. */
    private static DataStream<Decoded> cut(StreamExecutionEnvironment environment) {
        List<Transformation<?>> all = environment.getTransformations();
        Transformation<?> decoders = all.stream()
                .filter(one -> DECODED.equals(one.getUid()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no operator has the uid " + DECODED));
        all.clear();
        @SuppressWarnings("unchecked") // the uid is that of the operator that gives them
        Transformation<Decoded> typed = (Transformation<Decoded>) decoders;
        return new DataStream<>(environment, typed);
    }

    /** Counts, and lets nothing through. */
    private static final class Counting extends RichFilterFunction<Decoded> {
        private static final long serialVersionUID = 1;
        static final String EVENTS = "events";
        static final String RECORDS = "records";

        private final LongCounter events = new LongCounter();
        private final LongCounter records = new LongCounter();

        @Override
        public void open(OpenContext context) {
            getRuntimeContext().addAccumulator(EVENTS, events);
            getRuntimeContext().addAccumulator(RECORDS, records);
        }

        @Override
        public boolean filter(Decoded decoded) {
            records.add(1L);
            if (decoded.event() != null) {
                events.add(1L);
            }
            return false;
        }
    }
}
