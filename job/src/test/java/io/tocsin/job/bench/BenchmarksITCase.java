package io.tocsin.job.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every row runs, over next to nothing: the numbers mean nothing here. */
class BenchmarksITCase {
    private static final int COLUMNS = 8;
    private static final int RATIO = 3;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private List<String> run(List<String> groups) throws Exception {
        Setting setting = new Setting(folder, 5_000, 1, Duration.ZERO, true, null);
        return Benchmarks.run(setting, groups, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @Test
    void everyRowComesToANumber() throws Exception {
        List<String> lines = run(null);

        int at = lines.indexOf(MarkdownTable.RULE);
        assertThat(lines.get(at - 1)).isEqualTo(MarkdownTable.HEAD);
        List<List<String>> rows = lines.subList(at + 1, lines.size()).stream()
                .takeWhile(line -> line.startsWith("| "))
                .map(BenchmarksITCase::cells)
                .toList();
        assertThat(rows).allSatisfy(row -> assertThat(row).hasSize(COLUMNS));
        assertThat(rows.stream().filter(BenchmarksITCase::isTitle)).hasSameSizeAs(Benchmarks.groups());
        assertThat(rows.stream().filter(row -> !isTitle(row)))
                .hasSizeGreaterThan(Benchmarks.groups().size())
                .allSatisfy(row -> assertThat(row.get(RATIO)).matches("-?[0-9][0-9,]*(\\.[0-9]+)?"));
        assertThat(Files.readAllLines(folder.resolve(Benchmarks.TABLE))).isEqualTo(lines);
        assertThat(String.join("\n", lines))
                .contains("Java " + Runtime.version(), "Flink 2.", "Jackson 2.", " processors, ");
    }

    private static boolean isTitle(List<String> row) {
        return row.get(0).startsWith("**");
    }

    /** What stands between the bars of a line. */
    private static List<String> cells(String line) {
        String[] cells = line.split("\\|", -1);
        return Arrays.stream(cells)
                .limit(cells.length - 1L)
                .skip(1)
                .map(String::trim)
                .toList();
    }

    @Test
    void refusesRowsThereAreNot() {
        assertThatThrownBy(() -> run(List.of("decode", "fly")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bench.rows must be some of [decode, ")
                .hasMessageEndingWith("[decode, fly]");
    }
}
