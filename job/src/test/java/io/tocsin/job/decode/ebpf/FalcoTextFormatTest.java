package io.tocsin.job.decode.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalcoTextFormatTest {
    private static final String LINE =
            "10:20:05.408091526: Warning Sensitive file opened (user=root k8s_pod=other file=/etc/shadow)";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void readsAnAlert() {
        SecurityEvent event = decoder.event(LINE);

        assertThat(event.source()).isEqualTo(Source.FALCO);
        // Written on March 5 at midnight, at the latest.
        assertThat(event.time()).isEqualTo(Instant.parse("2026-03-04T10:20:05.408091526Z"));
        assertThat(event.level()).isEqualTo("warning");
        assertThat(event.message()).isEqualTo("Sensitive file opened (user=root k8s_pod=other file=/etc/shadow)");
        assertThat(event.reason()).isNull();
        // Whoever is watched chooses what stands in the text.
        assertThat(event.place()).isEqualTo(Place.NONE);
        assertThat(event.user()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-24T10:20:06.000000001+0000,2026-01-24T10:20:06.000000001Z",
        "2026-01-24T10:20:06.5+0130,2026-01-24T08:50:06.500Z",
        "2026-01-24T10:20:06.5-01:30,2026-01-24T11:50:06.500Z",
        "2026-01-24T10:20:06Z,2026-01-24T10:20:06Z"
    })
    void readsAWholeTime(String time, Instant instant) {
        SecurityEvent event = decoder.event(time + ": Critical Fileless execution");

        assertThat(event.time()).isEqualTo(instant);
        assertThat(event.level()).isEqualTo("critical");
        assertThat(event.message()).isEqualTo("Fileless execution");
    }

    @ParameterizedTest
    @CsvSource({
        // A clock may be a little ahead of the one that wrote the line down.
        "00:05:00.000000000,2026-03-05T00:05:00Z",
        "00:15:00.000000000,2026-03-04T00:15:00Z",
        "23:59:59.999999999,2026-03-04T23:59:59.999999999Z"
    })
    void takesTheLastDayOnWhichTheLineCanHaveBeenWritten(String time, Instant instant) {
        assertThat(decoder.event(time + ": Notice x").time()).isEqualTo(instant);
    }

    @Test
    void readsTheTimeInTheZoneOfItsSource() {
        DecoderOptions utc = DecoderOptions.of("auto");
        DecoderOptions berlin = new DecoderOptions(
                "auto",
                null,
                utc.networks(),
                utc.fields(),
                utc.maxRecordBytes(),
                Map.of(Source.FALCO, ZoneId.of("Europe/Berlin")),
                utc.platformNamespaces(),
                ContentPlan.NONE);

        assertThat(TestingDecoder.with(berlin).event(LINE).time())
                .isEqualTo(Instant.parse("2026-03-04T09:20:05.408091526Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10:20:05.408091526: Falco initialized",
                "10:20:05.408: Warning x",
                "10:20:05: Warning x",
                "10:20:05.408091526: Warning",
                "10:20:05.408091526 Warning x",
                "2026-01-24T10:20:06Z stdout F hello",
                "2026-01-24T10:20:06Z node-a sshd[1]: Warning x",
                "2026-01-24T10:20:06+0000: Loading rules from file /etc/falco/falco_rules.yaml",
                "Sat Jan 24 10:20:06 2026: Falco version: 0.39.0",
                "10:20"
            })
    void claimsNothingElse(String line) {
        assertThat(decoder.records(line))
                .noneMatch(r -> r.event() != null && r.event().source() == Source.FALCO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sat Jan 24 10:20:06 2026: Falco version: 0.39.0 (x86_64)",
                "2026-01-24T10:20:06+0000: Loading rules from file /etc/falco/falco_rules.yaml"
            })
    void skipsWhatFalcoSaysOfItself(String line) {
        assertThat(TestingDecoder.of("falco").skipped(line)).isEqualTo("message");
    }

    @Test
    void refusesWhatIsNoAlert() {
        assertThat(TestingDecoder.of("falco").reason("hello")).isEqualTo("not a falco record: hello");
        assertThat(decoder.reason("29:20:05.408091526: Warning x")).isEqualTo("no time: 29:20:05.408091526");
        assertThat(decoder.reason("2026-13-24T10:20:06Z: Warning x")).isEqualTo("no time: 2026-13-24T10:20:06Z");
    }

    @Test
    void readsAHugeAlertInPart() {
        SecurityEvent event = decoder.event(LINE + "A".repeat(1 << 20));

        assertThat(event.truncated()).isTrue();
        assertThat(event.message()).hasSize(2_048);
    }
}
