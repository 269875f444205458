package io.tocsin.job.decode.container;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.container.ContainerRecords.filebeat;
import static io.tocsin.job.decode.container.ContainerRecords.fluentBit;
import static io.tocsin.job.decode.container.ContainerRecords.fluentPod;
import static io.tocsin.job.decode.container.ContainerRecords.openShift;
import static io.tocsin.job.decode.container.ContainerRecords.openTelemetry;
import static io.tocsin.job.decode.container.ContainerRecords.otlp;
import static io.tocsin.job.decode.container.ContainerRecords.string;
import static io.tocsin.job.decode.container.ContainerRecords.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorFormatTest {
    private static final Instant TIME = Instant.parse("2026-01-24T01:34:36.743Z");
    private static final Place PLACE = new Place(
            "node-1",
            null,
            "shop/web-0",
            "4f6c0e0e-0000-4000-8000-000000000007",
            "10.1.2.3",
            "app",
            "registry.example.com/web:1.2",
            "StatefulSet/web");

    private final TestingDecoder decoder = TestingDecoder.auto();

    static Stream<String> collectors() {
        return Stream.of(
                fluentBit("shop", "hello"),
                "[1769218476.743,{\"log\":\"hello\",\"stream\":\"stdout\"," + fluentPod("shop") + "}]",
                "[[1769218476.743000, {}], {\"log\":\"hello\",\"stream\":\"stdout\"," + fluentPod("shop") + "}]",
                "{\"date\":\"2026-01-24T01:34:36.743000Z\",\"stream\":\"stdout\",\"logtag\":\"F\",\"message\":\"hello\","
                        + fluentPod("shop") + "}",
                "{\"stream\":\"stdout\",\"docker\":{\"container_id\":\"0a1b\"},\"log\":\"hello\\n\","
                        + fluentPod("shop").replace("\"pod_ip\"", "\"namespace_id\":\"n\",\"pod_ip\"")
                        + ",\"time\":\"2026-01-24T01:34:36.743+00:00\"}",
                vector("shop", "hello"),
                filebeat("shop", "hello"),
                openShift("shop", "hello"),
                openTelemetry("shop", "hello"),
                otlp("shop", "hello"));
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void readsEveryCollectorsRecord(String record) {
        for (String format : List.of("auto", "container-log")) {
            SecurityEvent event = TestingDecoder.of(format).event(record);

            assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
            assertThat(event.time()).isEqualTo(TIME);
            assertThat(event.message()).isEqualTo("hello");
            assertThat(event.place()).isEqualTo(PLACE);
            assertThat(event.namespace()).isEqualTo("shop");
            assertThat(event.truncated()).isFalse();
        }
    }

    @Test
    void readsElasticsNamesWithDots() {
        SecurityEvent event = decoder.event("{\"@timestamp\":\"2026-01-24T01:34:36.743Z\",\"message\":\"hello\","
                + "\"kubernetes.namespace\":\"shop\",\"kubernetes.pod.name\":\"web-0\",\"kubernetes.pod.uid\":"
                + "\"4f6c0e0e-0000-4000-8000-000000000007\",\"kubernetes.pod.ip\":\"10.1.2.3\","
                + "\"kubernetes.node.name\":\"node-1\",\"kubernetes.container.name\":\"app\",\"container.image.name\":"
                + "\"registry.example.com/web:1.2\",\"kubernetes.statefulset.name\":\"web\",\"log.level\":\"WARN\","
                + "\"orchestrator.cluster.name\":\"prod\"}");

        assertThat(event.place()).isEqualTo(PLACE);
        assertThat(event.level()).isEqualTo("warn");
        assertThat(event.cluster()).isEqualTo("prod");
    }

    @Test
    void readsOpenTelemetrysNamesAtTheTop() {
        SecurityEvent event = decoder.event("{\"timestamp\":\"1769218476743000000\",\"body\":\"hello\","
                + "\"k8s.namespace.name\":\"shop\",\"k8s.pod.name\":\"web-0\",\"k8s.node.name\":\"node-1\"}");

        assertThat(event.time()).isEqualTo(TIME);
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.place().node()).isEqualTo("node-1");
    }

    @Test
    void takesABatchOfOpenTelemetryApart() {
        List<Decoded> records = decoder.records(otlp("kube-system", "hello", GET_POD, "bye"));

        assertThat(records)
                .extracting(r -> r.event().source().id())
                .containsExactly("container-log", "kubernetes-audit", "container-log");
        assertThat(records).extracting(r -> r.event().cluster()).containsOnly("prod");
        assertThat(records.get(0).event().level()).isEqualTo("warn");
        String broken = otlp("shop", "hello", "bye").replace("\"stringValue\":\"hello\"", "\"stringValue\":5");
        assertThat(decoder.fates(broken)).containsExactly("dead", "event");
        assertThat(decoder.skipped("{\"resourceLogs\":[]}")).isEqualTo("empty-batch");
        assertThat(decoder.reason("{\"resourceLogs\":{}}")).isEqualTo("resourceLogs must be an array: {}");
        assertThat(decoder.fates(otlp("shop", "hello", "bye")
                        .substring(0, otlp("shop", "hello", "bye").length() - 70)))
                .containsExactly("event", "event");
        for (int length = 40; length < otlp("shop", "hello").length(); length++) {
            assertThat(decoder.records(otlp("shop", "hello").substring(0, length)))
                    .hasSize(1);
        }
        SecurityEvent map = decoder.event(
                otlp("shop", "hello").replace("{\"stringValue\":\"hello\"}", "{\"kvlistValue\":{\"values\":[]}}"));
        assertThat(map.message()).isEqualTo("{\"kvlistValue\":{\"values\":[]}}");
    }

    @Test
    void asksTheFilesPathWhereTheCollectorNamesNoPod() {
        String uid = "4f6c0e0e-0000-4000-8000-000000000007";
        String path = "/var/log/pods/kube-system_dns-1_" + uid + "/dns/0.log";
        for (String record : List.of(
                "{\"@timestamp\":\"2026-01-24T01:34:36.743Z\",\"message\":\"x\",\"log\":{\"file\":{\"path\":\"" + path
                        + "\"}},\"agent\":{}}",
                "{\"@timestamp\":\"2026-01-24T01:34:36.743Z\",\"message\":\"x\",\"log.file.path\":\"" + path + "\"}",
                "{\"file\":\"" + path
                        + "\",\"message\":\"x\",\"source_type\":\"file\",\"timestamp\":\"2026-01-24T01:34:36.743Z\"}",
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":1769218476743000000,\"body\":\"x\","
                        + "\"attributes\":[" + ContainerRecords.attribute("log.file.path", path) + "]}]}]}]}")) {
            SecurityEvent event = decoder.event(record);
            assertThat(event.place())
                    .isEqualTo(new Place(null, null, "kube-system/dns-1", uid, null, "dns", null, null));
            assertThat(event.message()).isEqualTo("x");
        }
    }

    @Test
    void readsFilesOfNodes() {
        for (String record : List.of(
                "{\"@timestamp\":\"2026-01-24T10:00:01Z\",\"message\":" + string(GET_POD)
                        + ",\"log\":{\"file\":{\"path\":"
                        + "\"/var/log/kubernetes/audit.log\"}},\"host\":{\"name\":\"node-1\"},\"agent\":{}}",
                "{\"file\":\"/var/log/kubernetes/audit.log\",\"host\":\"node-1\",\"message\":" + string(GET_POD)
                        + ",\"source_type\":\"file\",\"timestamp\":\"2026-01-24T10:00:01Z\"}")) {
            SecurityEvent event = decoder.event(record);
            assertThat(event.source()).isEqualTo(Source.KUBERNETES_AUDIT);
            assertThat(event.user()).isEqualTo("jane");
        }
        SecurityEvent text = decoder.event("{\"@timestamp\":\"2026-01-24T10:00:01Z\",\"message\":\"odd\","
                + "\"host\":{\"name\":\"node-1\"},\"agent\":{}}");
        assertThat(text.place()).isEqualTo(Place.onNode("node-1"));
    }

    @Test
    void readsOpenShiftsStructuredMessages() {
        String record = openShift("kube-system", "")
                .replace("\"viaq_msg_id\"", "\"structured\":" + GET_POD + ",\"viaq_msg_id\"");

        assertThat(decoder.event(record).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(decoder.event(record.replace("kube-system", "shop")).message())
                .startsWith("{\"kind\":\"Event\"");
    }

    // Merge_Log

    @Test
    void prefersTheCollectorsOwnMembersToMergedOnes() {
        String app = "{\"time\":\"2001-01-01T00:00:00Z\",\"message\":\"from the app\",\"log\":\"x\",\"stream\":\"y\"}";
        SecurityEvent event = decoder.event("{\"date\":1769218476.743,\"log\":" + string(app)
                + ",\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:36.743Z\","
                + app.substring(1, app.length() - 1) + "," + fluentPod("shop") + "}");

        assertThat(event.time()).isEqualTo(TIME);
        assertThat(event.message()).isEqualTo(app);
        SecurityEvent undated = decoder.event("{\"log\":" + string(app)
                + ",\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:36.743Z\","
                + app.substring(1, app.length() - 1) + "," + fluentPod("shop") + "}");
        assertThat(undated.time()).isEqualTo(TIME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kubernetes\":{\"namespace_name\":\"kube-system\",\"pod_name\":\"evil\",\"container_name\":\"x\"}",
                "\"kubernetes\":\"x\"",
                "\"kubernetes\":{\"namespace_name\":5}",
                "\"k8s.namespace.name\":\"kube-system\",\"k8s.pod.name\":\"evil\",\"resource\":{\"k8s.pod.name\":\"evil\"}",
                "\"kubernetes.namespace_name\":\"kube-system\",\"kubernetes.pod.name\":\"evil\"",
                "\"file\":\"/var/log/pods/kube-system_dns-1_4f6c0e0e-0000-4000-8000-000000000007/dns/0.log\""
            })
    void letsNoMergedMemberChangeThePlace(String forged) {
        for (String record : List.of(
                "{\"date\":1769218476.743,\"log\":\"hello\",\"stream\":\"stdout\"," + forged + "," + fluentPod("shop")
                        + "}",
                "{\"date\":1769218476.743,\"stream\":\"stdout\"," + forged + ",\"message\":\"hello\","
                        + fluentPod("shop") + "}",
                "{\"date\":1769218476.743,\"stream\":\"stdout\",\"log\":" + string("{" + forged + "}") + ","
                        + fluentPod("shop") + "}")) {
            assertThat(decoder.event(record).place()).isEqualTo(PLACE);
        }
    }

    @Test
    void readsWhatWasMergedWithoutBeingKept() {
        String merged = GET_POD.substring(1, GET_POD.length() - 1);
        for (String namespace : List.of("kube-system", "shop")) {
            for (String record : List.of(
                    "{\"stream\":\"stdout\",\"time\":\"2026-01-24T01:34:36.743Z\"," + merged + ","
                            + fluentPod(namespace) + "}",
                    "{\"auditID\":\"x\"," + fluentPod(namespace) + "," + merged.replace("\"kind\":\"Event\",", "")
                            + ",\"time\":1769218476.743}",
                    "{\"date\":1769218476.743,\"stream\":\"stdout\",\"log_processed\":" + GET_POD + ","
                            + fluentPod(namespace) + "}",
                    "[1769218476.743,{\"stream\":\"stdout\"," + merged + "," + fluentPod(namespace) + "}]")) {
                SecurityEvent event = decoder.event(record);
                assertThat(event.source())
                        .as(record)
                        .isEqualTo(namespace.equals("shop") ? Source.CONTAINER_LOG : Source.KUBERNETES_AUDIT);
            }
        }
        SecurityEvent plain = decoder.event(
                "{\"date\":1769218476.743,\"stream\":\"stdout\",\"a\":1,\"b\":{\"c\":2}," + fluentPod("shop") + "}");
        assertThat(plain.message()).isEqualTo("{\"a\":1,\"b\":{\"c\":2}}");
    }

    @Test
    void takesAnEventThatACollectorReadAsJson() {
        String merged = GET_POD.substring(1);

        assertThat(decoder.event("{\"date\":1769218476.743," + merged).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(decoder.event("[1769218476.743,{" + merged + "]").source()).isEqualTo(Source.KUBERNETES_AUDIT);
    }

    // Shapes and types

    @Test
    void readsTheTimesThatFluentCanBeToldToWrite() {
        for (String date : List.of(
                "1769218476.743000",
                "1769218476743",
                "\"2026-01-24T01:34:36.743Z\"",
                "\"2026-01-24 01:34:36.743\"",
                "\"2026-01-24T02:34:36.743+0100\"",
                "\"1769218476.743\"")) {
            assertThat(decoder.event("{\"date\":" + date + ",\"log\":\"x\"}").time())
                    .as(date)
                    .isEqualTo(TIME);
        }
        assertThat(decoder.event("{\"date\":\"2026-01-24 02:34:36 +0100\",\"log\":\"x\"}")
                        .time())
                .isEqualTo(Instant.parse("2026-01-24T01:34:36Z"));
    }

    @Test
    void checksTypesOfWhatTheCollectorSets() {
        assertThat(decoder.reason(fluentBit("shop", "x").replace("\"web-0\"", "7")))
                .isEqualTo("kubernetes.pod_name must be a string: 7");
        assertThat(decoder.reason(filebeat("shop", "x").replace("\"name\":\"web-0\"", "\"name\":[]")))
                .isEqualTo("kubernetes.pod.name must be a string: an array");
        assertThat(decoder.reason("{\"date\":1769218476.743,\"log\":\"x\",\"kubernetes\":\"y\"}"))
                .isEqualTo("kubernetes must be an object: y");
        assertThat(decoder.reason("{\"date\":\"x\",\"log\":\"x\"}"))
                .isEqualTo("date must be an RFC 3339 time or a number since 1970: \"x\"");
        assertThat(TestingDecoder.of("container-log").reason("{\"a\":1}")).isEqualTo("time is missing");
        assertThat(TestingDecoder.of("container-log").reason("{\"date\":1769218476.743}"))
                .isEqualTo("log and message are missing");
        assertThat(decoder.event("[1769218476.743,{\"log\":\"x\"").truncated()).isTrue();
        assertThat(decoder.reason("[1769218476.743,{\"log\":x}]")).startsWith("not JSON");
    }

    @Test
    void salvagesTheHeadOfACutRecord() {
        String record = filebeat("shop", "x".repeat(3_000));
        String head = "{" + fluentPod("kube-system") + ",\"date\":1769218476.743,\"log\":";

        SecurityEvent text = decoder.event(record.substring(0, record.length() - 30));
        assertThat(text.truncated()).isTrue();
        assertThat(text.place().pod()).isEqualTo("shop/web-0");
        String audit = string(GET_POD);
        SecurityEvent salvaged = decoder.event(head + audit.substring(0, audit.indexOf("sourceIPs") + 30));
        assertThat(salvaged.source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(salvaged.truncated()).isTrue();
        SecurityEvent escape = decoder.event(head + "\"hello \\u00");
        assertThat(escape.message()).isEqualTo("hello ");
    }

    @Test
    void takesArraysOfRecords() {
        String one = fluentBit("shop", "a");

        assertThat(decoder.fates("[" + one + "," + one + "]")).containsExactly("event", "event");
        assertThat(decoder.ofFile("[1769218476.743, {\"log\":\"a\"}]\n[1769218476.743, {\"log\":\"b\"}]\n"))
                .extracting(r -> r.event().message())
                .containsExactly("a", "b");
    }

    @Test
    void readsAMegabyteAndNests() {
        assertThat(decoder.event(fluentBit("shop", "x".repeat(1_000_000))).message())
                .hasSize(2_048);
        String deep = "{\"date\":1769218476.743,\"stream\":\"stdout\",\"a\":" + "[".repeat(5_000) + "]".repeat(5_000)
                + "," + fluentPod("shop") + "}";
        assertThat(decoder.event(deep).place().pod()).isEqualTo("shop/web-0");
        assertThat(decoder.fates(fluentBit("shop", "x".repeat(1_100_000)))).containsExactly("event");
    }
}
