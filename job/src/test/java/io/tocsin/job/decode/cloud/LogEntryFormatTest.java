package io.tocsin.job.decode.cloud;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRequest.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogEntryFormatTest {
    private static final Instant TIME = Instant.parse("2026-01-24T10:00:00.743Z");

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static String entry(String payload, String log, String type, String labels) {
        return "{\"insertId\":\"1a2b\"," + payload + ",\"labels\":{"
                + "\"compute.googleapis.com/resource_name\":\"node-1\",\"k8s-pod/app\":\"web\","
                + "\"logging.gke.io/top_level_controller_name\":\"web\",\"logging.gke.io/top_level_controller_type\":"
                + "\"Deployment\"},\"logName\":\"projects/shop-1/logs/" + log + "\",\"receiveTimestamp\":"
                + "\"2026-01-24T10:00:02.1Z\",\"resource\":{\"labels\":{\"cluster_name\":\"prod\",\"location\":"
                + "\"europe-west1\"," + labels + "\"project_id\":\"shop-1\"},\"type\":\"" + type
                + "\"},\"severity\":\"ERROR\",\"timestamp\":\"2026-01-24T10:00:00.743Z\"}";
    }

    private static String container(String payload, String namespace) {
        return entry(
                payload,
                "stdout",
                "k8s_container",
                "\"namespace_name\":\"" + namespace + "\",\"pod_name\":\"web-0\",\"container_name\":\"web\",");
    }

    private static String node(String payload) {
        return entry(payload, "kubelet", "k8s_node", "\"node_name\":\"node-1\",");
    }

    @Test
    void takesWhatAContainerWroteForItsLine() {
        SecurityEvent event = decoder.event(container("\"textPayload\":\"panic: out of tea\\n\"", "shop"));

        assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
        assertThat(event.time()).isEqualTo(TIME);
        assertThat(event.message()).isEqualTo("panic: out of tea");
        assertThat(event.level()).isEqualTo("error");
        assertThat(event.place())
                .isEqualTo(new Place("node-1", null, "shop/web-0", null, null, "web", null, "Deployment/web"));
        assertThat(event.namespace()).isEqualTo("shop");
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.scope()).isEqualTo("shop-1/europe-west1/prod");
        assertThat(event.account()).isEqualTo("shop-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"message\":\"hello\",\"x\":1} | hello",
                "{\"msg\":\"hello\"} | hello",
                "{\"message\":{\"a\":1},\"log\":\"hello\\n\"} | hello",
                "{\"x\":\"hello\"} | {\"x\":\"hello\"}",
                "{\"message\":1,\"message\":2} | {\"message\":1,\"message\":2}"
            })
    void takesTheMessageOfAnObject(String payload, String message) {
        assertThat(decoder.event(container("\"jsonPayload\":" + payload, "shop"))
                        .message())
                .isEqualTo(message);
    }

    @Test
    void knowsAnEntryAgainThatIsDeliveredAgain() {
        String entry = container("\"textPayload\":\"x\"", "shop");
        String id = decoder.event(entry).id();

        assertThat(decoder.event(replace(entry, "10:00:02.1Z", "10:00:03.1Z")).id())
                .isEqualTo(id);
        assertThat(decoder.event(replace(entry, "1a2b", "1a2c")).id()).isNotEqualTo(id);
    }

    @Test
    void believesRecordsOfOthersOnlyOfPlatformNamespaces() {
        String payload = "\"textPayload\":" + quoted(GET_POD);

        assertThat(decoder.event(container(payload, "shop")).source()).isEqualTo(Source.CONTAINER_LOG);
        assertThat(decoder.event(container(payload, "kube-system")).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(decoder.event(container("\"jsonPayload\":" + GET_POD, "kube-system"))
                        .scope())
                .isEqualTo("shop-1/europe-west1/prod");
    }

    @Test
    void placesWhatANodeWroteOnIt() {
        assertThat(decoder.event(node("\"jsonPayload\":" + GET_POD)).scope()).isEqualTo("shop-1/europe-west1/prod");
        assertThat(decoder.skipped(node("\"textPayload\":\"anything\""))).isEqualTo("log-entry");
    }

    @Test
    void skipsWhatHasNoPayload() {
        assertThat(decoder.skipped(node("\"textPayload\":\"\""))).isEqualTo("no-payload");
        assertThat(decoder.skipped(entry("\"jsonPayload\":{\"x\":1}", "requests", "http_load_balancer", "")))
                .isEqualTo("log-entry");
    }

    @Test
    void readsOnlyTheFormatNamed() {
        String line = container("\"textPayload\":\"x\"", "shop");

        assertThat(TestingDecoder.of("container-log").event(line).message()).isEqualTo("x");
        assertThat(TestingDecoder.of("kubernetes-audit").skipped(line)).isEqualTo("other-format");
        assertThat(TestingDecoder.of("kubernetes-audit")
                        .event(node("\"jsonPayload\":" + GET_POD))
                        .user())
                .isEqualTo("jane");
    }

    @Test
    void salvagesALineThatIsCut() {
        String cut = container("\"textPayload\":\"a\"", "shop");

        assertThat(decoder.event(cut.substring(0, cut.lastIndexOf(','))).source())
                .isEqualTo(Source.CONTAINER_LOG);
        assertThat(decoder.reason(cut.substring(0, cut.indexOf("\"a\"") + 2)))
                .isEqualTo("cut off before its payload was read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"textPayload\":\"a\" | \"textPayload\":7 | textPayload must be a string: 7",
                "\"textPayload\":\"a\" | \"jsonPayload\":\"a\" | jsonPayload must be an object: \"a\"",
                "\"severity\":\"ERROR\" | \"severity\":{} | severity must be a string: an object",
                "\"type\":\"k8s_container\" | \"type\":1 | resource/type must be a string: 1",
                "\"timestamp\":\"2026-01-24T10:00:00.743Z\" | \"timestamp\":1 | timestamp must be a string: 1",
            })
    void tellsWhatIsWrongWithAnEntry(String part, String other, String reason) {
        assertThat(decoder.reason(replace(container("\"textPayload\":\"a\"", "shop"), part, other)))
                .isEqualTo(reason);
    }

    @Test
    void readsAMegabyte() {
        assertThat(decoder.event(container("\"textPayload\":\"" + "x".repeat(1 << 20) + "\"", "shop"))
                        .message())
                .hasSize(2_048);
    }
}
