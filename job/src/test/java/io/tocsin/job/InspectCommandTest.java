package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.detection.DetectionCatalog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tocsin inspect} as the launcher starts it. */
class InspectCommandTest {
    private static final List<String> TRAFFIC = TestingRun.traffic(5_000, 7, TestingRun.API_ATTACKS);

    @TempDir
    Path folder;

    @Test
    void writesALineForEachRecord() {
        String file = TestingRun.write(
                folder,
                "a.log",
                List.of(
                        TestingAuditLines.quiet(1),
                        TestingAuditLines.quiet(2).replace("ResponseComplete", "RequestReceived"),
                        "",
                        "not JSON password=hunter2"));

        TestingRun run = TestingRun.of("inspect", file);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        List<JsonNode> lines = lines(run);
        assertThat(lines)
                .hasSize(3)
                .allMatch(line -> line.path("location").asText().equals(file));
        assertThat(lines.get(0).path("user").asText()).isEqualTo("jane");
        assertThat(lines.get(0).path("position").asLong()).isZero();
        assertThat(lines.get(1).path("skipped").asText()).isEqualTo("stage");
        assertThat(lines.get(2).path("deadLetter").asText())
                .isEqualTo("no known log format: not JSON password=[redacted]");
        assertThat(lines.get(2).path("position").asLong())
                .isEqualTo(sizeOf(file) - "not JSON password=hunter2\n".length());
    }

    @Test
    void readsCompressedFilesFoldersGlobsAndStandardInputAlike() throws Exception {
        List<String> lines = TRAFFIC.subList(0, 1_000);
        Path below = Files.createDirectory(folder.resolve("logs"));
        TestingRun.write(below, "a.log", lines);
        TestingRun plain = TestingRun.of("inspect", below.toString());
        String expected = withoutLocation(plain);
        assertThat(plain.out().lines()).hasSize(lines.size());

        String compressed = TestingRun.write(folder, "b.log.gz", lines);
        assertThat(withoutLocation(TestingRun.of("inspect", compressed))).isEqualTo(expected);
        assertThat(withoutLocation(TestingRun.of("inspect", folder + "/logs/*.log")))
                .isEqualTo(expected);

        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = new InspectCommand(DetectionCatalog.load(), terminal(out), () -> new ByteArrayInputStream(bytes))
                .run(List.of("-"));
        assertThat(code).isZero();
        assertThat(withoutLocation(out.toString(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @Test
    void keepsTheOrderOfTheArguments() {
        String b = TestingRun.write(folder, "b.log", List.of(TestingAuditLines.quiet(1)));
        String a = TestingRun.write(folder, "a.log", List.of(TestingAuditLines.quiet(2)));

        assertThat(lines(TestingRun.of("inspect", b, a)))
                .extracting(line -> line.path("location").asText())
                .containsExactly(b, a);
    }

    @Test
    void theFiguresAddUp() {
        List<String> lines = new ArrayList<>(TRAFFIC);
        lines.add("not JSON");
        lines.add("nor this");
        String file = TestingRun.write(folder, "traffic.log", lines);

        List<JsonNode> records = lines(TestingRun.of("inspect", "--inputs", "@prod=" + file));
        TestingRun run = TestingRun.of("inspect", "--inputs", "@prod=" + file, "--stats");

        assertThat(run.code()).as(run.err()).isZero();
        long skipped = records.stream().filter(line -> line.has("skipped")).count();
        long dead = records.stream().filter(line -> line.has("deadLetter")).count();
        long events = records.size() - skipped - dead;
        assertThat(run.out())
                .contains("records = events + dead letters + skipped: %,d = %,d + %,d + %,d"
                        .formatted(records.size(), events, dead, skipped))
                .contains("dead letters, no known log format: 2")
                .contains(file + " at ");
        Map<String, Long> byFormat = new TreeMap<>();
        records.stream()
                .filter(line -> line.has("source"))
                .forEach(line -> byFormat.merge(line.path("source").asText(), 1L, Long::sum));
        assertThat(byFormat).hasSize(2);
        byFormat.forEach((format, count) -> assertThat(run.out())
                .containsPattern("(?m)^%s +prod +%s +%s +0 ".formatted(format, number(count), number(count))));
    }

    @Test
    void tellsToWhatDetectionsAreBlind() {
        String file = TestingRun.write(folder, "a.log", List.of(TestingAuditLines.quiet(1)));

        assertThat(TestingRun.of("inspect", "--stats", file).out())
                .containsPattern("(?m)^default has no eks-authenticator records; blind: .*denied-then-granted");
    }

    @Test
    void leavesOutWhatDetectWouldLeaveOut() {
        List<String> lines =
                List.of(TestingAuditLines.quiet(0), TestingAuditLines.quiet(10), TestingAuditLines.quiet(20));
        String file = TestingRun.write(folder, "a.log", lines);
        String from = TestingAuditLines.START.plusSeconds(5).toString();
        String to = TestingAuditLines.START.plusSeconds(15).toString();

        assertThat(lines(TestingRun.of("inspect", file, "--from", from, "--to", to)))
                .extracting(line -> line.path("skipped").asText())
                .containsExactly("before-from", "", "after-to");
        assertThat(TestingRun.of("inspect", "--stats", file, "--from", from, "--to", to)
                        .out())
                .contains("3 = 1 + 0 + 2")
                .contains("skipped: 1 after-to, 1 before-from");
    }

    @Test
    void tellsWhatIsLinked() {
        String line = TestingAuditLines.line(1, "system:node:n1", "10.0.0.1", "get", "pods", "p", 200);
        String file = TestingRun.write(folder, "a.log", List.of(line));

        List<JsonNode> lines = lines(TestingRun.of("inspect", "--links", file));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).path("link").asText()).isEqualTo("node-address");
        assertThat(lines.get(1).path("key").asText()).isEqualTo("10.0.0.1");
        assertThat(lines.get(1).path("value").asText()).isEqualTo("n1");

        assertThat(TestingRun.of("inspect", "--links", "--stats", file).out())
                .contains("links, node-address: 1\n  default: 10.0.0.1 is n1, 2025-")
                .contains("links, pod-node: 0\n");
    }

    @Test
    void givesWhatCanBeReadOfACutFileAndGoesOnWithTheNext() throws Exception {
        String whole = TestingRun.write(folder, "a.log.gz", TRAFFIC.subList(0, 500));
        byte[] bytes = Files.readAllBytes(Path.of(whole));
        Path cut = folder.resolve("cut.log.gz");
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        String next = TestingRun.write(folder, "next.log", List.of(TestingAuditLines.quiet(1)));

        TestingRun run = TestingRun.of("inspect", cut.toString(), next);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .matches("tocsin: \\Q" + cut + "\\E: can't be read beyond byte [0-9]+ \\(uncompressed\\): .*\\R");
        List<JsonNode> lines = lines(run);
        assertThat(lines).hasSizeGreaterThan(50);
        assertThat(lines).noneMatch(line -> line.has("deadLetter"));
        assertThat(lines.get(lines.size() - 1).path("location").asText()).isEqualTo(next);
        assertThat(withoutLocation(TestingRun.of("inspect", whole)))
                .startsWith(withoutLocation(run.out()
                        .lines()
                        .filter(line -> line.contains("cut.log.gz"))
                        .reduce("", (all, line) -> all + line + "\n")));
    }

    @Test
    void stopsQuietlyWhenNobodyReads() {
        String file = TestingRun.write(folder, "traffic.log", TRAFFIC);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ClosedPipe pipe = new ClosedPipe();
        PrintStream out = new PrintStream(pipe, true, StandardCharsets.UTF_8);

        int code = TocsinJob.runAndExplain(
                List.of("inspect", file), new DetectCommand.Terminal(out, new PrintStream(err, true), false));

        assertThat(code).isZero();
        assertThat(err.size()).isZero();
        assertThat(pipe.writes).isLessThan(4);
    }

    @Test
    void namesEveryWrongArgument() {
        TestingRun run = TestingRun.of(
                "inspect", "kafka:audit", folder.resolve("missing.log").toString(), "--stat");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("no such parameter: stat; did you mean stats?")
                .contains("inputs: inspect reads files and standard input, no topics: kafka:audit")
                .contains("missing.log: no such file or folder")
                .doesNotContain("kafka.bootstrap-servers");
        assertThat(TestingRun.of("inspect").err()).contains("nothing to read");
        assertThat(TestingRun.of("detect", "--stats", "-").code()).isEqualTo(2);
    }

    @Test
    void explainsItself() {
        TestingRun run = TestingRun.of("inspect", "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: tocsin inspect").contains("--stats", "--links");
        assertThat(TestingRun.of("--help").out()).contains("tocsin inspect [FILE...]");
    }

    private static List<JsonNode> lines(TestingRun run) {
        return run.out().lines().map(TestingRun::json).toList();
    }

    private static String withoutLocation(TestingRun run) {
        assertThat(run.code()).as(run.err()).isLessThan(2);
        return withoutLocation(run.out());
    }

    private static String withoutLocation(String out) {
        return out.replaceAll("\"location\":\"[^\"]*\"", "");
    }

    private static String number(long number) {
        return "%,d".formatted(number);
    }

    private static long sizeOf(String file) {
        try {
            return Files.size(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DetectCommand.Terminal terminal(OutputStream out) {
        return new DetectCommand.Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                false);
    }

    /** What a process writes to whose reader has gone. */
    private static final class ClosedPipe extends OutputStream {
        private int writes;

        @Override
        public void write(int b) throws IOException {
            writes++;
            throw new IOException("Broken pipe");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            write(0);
        }
    }
}
