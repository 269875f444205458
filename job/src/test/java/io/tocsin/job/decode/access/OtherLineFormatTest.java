package io.tocsin.job.decode.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.TestingDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherLineFormatTest {
    private final TestingDecoder auto = TestingDecoder.auto();
    private final TestingDecoder named = TestingDecoder.of("access-log");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026/01/24 12:00:00 [error] 7#7: *1 open() \"/x\" failed, client: 203.0.113.9, request: \"GET / HTTP/1.1\"",
                "[2026-01-24 08:00:05.004][1][info][main] [source/server/server.cc:989] starting main dispatch loop",
                "[Sat Jan 24 02:30:19.004512 2026] [core:error] [pid 41:tid 140001] [client 198.51.100.8:50112] AH00126: x"
            })
    void skipsErrorLogs(String line) {
        assertThat(auto.skipped(line)).isEqualTo("error-log");
        assertThat(named.skipped(line)).isEqualTo("other-line");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I0124 10:00:06.123456       7 controller.go:190] \"Backend reload required\"",
                "time=\"2026-01-24T09:00:04Z\" level=debug msg=\"Serving default certificate\"",
                "2026-01-24T09:00:04Z INF Configuration loaded from flags.",
                "DEBUG: plugin: handled",
                "[notice] a bracket in front",
                "{\"level\":\"info\",\"msg\":\"x\",\"time\":\"2026-01-24T09:00:03Z\"}",
                "-------------------------------------------------------------------------------"
            })
    void skipsWhateverStandsBetweenTheRequestsOfAnAccessLog(String line) {
        assertThat(named.skipped(line)).isEqualTo("other-line");
    }

    @Test
    void findsTheRequestsAmongThem() {
        String request = "198.51.100.4 - - [24/Jan/2026:11:15:02 +0100] \"GET / HTTP/1.1\" 200 612";
        String envoy = "[2026-01-24T08:00:00.250Z] \"GET / HTTP/1.1\" 200 - 0 1 2 3 \"-\" \"-\" \"-\" \"-\" \"-\"";
        String traefik =
                "{\"ClientAddr\":\"198.51.100.4:1\",\"ClientHost\":\"198.51.100.4\",\"StartUTC\":\"2026-01-24T08:00:00Z\"}";

        assertThat(named.fates(request + "\nnoise\n" + envoy + "\n[noise] x\n" + traefik + "\n{\"a\":1}\n"))
                .containsExactly("event", "other-line", "event", "other-line", "event", "other-line");
        assertThat(named.fates("[" + traefik + "," + traefik + "]")).containsExactly("event", "event");
    }

    @Test
    void givesUpOnAnObjectThatIsCutBeforeItTellsWhatItIs() {
        assertThat(named.reason("{\"ClientAddr\":\"198.5")).isEqualTo("cut off before the client");
        assertThat(named.reason("{\"start_time\":\"2026-0")).isEqualTo("cut off before it tells what it is");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026/01/24 12:00:00 http: TLS handshake error", "[2026-01-24 x] y", "[Xxx Jan 24 02:30:19"})
    void leavesOtherLinesAlone(String line) {
        assertThat(auto.fates(line)).allMatch("dead"::equals);
    }
}
