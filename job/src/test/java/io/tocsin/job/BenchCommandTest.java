package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.DetectionCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    @TempDir
    Path folder;

    @Test
    void measuresEachFile() throws IOException {
        String json = TestingRun.write(
                folder,
                "audit.log.gz",
                List.of(TestingAuditLines.quiet(1), TestingAuditLines.quiet(2), "{\"cut\":\"sho"));
        String text = TestingRun.write(folder, "text.log", List.of("some text", "[2026] more", "\"quoted\"\\"));
        String empty = TestingRun.write(folder, "empty.log", new byte[0]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int code = new BenchCommand(
                        DetectionCatalog.load(),
                        new DetectCommand.Terminal(
                                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false),
                        Duration.ZERO)
                .run(List.of(json, text, empty));

        assertThat(code).isZero();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(0)).contains(" processors, Java ").contains("median of 5 rounds");
        assertThat(lines).hasSize(7);
        assertThat(lines.get(4)).matches(".*audit.log.gz +0.0 +2 +[0-9,]+ .* [0-9]+\\.[0-9]{2}  kubernetes-audit");
        assertThat(lines.get(5)).matches(".*text.log +0.0 +0 +[0-9,]+ .*");
        assertThat(lines.get(6)).contains("empty.log");
    }

    @Test
    void measuresWhatMoreRulesCost() throws IOException {
        String json =
                TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(1), TestingAuditLines.quiet(2)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int code = new BenchCommand(
                        DetectionCatalog.load(),
                        new DetectCommand.Terminal(
                                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false),
                        Duration.ZERO)
                .run(List.of("rules", json));

        assertThat(code).isZero();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(8);
        assertThat(lines.get(4)).matches(" +10 +2 +[0-9]+ +[0-9,]+ +1.00 +[0-9,]+ +1.00");
        assertThat(lines.get(7)).startsWith("  2,000          2 ");
        assertThat(TestingRun.of("bench", "rules", "--help").out()).startsWith("Usage: tocsin bench rules");
    }

    @Test
    void refusesWhatCantBeReadAgain() {
        assertThat(TestingRun.of("bench", "-").code()).isEqualTo(2);
        assertThat(TestingRun.of("bench", "kafka:audit").err()).contains("bench reads files");
        assertThat(TestingRun.of("bench", "--help").out()).startsWith("Usage: tocsin bench");
    }
}
