package io.tocsin.job.decode.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogFixturesTest {
    @ParameterizedTest
    @CsvSource({
        "ingress-nginx.log, 9, 2",
        "nginx.log, 9, 1",
        "apache.log, 8, 1",
        "traefik.log, 4, 1",
        "traefik-json.jsonl, 5, 0",
        "envoy.log, 5, 1",
        "istio.log, 6, 0",
        "envoy-json.jsonl, 4, 0",
        "nginx-json.jsonl, 4, 0"
    })
    void accountsForEachLine(String file, int events, int others) {
        List<Decoded> records = TestingDecoder.of("access-log").ofFile(content(file));

        assertThat(records).filteredOn(r -> r.event() != null).hasSize(events);
        assertThat(records).filteredOn(r -> "other-line".equals(r.skipped())).hasSize(others);
        assertThat(records).hasSize(events + others);
        assertThat(TestingDecoder.auto().ofFile(content(file)))
                .filteredOn(r -> r.event() != null)
                .extracting(Decoded::event)
                .extracting(SecurityEvent::source)
                .hasSize(events)
                .containsOnly(Source.ACCESS_LOG);
    }

    private static String content(String file) {
        try (InputStream in = AccessLogFixturesTest.class.getResourceAsStream("/formats/access-log/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
