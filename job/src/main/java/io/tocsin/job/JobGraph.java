package io.tocsin.job;

import io.tocsin.alert.Alert;
import io.tocsin.detection.DetectionOperators;
import io.tocsin.detection.DetectionOperators.Input;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.kafka.KafkaConnection;
import io.tocsin.job.sink.AlertJson;
import io.tocsin.job.sink.AlertTable;
import io.tocsin.job.sink.KafkaDelivery;
import io.tocsin.job.sink.Line;
import io.tocsin.job.sink.LineOutput;
import io.tocsin.job.sink.Location;
import io.tocsin.job.source.BlockDecoder;
import io.tocsin.job.source.FileMergeSource;
import io.tocsin.job.source.KafkaInput;
import io.tocsin.job.source.LiveClock;
import io.tocsin.job.source.RecordClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The graph of {@code detect}: inputs, the detections, outputs. Inputs and outputs are named by their locations, so that state
 * fits when others are added.
 */
final class JobGraph {
    private static final TypeInformation<Line> LINE = TypeInformation.of(Line.class);

    /** A line may be an envelope around many records. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private final JobParameters parameters;
    private final StreamExecutionEnvironment environment;
    private final List<DataStream<Line>> deadLetters = new ArrayList<>();
    private final List<DataStream<Line>> late = new ArrayList<>();

    private JobGraph(JobParameters parameters, StreamExecutionEnvironment environment) {
        this.parameters = parameters;
        this.environment = environment;
    }

    /**
     * Builds the graph.
     *
     * @param table how alerts on standard output are written as a table; null for JSON lines
     * @throws ArgumentException if an input or output is not there
     */
    static void build(
            JobParameters parameters,
            StreamExecutionEnvironment environment,
            @Nullable AlertTable table,
            String version) {
        JobGraph graph = new JobGraph(parameters, environment);
        graph.write(graph.detect(graph.inputs()), table, version);
    }

    private List<Input> inputs() {
        List<String> problems = new ArrayList<>();
        List<Input> inputs = new ArrayList<>();
        List<InputSpec> files =
                parameters.inputs().stream().filter(spec -> !spec.isKafka()).toList();
        if (!files.isEmpty()) {
            Input input = files(files, problems);
            if (input != null) {
                inputs.add(input);
            }
        }
        Set<String> topics = new LinkedHashSet<>();
        for (InputSpec spec : parameters.inputs()) {
            if (spec.isKafka()) {
                if (!topics.add(spec.topics())) {
                    problems.add("inputs: named twice: " + spec.location());
                    continue;
                }
                try {
                    inputs.add(kafka(spec));
                } catch (IllegalArgumentException e) {
                    problems.add(e.getMessage());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ArgumentException(problems);
        }
        return inputs;
    }

    private @Nullable Input files(List<InputSpec> specs, List<String> problems) {
        List<String> locations = specs.stream().map(InputSpec::location).toList();
        boolean follow = parameters.config().get(JobOptions.FOLLOW);
        int before = problems.size();
        Map<String, InputSpec> byFile = FileInputs.bySpec(specs, follow, problems);
        if (problems.size() > before) {
            return null;
        }
        Set<Source> carries = EnumSet.noneOf(Source.class);
        specs.forEach(spec -> carries.addAll(carries(spec)));
        DecoderOptions options = parameters.decoding();
        Duration disorder = parameters.lateness(carries);
        int maxBytes = Math.max(MAX_LINE_BYTES, options.maxRecordBytes());
        SerializableSupplier<DocumentDecoder> decoders = () -> new InputDecoder(specs, byFile, options);
        FileMergeSource source = follow
                ? FileMergeSource.following(
                        locations,
                        RecordClock.of(decoders),
                        disorder,
                        maxBytes,
                        parameters.config().get(JobOptions.IDLE_AFTER))
                : FileMergeSource.of(locations, RecordClock.of(decoders), disorder, maxBytes);
        SingleOutputStreamOperator<Decoded> decoded = environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "Files")
                .uid("files")
                .setParallelism(1)
                .rebalance()
                .process(new BlockDecoder(decoders))
                .returns(TypeInformation.of(Decoded.class))
                .name("Decode files")
                .uid("decode-files");
        return take("files", decoded, carries, onlyCluster(specs));
    }

    private Input kafka(InputSpec spec) {
        DecoderOptions options = parameters.decoding().in(spec.format(), spec.cluster());
        Set<Source> carries = carries(spec);
        KafkaInput input = new KafkaInput(
                connection(),
                List.of(spec.topics().split("\\+")),
                parameters.config().get(JobOptions.KAFKA_GROUP_ID),
                parameters.config().get(JobOptions.FOLLOW),
                () -> Decoders.create(options));
        input.check();
        Duration idleAfter = parameters.config().get(JobOptions.IDLE_AFTER);
        return take(
                spec.id(),
                input.read(environment, LiveClock.ofDecoded(parameters.lateness(carries), idleAfter), spec.id()),
                carries,
                onlyCluster(List.of(spec)));
    }

    /** The cluster that the user says all records are of; null if envelopes tell, or there are several. */
    private static @Nullable String onlyCluster(List<InputSpec> specs) {
        String only = specs.get(0).cluster();
        for (InputSpec spec : specs) {
            if (only == null || !only.equals(spec.cluster())) {
                return null;
            }
        }
        return only;
    }

    private Input take(
            String id, SingleOutputStreamOperator<Decoded> decoded, Set<Source> carries, @Nullable String cluster) {
        SingleOutputStreamOperator<SecurityEvent> events = decoded.process(new Intake(
                        parameters.from(),
                        parameters.to(),
                        parameters.deadLetters() != null,
                        parameters.late() != null))
                .returns(TypeInformation.of(SecurityEvent.class))
                .name("Take in " + id)
                .uid("intake-" + id);
        deadLetters.add(events.getSideOutput(Intake.DEAD_LETTERS));
        late.add(events.getSideOutput(Intake.LATE));
        return new Input(id, events, carries, cluster, events.getSideOutput(Intake.REQUESTS));
    }

    private DataStream<Alert> detect(List<Input> inputs) {
        return DetectionOperators.wire(
                inputs,
                parameters.detections(),
                new DetectionOperators.Settings(
                        parameters.identities(),
                        parameters.histories(),
                        parameters.exemptions(),
                        parameters.alertFrom(),
                        clocks(),
                        parameters.incidents()));
    }

    private DetectionOperators.Clocks clocks() {
        Map<Source, Duration> lateness = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            lateness.put(source, parameters.lateness(Set.of(source)));
        }
        boolean follow = parameters.config().get(JobOptions.FOLLOW);
        return new DetectionOperators.Clocks(
                lateness, follow ? parameters.config().get(JobOptions.IDLE_AFTER) : null);
    }

    private void write(DataStream<Alert> alerts, @Nullable AlertTable table, String version) {
        DataStream<Alert> written = alerts.filter(new AlertBooks(parameters.minSeverity()))
                .name("Count alerts")
                .uid("alert-books");
        AlertJson json = new AlertJson(version);
        for (Location location : parameters.alerts()) {
            boolean asTable = table != null && location.kind() == Location.Kind.STANDARD_OUTPUT;
            String id = "alerts-" + id(location);
            DataStream<Line> lines = written.map(
                            alert -> asTable && table != null ? table.line(alert) : json.line(alert))
                    .returns(LINE)
                    .name("Write " + id)
                    .uid(id + "-lines");
            output(location, id, asTable && table != null ? table.header() : null)
                    .attachTo(lines);
        }
        writeAll(deadLetters, parameters.deadLetters(), "dead-letters");
        writeAll(late, parameters.late(), "late");
    }

    private void writeAll(List<DataStream<Line>> streams, @Nullable Location location, String name) {
        if (location == null) {
            return;
        }
        DataStream<Line> all = streams.get(0);
        for (DataStream<Line> stream : streams.subList(1, streams.size())) {
            all = all.union(stream);
        }
        output(location, name + "-" + id(location), null).attachTo(all);
    }

    private LineOutput output(Location location, String uid, @Nullable String header) {
        KafkaDelivery delivery = null;
        if (location.kind() == Location.Kind.KAFKA) {
            boolean exactly =
                    parameters.config().get(JobOptions.KAFKA_DELIVERY) == JobOptions.KafkaGuarantee.EXACTLY_ONCE;
            delivery = new KafkaDelivery(
                    connection(),
                    exactly ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE,
                    parameters.config().get(JobOptions.KAFKA_GROUP_ID));
            try {
                connection().check(List.of(location.target()));
            } catch (IllegalArgumentException e) {
                throw new ArgumentException(List.of(String.valueOf(e.getMessage())));
            }
        }
        return new LineOutput(location, uid, header, delivery);
    }

    private KafkaConnection connection() {
        return new KafkaConnection(
                parameters.config().get(JobOptions.KAFKA_BOOTSTRAP_SERVERS), parameters.kafkaProperties());
    }

    /** What an input can carry: its format's source, or anything if records tell themselves. */
    private static Set<Source> carries(InputSpec spec) {
        Set<Source> carries = EnumSet.noneOf(Source.class);
        for (Source source : Source.values()) {
            if (spec.format().equals(DecoderOptions.AUTO) || spec.format().equals(source.id())) {
                carries.add(source);
            }
        }
        return carries;
    }

    /** The place as it is written: a uid may hold any character, and two places must not share one. */
    private static String id(Location location) {
        return location.toString();
    }
}
