package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegacyAuditFormatTest {
    private static final String GET_POD = TestingRequest.of(
                    "get", "/api/v1/namespaces/shop/pods/web-0?a=1\\u0026b=%20", "pods", "shop", "web-0")
            .legacy();

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static String with(String part, String other) {
        return replace(GET_POD, part, other);
    }

    @Test
    void readsALine() {
        SecurityEvent event = decoder.event(GET_POD);

        assertThat(event.time()).isEqualTo(event.received()).isEqualTo(Instant.parse(TestingRequest.RECEIVED));
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.groups()).containsExactly("dev", "system:authenticated");
        assertThat(event.is("get", "pods", null)).isTrue();
        assertThat(event.uri()).isEqualTo("/api/v1/namespaces/shop/pods/web-0?a=1&b=%20");
        assertThat(event.code()).isEqualTo(200);
        assertThat(event.recordId()).isNull();
    }

    // Trap 3

    @Test
    void takesTheAddressForNoMoreThanTheClientsClaim() {
        assertThat(decoder.event(GET_POD).peer()).isNull();
        assertThat(decoder.event(GET_POD).claimed()).containsExactly("203.0.113.7");
        assertThat(decoder.event(with("203.0.113.7", "<unknown>")).claimed()).isEmpty();
    }

    @Test
    void takesWhatStandsForNothingForNothing() {
        SecurityEvent event = decoder.event(replace(
                with(
                        "user=\"jane\" groups=\"\\\"dev\\\",\\\"system:authenticated\\\"\"",
                        "user=\"<none>\" groups=\"<none>\""),
                "response=\"200\"",
                "response=\"<deferred>\""));

        assertThat(event.user()).isNull();
        assertThat(event.groups()).isEmpty();
        assertThat(event.impersonator()).isNull();
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void readsQuotesWithinQuotes() {
        SecurityEvent event = decoder.event(
                replace(with("user=\"jane\"", "user=\"ja\\\"ne\\u00e9\""), "\\\"dev\\\"", "\\\"d,\\\\\\\"ev\\\""));

        assertThat(event.user()).isEqualTo("ja\"ne\u00e9");
        assertThat(event.groups()).containsExactly("d,\"ev", "system:authenticated");
    }

    @Test
    void countsTheStagesThatJsonCounts() {
        assertThat(decoder.skipped(with("ResponseComplete", "RequestReceived"))).isEqualTo("stage");
        assertThat(decoder.skipped(with("ResponseComplete", "ResponseStarted"))).isEqualTo("stage");
        assertThat(decoder.event(replace(
                                with("ResponseComplete", "ResponseStarted"), "response=\"200\"", "response=\"401\""))
                        .outcome())
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET, /api/v1/namespaces/shop/pods/web-0, get",
                "GET, /api/v1/namespaces/shop/pods, list",
                "DELETE, /api/v1/namespaces/shop/pods, deletecollection",
                "POST, /api/v1/namespaces/shop/pods, create",
                "PUT, /api/v1/nodes/n1/status, update",
                "GET, /healthz, get",
                "POST, /x, post"
            })
    void readsTheStyleOfTwoLines(String method, String uri, String verb) {
        String request = "2026-01-24T10:00:00.106841886-04:00 AUDIT: id=\"c9\" ip=\"203.0.113.7\" method=\"" + method
                + "\" user=\"jane\" groups=\"\\\"dev\\\"\" as=\"<self>\" asgroups=\"<lookup>\" namespace=\"<none>\" uri=\""
                + uri + "\"";
        SecurityEvent event = decoder.event(request);

        assertThat(event.verb()).isEqualTo(verb);
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T14:00:00.106841886Z"));
        assertThat(decoder.skipped("2026-01-24T10:00:00.1-04:00 AUDIT: id=\"c9\" response=\"200\""))
                .isEqualTo("stage");
    }

    @Test
    void salvagesTheHeadOfALineThatIsCut() {
        SecurityEvent event = TestingDecoder.autoWithFallbackTime()
                .event(GET_POD.substring(0, GET_POD.indexOf("web-0")) + "[Truncated...]");

        assertThat(event.truncated()).isTrue();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.uri()).isNull();
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(event.namespace()).isEqualTo("shop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "response=\"200\" | response=\"2x0\" | response must be a whole number from 0 to 999: \"2x0\"",
                "ResponseComplete | Later | stage must be RequestReceived, ResponseStarted, ResponseComplete or Panic: \"Later\"",
                "groups=\"\\\"dev\\\" | groups=\"dev | groups must be quoted strings: dev,\"system:authenticated\"",
                "user=\"jane\" | us\"er=\"jane\" | not logfmt, a quote in a key: us\"er=\"jane\"",
            })
    void tellsWhatIsWrongWithALine(String part, String other, String reason) {
        assertThat(decoder.reason(with(part, other))).startsWith(reason);
    }

    @Test
    void readsALineOfAMegabyteInGoodTime() {
        String huge = with("\\\"dev\\\"", "\\\"" + "\\\\\\\"".repeat(200_000) + "\\\"");

        assertThat(decoder.event(huge).user()).isEqualTo("jane");
        assertThat(decoder.event(with("web-0?", "web-0?" + "%41".repeat(300_000)))
                        .uri())
                .hasSize(8 * 1_024);
    }
}
