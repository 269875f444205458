package io.tocsin.job.decode.cloud;

import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRequest.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRequest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureRecordFormatTest {
    private static final TestingRequest REQUEST =
            TestingRequest.of("get", "/api/v1/namespaces/shop/pods/web-0", "pods", "shop", "web-0");
    private static final String RECORD = REQUEST.azure("kube-audit");

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void readsABatchWithAByteOrderMark() {
        String batch = "\ufeff{\"records\": [" + RECORD + ",\n" + RECORD + "]}";

        assertThat(decoder.fates(batch)).containsExactly("event", "event");
        assertThat(decoder.ofFile(batch + "\n" + RECORD + "\n")).hasSize(3).allMatch(r -> r.event() != null);
    }

    @Test
    void losesOneRecordToOneBadElement() {
        assertThat(decoder.fates("{\"records\":[" + RECORD + ",7," + RECORD.replace("\"log\":", "\"log\":x") + ","
                        + RECORD + "],\"x\":1}"))
                .containsExactly("event", "dead", "dead", "event");
        assertThat(decoder.reason("{\"records\":{}}")).isEqualTo("records must be an array: {}");
        assertThat(decoder.reason("{\"records\":[],\"records\":[]}")).isEqualTo("duplicate field: records");
        assertThat(decoder.fates("{\"records\":[" + RECORD + "," + RECORD.substring(0, 99)))
                .containsExactly("event", "dead");
    }

    // Trap 7

    @ParameterizedTest
    @ValueSource(ints = {16_384, 32_766})
    void salvagesTheHeadOfATextThatIsCut(int length) {
        String padded =
                REQUEST.with("{\"a\":\"" + "x".repeat(40_000) + "\"}", null).raw();
        SecurityEvent event = decoder.event(TestingRequest.azure("kube-audit", quoted(padded.substring(0, length))));

        assertThat(event.truncated()).isTrue();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.name()).isEqualTo("web-0");
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:01.1234567Z"));
        String whole = REQUEST.with("{\"a\":{}}", null).raw();
        String cutBehindABrace = whole.substring(0, whole.indexOf("{\"a\":{}") + 7);
        assertThat(decoder.event(TestingRequest.azure("kube-audit", quoted(cutBehindABrace)))
                        .truncated())
                .isTrue();
    }

    // Trap 13

    @ParameterizedTest
    @ValueSource(strings = {"kube-apiserver", "guard", "cluster-autoscaler", "kube-audit"})
    void skipsTheTextOfControlPlaneComponents(String category) {
        assertThat(decoder.skipped(TestingRequest.azure(
                        category,
                        "\"I0101 12:00:00.000000       1 main.go:7] Recieved subject access review request\\n\"")))
                .isEqualTo("category");
    }

    @Test
    void readsAuditEventsOfAnyCategory() {
        assertThat(decoder.event(REQUEST.azure("kube-apiserver")).user()).isEqualTo("jane");
        assertThat(decoder.skipped(
                        "{\"category\":\"AuditEvent\",\"resourceId\":\"/SUBSCRIPTIONS/1/X/Y\",\"properties\":\"x\"}"))
                .isEqualTo("category");
        assertThat(decoder.skipped("{\"resourceId\":\"x\",\"category\":\"AllMetrics\",\"time\":7}"))
                .isEqualTo("category");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-24T10:00:01Z",
                "2026-01-24T10:00:01.0000000Z",
                "2026-01-24T10:00:01.000000000Z",
                "2026-01-24T11:00:01+01:00"
            })
    void readsTimesOfAnyPrecision(String time) {
        String times = "\"requestReceivedTimestamp\":\"" + TestingRequest.RECEIVED + "\",\"stageTimestamp\":\""
                + TestingRequest.ANSWERED + "\",";
        String record = TestingRequest.azure("kube-audit", quoted(replace(REQUEST.raw(), times, "")));

        assertThat(decoder.event(replace(record, "2026-01-24T10:00:01.1234567Z", time))
                        .time())
                .isEqualTo(Instant.parse("2026-01-24T10:00:01Z"));
    }

    @Test
    void knowsAClusterOfArc() {
        String arc =
                replace(RECORD, "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS", "MICROSOFT.KUBERNETES/CONNECTEDCLUSTERS");

        assertThat(decoder.event(arc).cluster()).isEqualTo("prod");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/subscriptions/S/resourceGroups/G/providers/Microsoft.ContainerService/managedClusters/C, s, g, c",
                "/subscriptions/S, s, -, -",
                "//, -, -, -",
                "x, -, -, -",
                "/managedClusters/, -, -, -"
            })
    void readsAResourcesId(String id, String subscription, String group, String cluster) {
        assertThat(AzureResource.of(id)).isEqualTo(new AzureResource(subscription, group, cluster));
        assertThat(AzureResource.of(null)).isEqualTo(new AzureResource(null, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"pod\":\"kube-apiserver-1\" | \"pod\":1 | properties/pod must be a string: 1",
                "\"category\":\"kube-audit\" | \"category\":1 | category must be a string: 1",
                "\"time\":\"2026 | \"time\":\"x2026 | time must be an RFC 3339 time: \"x2026-01-24T10:00:01.1234567Z\"",
                "\"log\": | \"log\":null,\"x\": | properties.log is missing",
                "\"log\": | \"log\":7,\"x\": | properties/log must be a string: 7",
                "\"properties\": | \"properties\":7,\"x\": | properties must be an object: 7",
            })
    void tellsWhatIsWrongWithARecord(String part, String other, String reason) {
        assertThat(decoder.reason(replace(RECORD, part, other))).isEqualTo(reason);
    }

    @Test
    void readsALogOfAMegabyte() {
        String body = "{\"a\":\"" + "\\\"".repeat(500_000) + "\"}";
        List<Decoded> records = decoder.records(REQUEST.with(body, null).azure("kube-audit"));

        assertThat(records).hasSize(1);
        assertThat(records.get(0).event().user()).isEqualTo("jane");
    }
}
