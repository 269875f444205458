package io.tocsin.job;

import io.tocsin.alert.Severity;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.redaction.Redaction;
import io.tocsin.job.sink.AlertTable;
import io.tocsin.job.sink.Location;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code detect}: runs the job, on the cluster it is submitted to, or on a Flink of its own in this process. */
final class DetectCommand {
    private static final Logger LOG = LoggerFactory.getLogger(DetectCommand.class);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
    private static final Duration CHECKPOINT_WHEN_FOLLOWING = Duration.ofSeconds(10);
    private static final Duration CHECKPOINT_WHEN_BOUNDED = Duration.ofMinutes(1);
    private static final Duration FLUSH_WHEN_BOUNDED = Duration.ofSeconds(1);
    private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(512);
    /** Who follows an input does not expect an alert later than this. */
    private static final Duration SLOW = Duration.ofMinutes(5);

    private final DetectionCatalog catalog;

    private final Terminal terminal;

    DetectCommand(DetectionCatalog catalog, Terminal terminal) {
        this.catalog = catalog;
        this.terminal = terminal;
    }

    /**
     * Runs to the end.
     *
     * @return the exit code: 0, or 3 where {@code --fail-on} was reached
     * @throws ArgumentException if the arguments are wrong
     */
    int run(List<String> arguments) throws Exception {
        JobParameters parameters = JobParameters.parse(arguments, catalog);
        LOG.info("parameters in force: {}", Redaction.of(parameters.effective().toString()));
        warnOfSlowClocks(parameters);
        RunSummary summary = execute(parameters);
        if (summary == null) {
            return 0;
        }
        terminal.err().print(summary.text());
        terminal.err().flush();
        String file = parameters.config().get(JobOptions.SUMMARY);
        if (file != null) {
            write(file, summary.json());
        }
        Severity failOn = parameters.config().get(JobOptions.FAIL_ON);
        boolean reached =
                failOn != null && summary.worst() != null && summary.worst().compareTo(failOn) >= 0;
        return reached ? 3 : 0;
    }

    /** An input that may carry anything waits for its slowest format, and so do its alerts: no surprise for those who watch. */
    private void warnOfSlowClocks(JobParameters parameters) {
        if (!parameters.config().get(JobOptions.FOLLOW)) {
            return;
        }
        Source slowest = Arrays.stream(Source.values())
                .max(Comparator.comparing(source -> parameters.lateness(List.of(source))))
                .orElseThrow();
        Duration lateness = parameters.lateness(List.of(slowest));
        for (InputSpec spec : parameters.inputs()) {
            if (spec.format().equals(DecoderOptions.AUTO) && lateness.compareTo(SLOW) > 0) {
                terminal.err()
                        .println(
                                "%s may hold any format, so its sequences are decided %s behind, for %s: name its format"
                                                .formatted(
                                                        spec.location(),
                                                        TimeUtils.formatWithHighestUnit(lateness),
                                                        slowest.id())
                                        + " (FORMAT=LOCATION), or set --"
                                        + JobOptions.lateness(slowest).key());
            }
        }
    }

    /** Runs the job; null where it was submitted to run without us. */
    @Nullable
    RunSummary execute(JobParameters parameters) throws Exception {
        StreamExecutionEnvironment environment = environment(parameters, new Configuration());
        boolean table = parameters.config().get(JobOptions.FORMAT) == JobOptions.AlertFormat.TABLE;
        JobGraph.build(parameters, environment, table ? terminal.table() : null, Version.NUMBER);
        long started = System.nanoTime();
        JobClient client = environment.executeAsync("Tocsin");
        if (isDetached(environment)) {
            return null;
        }
        try (Progress progress = Progress.of(client, terminal, PROGRESS_EVERY)) {
            JobExecutionResult result = client.getJobExecutionResult().get();
            progress.end();
            long millis = Duration.ofNanos(System.nanoTime() - started).toMillis();
            Map<String, Object> accumulators = result.getAllAccumulatorResults();
            return RunSummary.of(accumulators, parameters.detections(), parameters.identities(), millis);
        }
    }

    /**
     * Where the job runs. What is a contract of ours is set; of the rest a cluster's own configuration decides, since Flink lets a
     * program's settings win over it.
     *
     * @param more what wins over all of it
     */
    static StreamExecutionEnvironment environment(JobParameters parameters, Configuration more) throws IOException {
        Configuration configuration = contract();
        Optional<Duration> interval = checkpointInterval(parameters);
        if (isLocal(StreamExecutionEnvironment.getExecutionEnvironment())) {
            configuration.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, PROGRESS_EVERY);
            configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
            configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
            configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
            if (interval.isPresent()) {
                checkpointIntoTemporaryFolder(configuration);
            }
            if (!parameters.config().get(JobOptions.FOLLOW)) {
                // A bounded run from the start: what failed would fail again, and the summary must count once.
                configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
                // Most tasks hand on but watermarks: ten flushes a second would only wake those behind them.
                configuration.set(ExecutionOptions.BUFFER_TIMEOUT, FLUSH_WHEN_BOUNDED);
            }
        }
        configuration.addAll(more);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        if (environment.getCheckpointInterval() <= 0) {
            interval.ifPresent(every -> environment.enableCheckpointing(every.toMillis()));
        }
        return environment;
    }

    /** What the job relies on wherever it runs. */
    static Configuration contract() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        return configuration;
    }

    /**
     * How often this run needs a checkpoint, where the cluster's configuration says nothing: folders and topics show what was
     * written at checkpoints only, and a transaction that stays open for longer than brokers allow fails the run.
     */
    static Optional<Duration> checkpointInterval(JobParameters parameters) {
        if (parameters.config().get(JobOptions.FOLLOW)) {
            return Optional.of(CHECKPOINT_WHEN_FOLLOWING);
        }
        return writesInTransactions(parameters) ? Optional.of(CHECKPOINT_WHEN_BOUNDED) : Optional.empty();
    }

    /** Kept in memory, a checkpoint fails once an operator's state is beyond 5 MB. */
    private static void checkpointIntoTemporaryFolder(Configuration configuration) throws IOException {
        Path checkpoints = Files.createTempDirectory("tocsin-checkpoints-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteDirectoryQuietly(checkpoints.toFile())));
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    }

    private static boolean isLocal(StreamExecutionEnvironment environment) {
        String target = environment.getConfiguration().get(DeploymentOptions.TARGET);
        return target == null || target.equals("local");
    }

    private static boolean isDetached(StreamExecutionEnvironment environment) {
        return !isLocal(environment) && !environment.getConfiguration().get(DeploymentOptions.ATTACHED);
    }

    private static boolean writesInTransactions(JobParameters parameters) {
        return parameters.config().get(JobOptions.KAFKA_DELIVERY) == JobOptions.KafkaGuarantee.EXACTLY_ONCE
                && Stream.concat(parameters.alerts().stream(), Stream.of(parameters.deadLetters(), parameters.late()))
                        .anyMatch(location -> location != null && location.kind() == Location.Kind.KAFKA);
    }

    private static void write(String file, String text) throws IOException {
        Files.writeString(Path.of(file), text, StandardCharsets.UTF_8);
    }

    /** Where people read: nothing but alerts goes to standard output. */
    record Terminal(PrintStream out, PrintStream err, boolean interactive) {
        AlertTable table() {
            return AlertTable.forTerminal(System.getenv(), interactive);
        }
    }
}
