package io.tocsin.job.decode.container;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.container.ContainerRecords.cri;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CriFormatTest {
    private final TestingDecoder decoder = TestingDecoder.auto();

    @ParameterizedTest
    @ValueSource(strings = {"auto", "container-log"})
    void readsALine(String format) {
        SecurityEvent event = TestingDecoder.of(format)
                .at("/var/log/pods/shop_web-0_4f6c0e0e-0000-4000-8000-000000000007/app/0.log")
                .event(
                        "2026-01-24T01:34:36.743000001+01:00 stderr F   W0124 01:34:36.743000       1 a.go:1] low on \u001b[31mdisk");

        assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T00:34:36.743000001Z"));
        assertThat(event.message()).isEqualTo("  W0124 01:34:36.743000       1 a.go:1] low on \u001b[31mdisk");
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.place().container()).isEqualTo("app");
        assertThat(event.place().podUid()).isEqualTo("4f6c0e0e-0000-4000-8000-000000000007");
        assertThat(event.namespace()).isEqualTo("shop");
        assertThat(event.truncated()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "W0124 01:34:36.743000       1 a.go:1] x|warning",
                "time=\"2026-01-24T01:34:36Z\" x=1 level=error msg=x|error",
                "level=INFO msg=x|info",
                "{\"ts\":1,\"level\":\"warn\"}|warn",
                "{\"ts\":1,\"level\":30}|",
                "{\"ts\":1,\"level\":\"Metadata\"}|",
                "the level=|",
                "plain|"
            })
    void tellsTheLevelWhereItIsEasilySeen(String line, String level) {
        assertThat(TestingDecoder.of("container-log").event(cri(line)).level()).isEqualTo(level);
    }

    @Test
    void takesEmptyLines() {
        for (String line : List.of(
                "2026-01-24T01:34:36Z stdout F ",
                "2026-01-24T01:34:36Z stdout F",
                "2026-01-24T01:34:36Z stdout F:x ")) {
            assertThat(decoder.event(line).message()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-24T01:34:36Z stdin F x",
                "2026-01-24T01:34:36Z stdout X x",
                "2026-01-24T01:34:36Z stdout Fx",
                "2026-01-24 01:34:36Z stdout F x"
            })
    void leavesOtherLinesAlone(String line) {
        assertThat(TestingDecoder.of("container-log").reason(line)).doesNotContain("time must be");
    }

    @Test
    void refusesABrokenTime() {
        assertThat(decoder.reason("2026-13-24T01:34:36Z stdout F x"))
                .isEqualTo("time must be an RFC 3339 time: \"2026-13-24T01:34:36Z\"");
    }

    @Test
    void keepsWhatIsNoUtf8() {
        byte[] line = cri("caf? au lait").getBytes(StandardCharsets.UTF_8);
        line[line.length - 9] = (byte) 0xe9;

        assertThat(decoder.records(line).get(0).event().message()).isEqualTo("caf\ufffd au lait");
    }

    @Test
    void cutsLongMessages() {
        assertThat(decoder.event(cri("é".repeat(500_000))).message()).isEqualTo("é".repeat(2_048));
    }

    @Test
    void tellsEqualLinesApartByTheirTimeAndStream() {
        String id = decoder.event(cri("x")).id();

        assertThat(decoder.event(cri("x")).id()).isEqualTo(id);
        assertThat(decoder.event(cri("x").replace("stdout", "stderr")).id()).isNotEqualTo(id);
        assertThat(decoder.event(cri("x").replace("743000000Z", "743000001Z")).id())
                .isNotEqualTo(id);
    }

    // Trap 17

    @Test
    void joinsWhatTheRuntimeSplit() {
        assertThat(file(
                        line(0, "stdout P", "one, "),
                        line(1, "stdout P:x", " two, "),
                        line(2, "stdout F", "three"),
                        line(3, "stdout F", "four")))
                .containsExactly("one,  two, three", "four");
        SecurityEvent event = event(line(0, "stdout P", "one, "), line(1, "stdout F", "two"));
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T01:34:36Z"));
        assertThat(event.truncated()).isFalse();
    }

    @Test
    void keepsStreamsApartAndHandsOnInOrderOfCompletion() {
        assertThat(file(
                        line(0, "stdout P", "a"),
                        line(0, "stderr F", "whole"),
                        line(0, "stderr P", "x"),
                        line(0, "stdout P", "b"),
                        line(1, "stderr F", "y"),
                        line(1, "stdout F", "c"),
                        line(1, "stdout F", "next")))
                .containsExactly("whole", "xy", "abc", "next");
    }

    @Test
    void joinsAnAuditEventThatTheRuntimeSplit() {
        String head = GET_POD.substring(0, 300);
        String tail = GET_POD.substring(300);

        SecurityEvent event = event(line(0, "stdout P", head), line(0, "stderr F", "x"), line(0, "stdout F", tail));
        assertThat(event).isNull();
        List<Decoded> records = decoder.ofFile(String.join("\n", line(0, "stdout P", head), line(0, "stdout F", tail)));
        assertThat(records).hasSize(1);
        assertThat(records.get(0).event().source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(records.get(0).event().user()).isEqualTo("jane");
    }

    @Test
    void givesUpOnALineThatStaysOpen() {
        List<Decoded> old = decoder.ofFile(
                String.join("\n", line(0, "stdout P", "a"), line(9, "stdout P", "b"), line(11, "stdout F", "c")));
        assertThat(messages(old)).containsExactly("ab", "c");
        assertThat(old.get(0).event().truncated()).isTrue();
        assertThat(old.get(1).event().truncated()).isFalse();

        StringBuilder many = new StringBuilder(line(0, "stdout P", "a"));
        for (int i = 0; i < 1_500; i++) {
            many.append('\n').append(line(0, "stderr F", "x"));
        }
        List<Decoded> all = decoder.ofFile(many.toString());
        assertThat(all).hasSize(1_501);
        assertThat(all.get(999).event().message()).isEqualTo("a");
        assertThat(all.get(999).event().truncated()).isTrue();

        StringBuilder large = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            large.append(line(0, "stdout P", "x".repeat(16_384))).append('\n');
        }
        List<Decoded> cut = decoder.ofFile(large.toString());
        assertThat(cut).hasSize(4).allMatch(r -> r.event().truncated());
    }

    @Test
    void endsAnOpenLineWhereSomethingElseFollows() {
        List<Decoded> records = decoder.ofFile(line(0, "stdout P", "a") + "\n\n" + GET_POD);

        assertThat(records).hasSize(2);
        assertThat(records.get(0).event().message()).isEqualTo("a");
        assertThat(records.get(1).event().source()).isEqualTo(Source.KUBERNETES_AUDIT);
    }

    @Test
    void joinsInsideCompressedBytesToo() {
        String lines =
                String.join("\r\n", line(0, "stdout P", "a"), line(0, "stdout F", "b"), line(0, "stdout F", "c"));

        assertThat(messages(decoder.records(TestingDecoder.gzip(lines)))).containsExactly("ab", "c");
    }

    @Test
    void cutsWhatIsJoinedAtTheRecordSize() {
        List<Decoded> records = TestingDecoder.limited(1_000)
                .ofFile(line(0, "stdout P", "x".repeat(900)) + "\n" + line(0, "stdout F", "y".repeat(900)));

        assertThat(records).hasSize(1);
        assertThat(records.get(0).event().truncated()).isTrue();
        assertThat(records.get(0).event().message()).isEqualTo("x".repeat(900) + "y".repeat(100));
    }

    private static String line(int second, String tag, String message) {
        return "2026-01-24T01:34:%02dZ ".formatted(36 + second) + tag + " " + message;
    }

    private List<String> file(String... lines) {
        return messages(decoder.ofFile(String.join("\n", lines)));
    }

    /** The only event, null if there are more. */
    private SecurityEvent event(String... lines) {
        List<Decoded> records = decoder.ofFile(String.join("\n", lines));
        return records.size() == 1 ? records.get(0).event() : null;
    }

    private static List<String> messages(List<Decoded> records) {
        return records.stream()
                .map(r -> Objects.requireNonNull(r.event()).message())
                .toList();
    }
}
