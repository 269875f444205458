package io.tocsin.job.source;

import static io.tocsin.job.source.TestingLog.T0;
import static io.tocsin.job.source.TestingLog.line;
import static io.tocsin.job.source.TestingLog.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Slots;
import io.tocsin.job.decode.Decoded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FileMergeSourceITCase {
    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
                    .setNumberTaskManagers(1)
                    .setNumberSlotsPerTaskManager(2)
                    .build());

    private static final AtomicBoolean FAILED = new AtomicBoolean();
    private static final Duration DISORDER = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** What a record is once decoded. */
    public record Seen(String id, long time, long watermark, boolean deadLetter) {
        boolean late() {
            return !deadLetter && time <= watermark;
        }
    }

    /** Tells the watermark that each record is decoded behind; fails once after a checkpoint if it is told to. */
    private static final class Look extends ProcessFunction<Decoded, Seen> implements CheckpointListener {
        private static final long serialVersionUID = 1;
        private final boolean fails;
        private int seen;
        private boolean checkpointed;

        Look(boolean fails) {
            this.fails = fails;
        }

        @Override
        public void processElement(Decoded decoded, Context context, Collector<Seen> out) {
            seen++;
            if (fails && checkpointed && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("planned");
            }
            long watermark = context.timerService().currentWatermark();
            if (watermark != Long.MIN_VALUE && Slots.endOf(watermark) != watermark) {
                throw new AssertionError("a watermark within a slot: " + watermark);
            }
            out.collect(
                    decoded.event() == null
                            ? new Seen("", 0, watermark, true)
                            : new Seen(
                                    String.valueOf(decoded.event().auditId()),
                                    decoded.event().time().toEpochMilli(),
                                    watermark,
                                    false));
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            checkpointed = seen > 0;
        }
    }

    @SuppressWarnings("try") // close() may be interrupted
    private List<Seen> run(boolean fails, String... locations) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, fails ? "fixed-delay" : "none");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        if (fails) {
            configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(20));
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        DataStream<Seen> seen = env.fromSource(
                        FileMergeSource.of(List.of(locations), RecordClock.of(TestingDecoder::new), DISORDER, 1 << 20),
                        WatermarkStrategy.noWatermarks(),
                        "files")
                .setParallelism(1)
                .rebalance()
                .process(new BlockDecoder(TestingDecoder::new))
                .process(new Look(fails));
        List<Seen> all = new ArrayList<>();
        try (CloseableIterator<Seen> results = seen.executeAndCollect()) {
            results.forEachRemaining(all::add);
        }
        return all;
    }

    private static Map<String, List<Integer>> numbersOf(List<Seen> seen) {
        Map<String, List<Integer>> numbers = new HashMap<>();
        for (Seen s : seen) {
            String[] parts = s.id().split("-", 2);
            numbers.computeIfAbsent(parts[0], p -> new ArrayList<>()).add(Integer.valueOf(parts[1]));
        }
        return numbers;
    }

    @Test
    void twentyFilesOfOneClusterEachHaveNoLateRecord() throws Exception {
        for (int i = 0; i < 20; i++) {
            List<String> lines = lines("c" + i, 500, T0 + (i % 4) * 300_000L, 1_000 + i * 100);
            if (i % 2 == 0) {
                TestingLog.write(folder.resolve("c" + i + ".log"), lines);
            } else {
                TestingLog.writeGzip(folder.resolve("c" + i + ".log.gz"), lines, 3);
            }
        }
        List<Seen> seen = run(false, folder.toString());
        assertThat(seen).hasSize(10_000).noneMatch(Seen::late).anyMatch(s -> s.watermark() > T0 + 1_000_000);
        assertThat(numbersOf(seen)).hasSize(20).allSatisfy((cluster, numbers) -> assertThat(numbers)
                .hasSize(500)
                .doesNotHaveDuplicates());
    }

    @Test
    void oneStreamInFiveOverlappingFilesHasNoLateRecordInAnyOrder() throws Exception {
        List<List<String>> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            files.add(new ArrayList<>());
        }
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            files.get(Math.min(4, i / 2_000 + random.nextInt(2))).add(line("s-" + i, T0 + i * 100L));
        }
        List<String> names = new ArrayList<>();
        for (int i : new int[] {3, 0, 4, 2, 1}) {
            names.add(TestingLog.write(folder.resolve("f" + i), files.get(i)).toString());
        }
        List<Seen> seen = run(false, names.toArray(String[]::new));
        assertThat(seen).noneMatch(Seen::late);
        assertThat(numbersOf(seen).get("s")).hasSize(10_000).doesNotHaveDuplicates();
    }

    @Test
    void aLateRecordInASmallFileIsSeenAsLate() throws Exception {
        List<String> lines = lines("a", 40, T0, 5_000);
        lines.add(35, line("late-1", T0));
        lines.add(22, line("justintime-1", T0 + 40_000)); // the line behind it moves the watermark past it
        assertThat(lines.get(23)).contains("a-22");
        TestingLog.write(folder.resolve("a"), lines);
        assertThat(run(false, folder.toString()))
                .filteredOn(Seen::late)
                .extracting(Seen::id)
                .containsExactly("late-1");
    }

    @Test
    void emptyFilesAndEndlessLinesAreRead() throws Exception {
        Files.writeString(folder.resolve("empty"), "");
        TestingLog.write(
                folder.resolve("long"),
                List.of(
                        line("a-1", T0),
                        "{\"auditID\":\"long-1\",\"x\":\"" + "x".repeat(10_000_000),
                        line("a-2", T0 + 1)));
        assertThat(run(false, folder.toString()))
                .extracting(Seen::id)
                .containsExactlyInAnyOrder("a-1", "long-1", "a-2");
    }

    @Test
    void afterAFailureEachLineIsSeenOnce() throws Exception {
        for (int i = 0; i < 4; i++) {
            List<String> lines = lines("c" + i, 60_000, T0 + i * 5_000L, 25);
            if (i % 2 == 0) {
                TestingLog.write(folder.resolve("c" + i), lines);
            } else {
                TestingLog.writeGzip(folder.resolve("c" + i + ".gz"), lines, 3);
            }
        }
        FAILED.set(false);
        List<Seen> seen = run(true, folder.toString());
        assertThat(FAILED).isTrue();
        assertThat(seen).noneMatch(Seen::late);
        assertThat(numbersOf(seen)).hasSize(4).allSatisfy((file, numbers) -> assertThat(numbers)
                .hasSize(60_000)
                .doesNotHaveDuplicates());
    }
}
