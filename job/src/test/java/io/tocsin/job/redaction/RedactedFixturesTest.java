package io.tocsin.job.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.FormatFixtures;
import io.tocsin.job.decode.TestingDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What redaction leaves of records of every format. */
class RedactedFixturesTest {
    @Test
    void leavesAllThatIsNoTokenAsItIs() {
        List<String> changed = new ArrayList<>();
        for (FormatFixtures.File file : FormatFixtures.all()) {
            for (byte[] document : file.documents()) {
                byte[] clean = Redaction.of(document);
                if (!Arrays.equals(clean, document)) {
                    changed.add(around(new String(clean, StandardCharsets.UTF_8)));
                }
            }
        }
        assertThat(changed)
                .isNotEmpty()
                .allMatch(text -> text.matches("(?i).*(session)?token.{1,3}:.{1,3}\\[redacted\\].*"), "a token");
    }

    private static String around(String text) {
        int at = Math.max(0, text.indexOf(Redaction.REDACTED));
        return text.substring(Math.max(0, at - 40), Math.min(text.length(), at + 40));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRedactedRecordIsTheSameEvent(FormatFixtures.File file) {
        for (byte[] document : file.documents()) {
            assertThat(fates(Redaction.of(document))).isEqualTo(fates(document));
        }
    }

    private static List<String> fates(byte[] document) {
        return TestingDecoder.auto().records(document).stream()
                .map(RedactedFixturesTest::fate)
                .toList();
    }

    private static String fate(Decoded record) {
        return record.event() != null
                ? record.event().toString()
                : record.skipped() != null
                        ? record.skipped()
                        : record.deadLetter().reason();
    }

    private static Stream<FormatFixtures.File> files() {
        return FormatFixtures.all().stream();
    }
}
