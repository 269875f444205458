package io.tocsin.job.decode.cloud;

import static io.tocsin.job.decode.TestingRecords.GRANTED;
import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRequest.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InsightsFormatTest {
    private static final TestingRequest REQUEST =
            TestingRequest.of("get", "/api/v1/namespaces/shop/pods/web-0", "pods", "shop", "web-0");
    private static final String ROW = REQUEST.insights();

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static String field(String name, String value) {
        return "{\n \"field\": \"" + name + "\",\n \"value\": " + quoted(value) + "\n}";
    }

    private static String cells(String message) {
        return "[\n" + field("@timestamp", "2026-01-24 10:00:00.600") + "," + field("@message", message) + ","
                + field("@logStream", "authenticator-1") + "," + field("@log", "111122223333:/aws/eks/prod/cluster")
                + ","
                + field("@ptr", "CmEK") + "]";
    }

    @Test
    void readsRowsOfFields() {
        String results = "{\"results\":[" + cells(REQUEST.raw()) + "," + cells(GRANTED)
                + "],\"statistics\":{\"recordsMatched\":2.0},\"status\":\"Complete\"}";

        assertThat(decoder.events(results)).extracting(SecurityEvent::scope).containsOnly("111122223333/prod");
        assertThat(decoder.ofFile(results))
                .extracting(r -> r.event().source())
                .containsExactly(Source.KUBERNETES_AUDIT, Source.EKS_AUTHENTICATOR);
        assertThat(decoder.events("[" + cells(REQUEST.raw()) + "," + cells(GRANTED) + "]"))
                .hasSize(2);
        assertThat(decoder.ofFile("[\n" + cells(REQUEST.raw()) + ",\n" + cells(GRANTED) + "\n]\n"))
                .hasSize(2)
                .allMatch(r -> r.event() != null);
        assertThat(decoder.event(cells(REQUEST.raw()).replace("\n", "")).instance())
                .isEqualTo("authenticator-1");
    }

    @Test
    void readsAMessageThatWasParsed() {
        SecurityEvent event = decoder.event(replace(ROW, quoted(REQUEST.raw()), REQUEST.raw()));

        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.cluster()).isEqualTo("prod");
    }

    @Test
    void givesARecordTheTimeOfItsRowWhereItHasNone() {
        String cut = REQUEST.with("{\"a\":\"" + "x".repeat(999) + "\"}", null).raw();
        SecurityEvent event = decoder.event(replace(
                ROW, quoted(REQUEST.raw()), quoted(cut.substring(0, cut.indexOf("xxx") + 9) + "[Truncated...]")));

        assertThat(event.truncated()).isTrue();
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00.600Z"));
    }

    @Test
    void skipsOtherStreamsAndRowsThatAreNoRecords() {
        assertThat(decoder.skipped(replace(ROW, "kube-apiserver-audit-0a1b", "kube-scheduler-1")))
                .isEqualTo("log-stream");
        assertThat(decoder.skipped("{\"results\":[[{\"field\":\"count\",\"value\":\"7\"}]],\"statistics\":{}}"))
                .isEqualTo("no-message");
        assertThat(decoder.records("{\"results\":[],\"statistics\":{}}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"@timestamp\":\"2026-01-24 10:00:00.600\" | \"@timestamp\":\"now\" | @timestamp must be a time such as 2026-01-24 01:34:36.743: \"now\"",
                "\"@timestamp\":\"2026-01-24 10:00:00.600\" | \"@timestamp\":7 | @timestamp must be a string: 7",
                "\"@message\": | \"@message\":7,\"x\": | @message must be a string: 7",
                "\"@log\": | \"@log\":{},\"x\": | @log must be a string: an object",
            })
    void tellsWhatIsWrongWithARow(String part, String other, String reason) {
        assertThat(decoder.reason(replace(ROW, part, other))).isEqualTo(reason);
    }

    @Test
    void losesOneRowToOneBadField() {
        String good = cells(REQUEST.raw());
        String results = "{\"results\":[" + good + ",7,[{\"value\":\"x\"}],[{\"field\":\"@message\",\"value\":7}],"
                + good + "],\"statistics\":{}}";

        assertThat(decoder.fates(results)).containsExactly("event", "dead", "dead", "dead", "event");
        assertThat(decoder.records(results).get(2))
                .extracting(Decoded::deadLetter)
                .extracting("reason")
                .isEqualTo("field is missing");
    }

    @Test
    void readsAMessageOfAMegabyte() {
        String body = "{\"a\":\"" + "\\\"".repeat(500_000) + "\"}";

        assertThat(decoder.event(REQUEST.with(body, null).insights()).user()).isEqualTo("jane");
    }
}
