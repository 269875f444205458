package io.tocsin.job.decode.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.TestingDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalExportFormatTest {
    private static final String FAILED = "Failed password for root from 203.0.113.9 port 50022 ssh2";
    private static final String HEAD =
            """
            __CURSOR=s=1;i=2
            __REALTIME_TIMESTAMP=1772348146738197
            __MONOTONIC_TIMESTAMP=7
            _BOOT_ID=b
            _HOSTNAME=node-1
            _UID=0
            _COMM=sshd
            PRIORITY=5
            """;
    private static final String ENTRY = HEAD + "MESSAGE=" + FAILED + "\n";

    private final TestingDecoder decoder = TestingDecoder.auto();

    /** A value behind its length, as ISO 8859-1 has every byte. */
    private static String bytes(String name, String value) {
        StringBuilder out = new StringBuilder(name).append('\n');
        for (int i = 0; i < 8; i++) {
            out.append((char) (((long) value.length() >> (8 * i)) & 0xff));
        }
        return out.append(value).append('\n').toString();
    }

    private List<Decoded> file(String content) {
        // As a file is read: through the framing.
        byte[] all = content.getBytes(StandardCharsets.ISO_8859_1);
        Documents documents = new Documents(Decoders.framing());
        documents.over(all, 0, all.length);
        List<Decoded> records = new ArrayList<>();
        while (documents.next()) {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            one.write(all, documents.start(), documents.length());
            records.addAll(decoder.records(one.toByteArray()));
        }
        return records;
    }

    @Test
    void readsAnEntry() {
        SecurityEvent event = decoder.event(ENTRY);

        assertThat(event.source()).isEqualTo(Source.JOURNALD);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-03-01T06:55:46.738197Z"));
        assertThat(event.verb()).isEqualTo("login");
        assertThat(event.level()).isEqualTo("notice");
        assertThat(event.place().node()).isEqualTo("node-1");
        assertThat(TestingDecoder.of("journald").event(ENTRY)).isEqualTo(event);
    }

    @Test
    void knowsItForTheSameAsInJson() {
        assertThat(decoder.event(ENTRY).id())
                .isEqualTo(decoder.event("{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1772348146738197\"}")
                        .id());
    }

    @Test
    void keepsTheLinesOfAnEntryTogether() {
        List<Decoded> records = file(ENTRY + "\n" + ENTRY.replace("i=2", "i=3") + "\n\n" + ENTRY.replace("i=2", "i=4"));

        assertThat(records).hasSize(3).allMatch(r -> "login".equals(r.event().verb()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 13, 266, 2570, 2573, 3338})
    void readsBytesOfAnyLength(int length) {
        String value = "\r\n\n__CURSOR=x\n\r".repeat(1 + length / 10).substring(0, length - 1) + "x";
        List<Decoded> records = file(HEAD + bytes("X", value) + bytes("MESSAGE", FAILED) + "\n" + ENTRY);

        assertThat(records)
                .hasSize(2)
                .allMatch(r -> r.event() != null && "login".equals(r.event().verb()));
        assertThat(file(HEAD + bytes("MESSAGE", value) + "_X=y\n\n" + ENTRY))
                .hasSize(2)
                .allMatch(r -> r.event() != null);
    }

    @Test
    void readsBytesThatEndWithALineBreak() {
        assertThat(file(HEAD + bytes("X", "a\n") + bytes("MESSAGE", FAILED) + "\n" + ENTRY))
                .hasSize(2)
                .allMatch(r -> r.event() != null && "login".equals(r.event().verb()));
    }

    @Test
    void readsSeveralOfOneDocument() {
        assertThat(decoder.fates(ENTRY + "\n" + HEAD + "broken line\nMESSAGE=x\n\n" + ENTRY))
                .containsExactly("event", "dead", "event");
    }

    @Test
    void believesNothingThatComesTwice() {
        assertThat(decoder.event(ENTRY + "_UID=0\n").verb()).isNull();
        assertThat(decoder.event(ENTRY + "MESSAGE=more\n").message()).isEqualTo(FAILED + "\nmore");
    }

    @Test
    void refusesWhatIsNone() {
        assertThat(decoder.reason(HEAD + "no field\n")).isEqualTo("not a field of the journal: no field");
        assertThat(decoder.reason("__CURSOR=x\nMESSAGE=y\n")).isEqualTo("time is missing");
        assertThat(decoder.reason(HEAD + "MESSAGE\n\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007fx\n"))
                .startsWith("not a length: ");
    }

    @Test
    void marksWhatIsCut() {
        String cut = HEAD + bytes("MESSAGE", FAILED).substring(0, 30);
        assertThat(decoder.event(cut).truncated()).isTrue();
        assertThat(decoder.event(cut).verb()).isNull();
        assertThat(decoder.event(HEAD + "MESSAGE\n123").truncated()).isTrue();
        assertThat(decoder.event(HEAD + bytes("MESSAGE", "ends with space \n ")).truncated())
                .isFalse();
    }

    @Test
    void endsWhereALengthCanNotBe() {
        assertThat(file(HEAD + "MESSAGE\n\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffx\n\n" + ENTRY))
                .anyMatch(r -> r.event() != null && "login".equals(r.event().verb()));
    }
}
