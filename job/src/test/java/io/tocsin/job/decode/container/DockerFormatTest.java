package io.tocsin.job.decode.container;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.container.ContainerRecords.docker;
import static io.tocsin.job.decode.container.ContainerRecords.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerFormatTest {
    private final TestingDecoder decoder = TestingDecoder.auto();

    @ParameterizedTest
    @ValueSource(strings = {"auto", "container-log"})
    void readsALine(String format) {
        SecurityEvent event = TestingDecoder.of(format)
                .event("{\"log\":\"  hello\\tthere\\n\",\"stream\":\"stderr\",\"attrs\":{\"tag\":\"x\"},"
                        + "\"time\":\"2026-01-24T01:34:13.20764059Z\"}");

        assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T01:34:13.20764059Z"));
        assertThat(event.message()).isEqualTo("  hello\tthere");
        assertThat(event.place().pod()).isNull();
    }

    @Test
    void readsWhatItHolds() {
        assertThat(decoder.event(docker(GET_POD)).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(decoder.event("{\"log\":" + string(GET_POD) + "}").source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(decoder.event(docker(GET_POD)).id())
                .isEqualTo(decoder.event(GET_POD).id());
    }

    @Test
    void checksTypes() {
        assertThat(decoder.reason("{\"log\":5,\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:13Z\"}"))
                .isEqualTo("log must be a string: 5");
        assertThat(decoder.reason("{\"log\":{},\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:13Z\"}"))
                .isEqualTo("log must be a string: an object");
        assertThat(decoder.reason("{\"log\":[],\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:13Z\"}"))
                .isEqualTo("log must be a string: an array");
        assertThat(decoder.reason("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"noon\"}"))
                .isEqualTo("time must be an RFC 3339 time or a number since 1970: \"noon\"");
        assertThat(decoder.reason("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":true}"))
                .isEqualTo("time must be a string: true");
        assertThat(decoder.reason("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":5}"))
                .startsWith("time must be an RFC 3339 time");
        assertThat(decoder.reason("{\"log\":\"x\\n\",\"stream\":\"stdout\"}")).isEqualTo("time is missing");
        assertThat(decoder.reason("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":x}"))
                .startsWith("not JSON");
    }

    // Trap 17

    @Test
    void joinsWhatDockerSplit() {
        List<Decoded> records = decoder.ofFile(String.join(
                "\n",
                line("stdout", 1, "one, "),
                line("stderr", 1, "other\n"),
                line("stdout", 2, "two\\n, "),
                line("stdout", 3, "three\n"),
                line("stdout", 3, "four\n")));

        assertThat(messages(records)).containsExactly("other", "one, two\\n, three", "four");
        assertThat(records.get(1).event().time()).isEqualTo(Instant.parse("2026-01-24T01:34:01Z"));
        assertThat(records).noneMatch(r -> r.event().truncated());
    }

    @Test
    void joinsAnAuditEventThatDockerSplit() {
        List<Decoded> records = decoder.ofFile(
                line("stdout", 1, GET_POD.substring(0, 300)) + "\n" + line("stdout", 1, GET_POD.substring(300) + "\n"));

        assertThat(records).hasSize(1);
        assertThat(records.get(0).event().source()).isEqualTo(Source.KUBERNETES_AUDIT);
    }

    @Test
    void leavesLinesApartFromWhichSomebodyTookTheEnd() {
        List<Decoded> records = decoder.ofFile(
                String.join("\n", line("stdout", 1, "a"), line("stdout", 1, "b"), line("stdout", 2, "c")));

        assertThat(messages(records)).containsExactly("a", "b", "c");
        assertThat(records).noneMatch(r -> r.event().truncated());
    }

    @Test
    void takesNoObjectForTheEndOfAProgramsLastWords() {
        List<Decoded> records = decoder.ofFile(line("stdout", 1, "Killed") + "\n" + line("stdout", 2, GET_POD + "\n"));

        assertThat(records).hasSize(2);
        assertThat(records.get(0).event().message()).isEqualTo("Killed");
        assertThat(records.get(1).event().source()).isEqualTo(Source.KUBERNETES_AUDIT);
        String split = line("stdout", 1, "x".repeat(16_384)) + "\n" + line("stdout", 2, GET_POD + "\n");
        assertThat(decoder.ofFile(split)).hasSize(1);
    }

    @Test
    void cutsALineThatNeverEnds() {
        String part = line("stdout", 1, "x".repeat(16_384));
        List<Decoded> records = decoder.ofFile(part + "\n" + part + "\n" + line("stdout", 30, "later\n"));

        assertThat(records).hasSize(2);
        assertThat(records.get(0).event().truncated()).isTrue();
        assertThat(records.get(1).event().message()).isEqualTo("later");
        assertThat(decoder.event(part).truncated()).isTrue();
    }

    @Test
    void takesABrokenLineAmongPartsForItself() {
        List<Decoded> records = decoder.ofFile(String.join(
                "\n",
                line("stdout", 1, "one, "),
                "{\"log\":\"\\q\",\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:01Z\"}",
                line("stdout", 1, "two\n")));

        assertThat(records).hasSize(2);
        assertThat(records.get(0).deadLetter()).isNotNull();
        assertThat(records.get(1).event().message()).isEqualTo("one, two");
    }

    @Test
    void framesOnlyItsOwnOpenLines() {
        PartsFraming framing = new PartsFraming(new DockerLine());
        for (String whole : List.of(
                line("stdout", 1, "x\n"),
                line("stdout", 1, "x\\\\n\n"),
                "{\"log\":\"x\",\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:01Z\",\"kubernetes\":{\"a\":\"b\"}}",
                "{\"log\":\"x\"}",
                "{\"log\":\"",
                "{}",
                "")) {
            byte[] bytes = ContainerRecords.bytes(whole);
            assertThat(framing.opens(bytes, 0, bytes.length)).as(whole).isFalse();
        }
        for (String part : List.of(
                line("stdout", 1, "x"),
                line("stdout", 1, "x\\n"),
                line("stdout", 1, ""),
                line("stdout", 1, "n"),
                line("stderr", 1, "x").replace(",\"time\"", ",\"attrs\":{\"a\":\"b\"},\"time\""))) {
            byte[] bytes = ContainerRecords.bytes(part);
            assertThat(framing.opens(bytes, 0, bytes.length)).as(part).isTrue();
        }
    }

    private static String line(String stream, int second, String log) {
        return "{\"log\":" + string(log) + ",\"stream\":\"" + stream
                + "\",\"time\":\"2026-01-24T01:34:%02dZ\"}".formatted(second);
    }

    private static List<String> messages(List<Decoded> records) {
        return records.stream().map(r -> r.event().message()).toList();
    }
}
