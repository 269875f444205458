package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each place but Kafka, in a real job. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LineOutputITCase {
    private static final int LINES = 300;
    /** Long lines, so that a writer's buffer overflows between two checkpoints and a failure leaves something to cut off. */
    private static final String PADDING = "x".repeat(20_000);

    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @TempDir
    private Path folder;

    @Test
    void replacesAFile() throws Exception {
        Path file = folder.resolve("out.jsonl");
        Files.writeString(file, "old\n".repeat(10_000));
        run(Location.parse("alerts", file.toString()), false, false);
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void writesEachLineOfAFileOnceAlthoughTheJobFails() throws Exception {
        Path file = folder.resolve("out.jsonl");
        Files.writeString(file, "old\n");
        run(Location.parse("alerts", file.toString()), true, true);
        assertThat(FAILED).isTrue();
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void commitsPartFilesAtTheEndWithoutCheckpoints() throws Exception {
        run(Location.parse("alerts", folder + "/parts/"), false, false);
        assertThat(parts()).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void commitsEachLineOfPartFilesOnceAlthoughTheJobFails() throws Exception {
        run(Location.parse("alerts", folder + "/parts/"), true, true);
        assertThat(FAILED).isTrue();
        assertThat(parts()).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void writesToStandardOutputUnderAHeader() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, false, StandardCharsets.ISO_8859_1));
        try {
            StreamExecutionEnvironment environment = environment(false);
            new LineOutput(Location.STANDARD_OUTPUT, "out", "HEADER", null).attachTo(lines(environment, false));
            environment.execute();
        } finally {
            System.setOut(before);
        }
        List<String> lines = captured.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(0)).isEqualTo("HEADER");
        assertThat(lines.subList(1, lines.size())).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void needsABrokerForATopic() {
        assertThatThrownBy(() -> LineOutput.of(Location.parse("alerts", "kafka:a"), "out", null))
                .hasMessage("kafka.bootstrap-servers must be given to write to kafka:a");
    }

    private void run(Location location, boolean checkpoints, boolean fail) throws Exception {
        FAILED.set(false);
        StreamExecutionEnvironment environment = environment(checkpoints);
        LineOutput.of(location, "out", null).attachTo(lines(environment, fail));
        environment.execute();
    }

    private static List<String> expected() {
        return LongStream.rangeClosed(1, LINES)
                .mapToObj(i -> "ä " + i + PADDING)
                .toList();
    }

    private List<String> parts() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("parts"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static DataStream<Line> lines(StreamExecutionEnvironment environment, boolean fail) {
        return environment
                .fromSequence(1, LINES)
                .uid("numbers")
                .map(new FailingOnce(fail))
                .uid("lines");
    }

    private static StreamExecutionEnvironment environment(boolean checkpoints) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        if (checkpoints) {
            configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        }
        return StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    }

    /** Makes lines; fails once, some lines after a checkpoint. */
    private static final class FailingOnce extends RichMapFunction<Long, Line> implements CheckpointListener {
        private final boolean fail;
        private int afterCheckpoint = -1;

        FailingOnce(boolean fail) {
            this.fail = fail;
        }

        @Override
        public Line map(Long number) throws Exception {
            if (fail) {
                TimeUnit.MILLISECONDS.sleep(8);
                if (afterCheckpoint >= 0 && ++afterCheckpoint > 10 && FAILED.compareAndSet(false, true)) {
                    throw new IOException("planned");
                }
            }
            return new Line(null, ("ä " + number + PADDING).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            if (afterCheckpoint < 0) {
                afterCheckpoint = 0;
            }
        }
    }
}
