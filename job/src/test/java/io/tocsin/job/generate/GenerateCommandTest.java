package io.tocsin.job.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.event.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void writesTheLogAndTellsOnTheSideWhatIsHidden() throws IOException {
        run(Map.of("events", "5_000", "attacks", "rogue-insider"));

        assertThat(out.toString(StandardCharsets.US_ASCII).lines()).hasSizeGreaterThan(4_900);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("1 attacks hidden")
                .contains("rogue-insider: arn:aws:iam::111122223333:role/dev-tom-okafor from 198.51.100.18");
    }

    @Test
    void writesAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("audit.log");

        TrafficGenerator.Written written = run(Map.of("events", "5000", "out", file.toString()));

        assertThat(out.size()).isZero();
        assertThat(Files.size(file)).isEqualTo(written.bytes());
    }

    @Test
    void writesAFolderWithAFileForEachSource(@TempDir Path folder) throws IOException {
        String target = folder.resolve("logs") + "/";

        TrafficGenerator.Written written =
                run(Map.of("events", "20000", "out", target, "sources", "hubble, access-log"));

        assertThat(written.sources()).containsOnlyKeys(Source.HUBBLE, Source.ACCESS_LOG);
        for (Map.Entry<Source, Long> source : written.sources().entrySet()) {
            assertThat(Files.readAllLines(Path.of(target, source.getKey().id() + ".log")))
                    .hasSize(source.getValue().intValue());
        }
        try (Stream<Path> files = Files.list(Path.of(target))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void namesEveryProblemAtOnce() {
        Map<String, String> options = Map.of(
                "events",
                "10",
                "seed",
                "x",
                "attacks",
                "stolen-token,nonsense",
                "start",
                "noon",
                "speed",
                "9",
                "sources",
                "hubble,auditd");

        assertThatThrownBy(() -> run(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "events must be at least 5000: 10",
                        "seed must be a whole number: x",
                        ": nonsense",
                        "start must be a time such as 2026-03-02T00:00:00Z: noon",
                        "eks-authenticator,cloudtrail",
                        ": auditd",
                        "speed is no option of generate");
        assertThat(out.size()).isZero();
    }

    private TrafficGenerator.Written run(Map<String, String> options) throws IOException {
        try (OutputStream target = out;
                PrintStream told = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            return GenerateCommand.run(options, target, told);
        }
    }
}
