package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "-, STANDARD_OUTPUT, -",
        "alerts.jsonl, FILE, alerts.jsonl",
        "/var/tocsin/, FOLDER, /var/tocsin/",
        "s3://bucket/alerts/, FOLDER, s3://bucket/alerts/",
        "kafka:tocsin.alerts-1, KAFKA, tocsin.alerts-1",
    })
    void readsALocation(String text, Location.Kind kind, String target) {
        Location location = Location.parse("alerts", text);
        assertThat(location).isEqualTo(new Location(kind, target));
        assertThat(location).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "kafka:", "kafka:a b", "kafka:..", "s3://bucket/file", "a\u0000b"})
    void refusesWhatIsNoLocation(String text) {
        assertThatThrownBy(() -> Location.parse("alerts", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("alerts must ");
    }

    @Test
    void readsSeveral() {
        assertThat(Location.parseAll("alerts", "-, kafka:a"))
                .extracting(Location::toString)
                .containsExactly("-", "kafka:a");
        assertThatThrownBy(() -> Location.parseAll("alerts", "-,-"))
                .hasMessage("alerts must name each place once: -,-");
    }

    @Test
    void checksTheFolderOfAFile() {
        Location.parse("alerts", folder.resolve("a").toString()).check("alerts");
        String missing = folder.resolve("no").resolve("a").toString();
        assertThatThrownBy(() -> Location.parse("alerts", missing).check("alerts"))
                .hasMessage("alerts must name a file in a folder that exists: " + missing);
        assertThatThrownBy(() -> Location.parse("alerts", folder.toString()).check("alerts"))
                .hasMessage("alerts must end in / to name a folder: " + folder);
    }

    @Test
    void refusesOneFileForTwoOutputs() {
        Location one = Location.parse("alerts", "out.jsonl");
        Location same = Location.parse("late", "./out.jsonl");
        assertThatThrownBy(() -> Location.refuseSharedFiles(Map.of("alerts", List.of(one), "late", List.of(same))))
                .hasMessageContaining("must not name the same file");
        Location.refuseSharedFiles(
                Map.of("alerts", List.of(Location.STANDARD_OUTPUT), "late", List.of(Location.STANDARD_OUTPUT)));
    }
}
