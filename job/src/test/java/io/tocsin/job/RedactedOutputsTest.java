package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.redaction.Redaction;
import io.tocsin.job.sink.DeadLetterJson;
import io.tocsin.job.sink.Line;
import io.tocsin.job.sink.RecordJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** No secret stands in what is written of a record, whatever the format, the place and the kind of secret. */
class RedactedOutputsTest {
    private static final PlantedSecrets SECRETS = new PlantedSecrets();
    private static final int SHOWN = 5;

    @Test
    void aLoneSecretIsTaken() {
        for (String secret : SECRETS.all()) {
            assertThat(SECRETS.readableIn(secret)).as("planted in %s", secret).isNotEmpty();
            assertThat(SECRETS.readableIn(Redaction.of(secret))).as(secret).isEmpty();
        }
    }

    @Test
    void noneIsInLateRecordsDeadLettersAndWhatInspectShows() {
        Map<String, List<String>> readable = new TreeMap<>();
        int events = 0;
        int letters = 0;
        for (PlantedSecrets.Planted record : SECRETS.records()) {
            TestingDecoder decoder = TestingDecoder.autoWithFallbackTime();
            String late = text(
                    Line.ofDocument(record.bytes(), 0, record.bytes().length).bytes());
            SECRETS.readableIn(late, record.word()).forEach(word -> add(readable, "late", word));
            for (Decoded decoded : decoder.records(record.bytes())) {
                ByteArrayOutputStream shown = new ByteArrayOutputStream();
                RecordJson.append(decoded, "a.log", 0, shown);
                SECRETS.readableIn(shown.toString(StandardCharsets.UTF_8), record.word())
                        .forEach(word -> add(readable, "inspect", word));
                if (decoded.deadLetter() != null) {
                    String letter =
                            text(DeadLetterJson.line(decoded.deadLetter()).bytes());
                    SECRETS.readableIn(letter, record.word()).forEach(word -> add(readable, "dead letter", word));
                    letters++;
                } else if (decoded.event() != null) {
                    events++;
                }
            }
        }
        assertThat(readable).isEmpty();
        assertThat(events).isGreaterThan(1_000);
        assertThat(letters).isGreaterThan(1_000);
    }

    /** Redaction takes the secret alone: what was decoded stays decodable. */
    @Test
    void aLateRecordStaysARecord() {
        int compared = 0;
        for (PlantedSecrets.Planted record : SECRETS.records()) {
            byte[] clean = Redaction.of(record.bytes());
            List<String> before = kinds(record.bytes());
            if (!before.contains("dead letter") && clean != record.bytes()) {
                assertThat(kinds(clean))
                        .as(text(record.bytes()) + "\n" + text(clean))
                        .isEqualTo(before);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1_000);
    }

    /** The first few of each output. */
    private static void add(Map<String, List<String>> readable, String output, String word) {
        List<String> words = readable.computeIfAbsent(output, any -> new ArrayList<>());
        if (words.size() < SHOWN) {
            words.add(word);
        }
    }

    private static List<String> kinds(byte[] record) {
        return TestingDecoder.autoWithFallbackTime().records(record).stream()
                .map(decoded -> decoded.event() != null
                        ? decoded.event().source() + " " + decoded.event().zone()
                        : decoded.skipped() != null ? decoded.skipped() : "dead letter")
                .toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
