package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AksAuditTableFormatTest {
    private static final TestingRequest REQUEST =
            TestingRequest.of("get", "/api/v1/namespaces/shop/pods/web-0", "pods", "shop", "web-0");
    private static final String ROW = REQUEST.aksTable(false);
    private static final String TEXT_ROW = REQUEST.aksTable(true);

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void takesABodyThatWasLeftOutForOne() {
        SecurityEvent event = decoder.event(
                replace(ROW, "\"PodName\"", "\"RequestObject\":\"skipped-too-big-size-object\",\"PodName\""));

        assertThat(event.truncated()).isTrue();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(decoder.event(ROW).truncated()).isFalse();
    }

    @Test
    void fallsBackToTheTimeTheRowWasMade() {
        String times = "\"RequestReceivedTime\":\"" + TestingRequest.RECEIVED + "\",\"StageReceivedTime\":\""
                + TestingRequest.ANSWERED + "\"";

        assertThat(decoder.event(replace(ROW, "," + times, "")).time())
                .isEqualTo(Instant.parse("2026-01-24T10:00:01.1234567Z"));
        assertThat(decoder.event(replace(ROW, ",\"StageReceivedTime\":\"" + TestingRequest.ANSWERED + "\"", ""))
                        .time())
                .isEqualTo(Instant.parse(TestingRequest.RECEIVED));
    }

    @Test
    void findsTheObjectOfAListInItsPath() {
        String list = TestingRequest.of("list", "/api/v1/namespaces/shop/secrets", "secrets", "shop", null)
                .aksTable(false)
                .replaceAll("\"ObjectRef\":\\{[^}]*\\}", "\"ObjectRef\":\"\"");

        assertThat(decoder.event(list).is("list", "secrets", null)).isTrue();
        assertThat(decoder.event(list).namespace()).isEqualTo("shop");
    }

    @Test
    void countsTheStagesThatCount() {
        assertThat(decoder.skipped(replace(ROW, "ResponseComplete", "RequestReceived")))
                .isEqualTo("stage");
    }

    @Test
    void takesAColumnThatIsCutForACutRecord() {
        SecurityEvent event = decoder.event(replace(
                TEXT_ROW, "\\\"authorization.k8s.io/reason\\\":\\\"r\\\"}\"", "\\\"authorization.k8s.io/rea\""));

        assertThat(event.truncated()).isTrue();
        assertThat(event.user()).isEqualTo("jane");
    }

    @Test
    void takesEmptyColumnsForNone() {
        SecurityEvent event = decoder.event(
                "{\"AuditId\":\"a\",\"Stage\":\"Panic\",\"User\":\"\",\"SourceIps\":\"[]\",\"ObjectRef\":null,"
                        + "\"Annotations\":\" \",\"TimeGenerated\":\"2026-01-24T10:00:00Z\"}");

        assertThat(event.user()).isNull();
        assertThat(event.peer()).isNull();
        assertThat(event.cluster()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"Verb\":\"get\" | \"Verb\":7 | Verb must be a string: 7",
                "\"Stage\":\"ResponseComplete\" | \"Stage\":\"x\" | stage must be RequestReceived, ResponseStarted, ResponseComplete or Panic: \"x\"",
                "\"Stage\":\"ResponseComplete\" | \"Stage\":null | stage is missing",
                "\"code\":200 | \"code\":\"x\" | responseStatus.code must be a whole number: \"x\"",
                "\"SourceIps\":[\"203.0.113.7\"] | \"SourceIps\":{} | SourceIps must be an array of strings: an object",
                "\"SourceIps\":[\"203.0.113.7\"] | \"SourceIps\":\"\\\"x\\\"\" | SourceIps must be an array of strings: \"x\"",
                "\"ResponseStatus\":{ | \"ResponseStatus\":\"[]\",\"x\":{ | ResponseStatus must be an object: an array",
                "\"TimeGenerated\":\"2026 | \"TimeGenerated\":\"x2026 | TimeGenerated must be an RFC 3339 time: \"x2026-01-24T10:00:01.1234567Z\"",
            })
    void tellsWhatIsWrongWithARow(String part, String other, String reason) {
        assertThat(decoder.reason(replace(ROW, part, other))).isEqualTo(reason);
    }
}
