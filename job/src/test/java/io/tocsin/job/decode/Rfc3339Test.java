package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    @Test
    void agreesWithThePlatformOnEveryTime() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochSecond(
                    random.nextLong(-60_000_000_000L, 250_000_000_000L), random.nextInt(1_000_000_000));
            assertThat(Rfc3339.parse(time.toString())).isEqualTo(time);
            assertThat(millis(time.toString())).isEqualTo(time.toEpochMilli());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-24T01:34:36.743000000+01:00",
                "2024-02-29T23:59:59.1234567-11:30",
                "2026-01-24T01:34:36Z",
                "2000-02-29T00:00:00Z",
                "1969-12-31T23:59:59.9Z"
            })
    void readsZonesAndFractions(String text) {
        Instant time = OffsetDateTime.parse(text).toInstant();
        assertThat(Rfc3339.parse(text)).isEqualTo(time);
        assertThat(millis(text)).isEqualTo(time.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-01-24",
                "2026-01-24T01:34:36",
                "2026-13-24T01:34:36Z",
                "2026-02-29T01:34:36Z",
                "2026-01-24T24:34:36Z",
                "2026-01-24T01:34:36.Z",
                "2026-01-24T01:34:36+1:00",
                "2026-01-24T01:34:36Zz",
                "2026-01-24 01:34:36Z",
                "20260124T013436Z00000",
                "2026-01-2aT01:34:36Z",
                "1900-02-29T00:00:00Z"
            })
    void refusesEverythingElse(String text) {
        assertThat(Rfc3339.parse(text)).isNull();
        assertThat(millis(text)).isEqualTo(DocumentDecoder.UNTOLD);
    }

    /** Whatever stands in a text, read as text or as bytes it is the same time. */
    @Test
    void bytesAndTextAreTheSameTime() {
        Random random = new Random(2);
        String[] zones = {"Z", "z", "+01:00", "-11:30", "+24:00", "+1:00", ""};
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder("2026-01-24T23:59:60.123456789" + zones[random.nextInt(7)]);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), "0123456789-:TtZ+. x".charAt(random.nextInt(19)));
            }
            Instant time = Rfc3339.parse(text.toString());
            assertThat(millis(text.toString()))
                    .as(text.toString())
                    .isEqualTo(time == null ? DocumentDecoder.UNTOLD : time.toEpochMilli());
        }
    }

    private static long millis(String text) {
        byte[] bytes = ("\"" + text + "\"0").getBytes(StandardCharsets.US_ASCII);
        return Rfc3339.millis(bytes, 1, bytes.length - 2);
    }
}
