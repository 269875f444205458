package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.detection.Counts;
import io.tocsin.detection.DetectionCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job, stopped in the middle of an attack and resumed otherwise. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SavepointITCase {
    private static final String MIN_FORBIDDEN = "--detections.forbidden-then-success.min-forbidden";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        // refusals, threshold before and after, parallelism before and after, alerts
        "3, 3, 3, 2, 1, 1",
        "2, 3, 2, 1, 2, 1",
        "3, 3, 4, 1, 1, 0",
    })
    void decidesByTheParametersOfTheRunThatTheAttackEndsIn(
            int refusals, int before, int after, int parallelismBefore, int parallelismAfter, int alerts)
            throws Exception {
        String log = TestingRun.write(folder, "audit.log", beginning(refusals));
        Path found = folder.resolve("alerts.jsonl");
        String[] arguments = {log, "--alerts", found.toString(), MIN_FORBIDDEN};

        String savepoint = stopped(
                beginning(refusals).size(), parallelismBefore, and(arguments, String.valueOf(before), "--follow"));
        assertThat(Files.readAllLines(found)).isEmpty();
        Files.write(Path.of(log), ending(), StandardOpenOption.APPEND);
        resumed(savepoint, parallelismAfter, and(arguments, String.valueOf(after)));

        assertThat(Files.readAllLines(found).stream().map(TestingRun::found))
                .hasSize(alerts)
                .allMatch("forbidden-then-success default mallory"::equals);
        TestingRun through = TestingRun.detect(folder, log, MIN_FORBIDDEN, String.valueOf(after));
        if (before == after) {
            assertThat(Files.readAllLines(found)).isEqualTo(through.lines());
        } else {
            // How often the threshold was found crossed differs, and is told.
            assertThat(Files.readAllLines(found).stream()
                            .map(SavepointITCase::identity)
                            .toList())
                    .isEqualTo(through.lines().stream()
                            .map(SavepointITCase::identity)
                            .toList());
        }
    }

    private static String identity(String line) {
        JsonNode alert = TestingRun.json(line);
        return alert.at("/finding_info/uid") + " " + alert.path("time") + " " + alert.path("evidences");
    }

    @Test
    void doesNotRepeatWhatItToldBefore() throws Exception {
        List<String> all = new ArrayList<>(beginning(3));
        all.addAll(ending());
        String log = TestingRun.write(folder, "audit.log", all);
        Path found = folder.resolve("alerts.jsonl");

        String[] alone = {"--detections.enabled", "forbidden-then-success"};
        String savepoint = stopped(
                all.size(),
                2,
                "--inputs",
                "kubernetes-audit=" + log,
                "--alerts",
                found.toString(),
                alone[0],
                alone[1],
                "--follow");
        List<String> told = Files.readAllLines(found);
        Files.write(
                Path.of(log),
                IntStream.range(0, 30)
                        .mapToObj(i -> i % 3 == 0 ? TestingAuditLines.letIn(900 + i) : TestingAuditLines.quiet(900 + i))
                        .toList(),
                StandardOpenOption.APPEND);
        resumed(
                savepoint,
                1,
                "--inputs",
                "kubernetes-audit=" + log,
                "--alerts",
                found.toString(),
                alone[0],
                alone[1],
                MIN_FORBIDDEN,
                "2");

        assertThat(told).hasSize(1);
        List<String> lines = Files.readAllLines(found);
        assertThat(lines.subList(0, 1)).isEqualTo(told);
        assertThat(lines.subList(1, lines.size()))
                .as("only how often it went on")
                .hasSizeLessThan(2)
                .allMatch(line -> line.contains("\"activity_id\":2"));
    }

    /** So long after the refusals that the clock has passed them. */
    private static List<String> beginning(int refusals) {
        List<String> lines = new ArrayList<>(List.of(TestingAuditLines.home(0)));
        IntStream.range(0, refusals).forEach(i -> lines.add(TestingAuditLines.refused(20 + 11L * i)));
        IntStream.range(0, 30).forEach(i -> lines.add(TestingAuditLines.quiet(60 + 8L * i)));
        return lines;
    }

    private static List<String> ending() {
        List<String> lines = new ArrayList<>(List.of(TestingAuditLines.letIn(320)));
        IntStream.range(0, 30).forEach(i -> lines.add(TestingAuditLines.quiet(330 + 8L * i)));
        return lines;
    }

    /** Runs until so many records are read, and gives the savepoint it was stopped with. */
    private String stopped(int records, int parallelism, String... arguments) throws Exception {
        JobClient job = start(null, parallelism, arguments);
        Object read = null;
        while (!Long.valueOf(records).equals(read)) {
            assertThat(job.getJobStatus().get()).isIn(JobStatus.INITIALIZING, JobStatus.CREATED, JobStatus.RUNNING);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            read = job.getAccumulators().get().get(Counts.PREFIX + RunSummary.RECORDS);
        }
        return job.stopWithSavepoint(
                        false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
    }

    private void resumed(String savepoint, int parallelism, String... arguments) throws Exception {
        start(savepoint, parallelism, arguments).getJobExecutionResult().get();
    }

    private static JobClient start(String savepoint, int parallelism, String... arguments) throws Exception {
        JobParameters parameters = JobParameters.parse(Arrays.asList(arguments), DetectionCatalog.load());
        Configuration configuration = DetectCommand.contract();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        JobGraph.build(parameters, environment, null, Version.NUMBER);
        return environment.executeAsync("test");
    }

    private static String[] and(String[] some, String... others) {
        List<String> all = new ArrayList<>(Arrays.asList(some));
        all.addAll(Arrays.asList(others));
        return all.toArray(new String[0]);
    }
}
