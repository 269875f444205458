package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of every kind in logs of every format, and none in anything that whole runs write. */
class RedactionITCase {
    private static final PlantedSecrets SECRETS = new PlantedSecrets();

    @TempDir
    Path folder;

    @Test
    void noSecretReachesDeadLettersLateRecordsAlertsSummaryOrTerminal() throws Exception {
        String logs = TestingRun.write(folder, "planted.log", log());
        Path letters = folder.resolve("letters.jsonl");
        Path late = folder.resolve("late.jsonl");

        TestingRun run =
                TestingRun.detect(folder, logs, "--dead-letters", letters.toString(), "--late", late.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.figure("events")).isGreaterThan(300);
        assertThat(run.figure("late")).isGreaterThan(100);
        assertThat(run.figure("deadLetters")).isGreaterThan(100);
        assertNone("dead letters", Files.readString(letters, StandardCharsets.ISO_8859_1));
        assertNone("late records", Files.readString(late, StandardCharsets.ISO_8859_1));
        assertNone("alerts", String.join("\n", run.lines()));
        assertNone("summary", String.valueOf(run.summary()));
        assertNone("terminal", run.out() + run.err());
        assertThat(Files.readAllLines(letters)).anyMatch(line -> line.endsWith("\"redacted\":true}"));
    }

    @Test
    void noSecretIsAmongTheFirstDeadLettersOnTheTerminal() {
        for (String secret : SECRETS.texts()) {
            String line = secret.replace("\n", "\\n");
            String file = TestingRun.write(folder, "bad.log", List.of("x " + line, "{\"kind\":" + line));
            TestingRun run = TestingRun.of("inspect", file, "--stats");
            assertThat(run.code()).as(run.err()).isZero();
            assertNone("figures of " + line, run.out() + run.err());
        }
        List<String> some = SECRETS.texts().subList(0, 5).stream().toList();
        TestingRun run = TestingRun.detect(folder, TestingRun.write(folder, "bad.log", some));
        assertThat(run.err()).contains("dead letter: ");
        assertNone("terminal", run.err());
    }

    @Test
    void noSecretOfARequestReachesItsAlert() throws Exception {
        List<String> lines = new ArrayList<>();
        long second = 0;
        for (String secret : SECRETS.texts()) {
            String text = escaped(secret);
            lines.add(TestingAuditLines.anonymous(second)
                    .replace("kubectl/v1.31.0", "kubectl/v1.31.0 " + text)
                    .replace("/secrets/a" + second + "\"", "/secrets/a" + second + "?command=" + text + "\""));
            String somebody = "eve " + text;
            lines.add(TestingAuditLines.home(second + 1).replace("\"mallory\"", "\"" + somebody + "\""));
            for (int i = 1; i < 4; i++) {
                lines.add(TestingAuditLines.refused(second + 11L * i).replace("\"mallory\"", "\"" + somebody + "\""));
            }
            lines.add(TestingAuditLines.letIn(second + 55).replace("\"mallory\"", "\"" + somebody + "\""));
            second += 7_200;
        }
        String log = TestingRun.write(folder, "requests.log", lines);

        TestingRun run = TestingRun.detect(folder, log);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.lines().size()).isGreaterThan(SECRETS.texts().size());
        assertThat(String.join("\n", run.lines())).contains("[redacted]");
        assertNone("alerts", String.join("\n", run.lines()));
        assertNone("table", table(log));
    }

    @Test
    void noSecretIsInWhatInspectShows() {
        String logs = TestingRun.write(folder, "planted.log", log());

        for (String option : List.of("--stats", "--links")) {
            TestingRun run = TestingRun.of("inspect", logs, option);
            assertThat(run.code()).as(run.err()).isZero();
            assertNone("inspect " + option, run.out() + run.err());
        }
    }

    private String table(String log) {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, false, StandardCharsets.UTF_8));
        try {
            TestingRun run = TestingRun.of("detect", log, "--alerts", "-", "--format", "table");
            assertThat(run.code()).as(run.err()).isZero();
            System.out.flush();
        } finally {
            System.setOut(before);
        }
        String table = captured.toString(StandardCharsets.UTF_8);
        assertThat(table).contains("WHEN (UTC)", "eve");
        return table;
    }

    private static byte[] log() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (PlantedSecrets.Planted record : SECRETS.records()) {
                all.write(record.bytes());
                all.write('\n');
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return all.toByteArray();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static void assertNone(String output, String text) {
        assertThat(SECRETS.readableIn(text)).as(output).isEmpty();
    }
}
