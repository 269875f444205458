package io.tocsin.job.decode.kubernetes;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesEventFormatTest {
    private static final String REFERENCE = "{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"web-0\","
            + "\"uid\":\"0b00\",\"apiVersion\":\"v1\",\"fieldPath\":\"spec.containers{web}\"}";
    private static final String EVENT = "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":"
            + "\"web-0.18a0c0ffee000001\",\"namespace\":\"shop\",\"uid\":\"0e00\",\"resourceVersion\":\"7\","
            + "\"creationTimestamp\":\"2026-01-24T09:59:00Z\"},\"involvedObject\":" + REFERENCE
            + ",\"reason\":\"BackOff\",\"message\":\"Back-off restarting\",\"source\":{\"component\":\"kubelet\","
            + "\"host\":\"node-1\"},\"firstTimestamp\":\"2026-01-24T09:59:00Z\",\"lastTimestamp\":"
            + "\"2026-01-24T10:00:00Z\",\"count\":3,\"type\":\"Warning\",\"eventTime\":null,"
            + "\"reportingComponent\":\"kubelet\",\"reportingInstance\":\"node-1\"}";

    private final TestingDecoder decoder = TestingDecoder.auto();
    private final TestingDecoder named = TestingDecoder.of("kubernetes-event");

    private static String whole(String file) {
        try (InputStream in =
                KubernetesEventFormatTest.class.getResourceAsStream("/formats/kubernetes-event/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SecurityEvent line(String file, int line) {
        return decoder.event(whole(file).lines().toList().get(line));
    }

    private static String about(String reference) {
        return replace(EVENT, REFERENCE, reference);
    }

    @Test
    void readsAnEvent() {
        SecurityEvent event = decoder.event(EVENT);

        assertThat(event.source()).isEqualTo(Source.KUBERNETES_EVENT);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00Z"));
        assertThat(event.reason()).isEqualTo("BackOff");
        assertThat(event.message()).isEqualTo("Back-off restarting");
        assertThat(event.level()).isEqualTo("warning");
        assertThat(event.count()).isEqualTo(3);
        assertThat(event.resource()).isEqualTo("pods");
        assertThat(event.apiGroup()).isNull();
        assertThat(event.namespace()).isEqualTo("shop");
        assertThat(event.name()).isEqualTo("web-0");
        assertThat(event.place()).isEqualTo(new Place("node-1", null, "shop/web-0", "0b00", null, "web", null, null));
        assertThat(event.user()).isNull();
        assertThat(event.peer()).isNull();
        assertThat(event.verb()).isNull();
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void readsEveryVersionsNames() {
        SecurityEvent event = line("events-v1.jsonl", 0);

        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:04:00.000001Z"));
        assertThat(event.reason()).isEqualTo("Killing");
        assertThat(event.message()).isEqualTo("Stopping container web");
        assertThat(event.level()).isEqualTo("normal");
        assertThat(event.count()).isEqualTo(3);
        assertThat(event.place().pod()).isEqualTo("shop/web-2");
        assertThat(event.place().container()).isEqualTo("web");
        assertThat(event.place().node()).isEqualTo("node-1");

        SecurityEvent old = line("events-v1.jsonl", 1);
        assertThat(old.time()).isEqualTo(Instant.parse("2026-01-24T10:03:00Z"));
        assertThat(old.count()).isEqualTo(5);
        // From reportingInstance, kubelet-node-1.
        assertThat(old.place().node()).isEqualTo("node-1");
        assertThat(decoder.event(replace(
                                whole("events-v1.jsonl").lines().toList().get(0),
                                "events.k8s.io/v1",
                                "events.k8s.io/v1beta1"))
                        .reason())
                .isEqualTo("Killing");
    }

    // Trap 18

    @ParameterizedTest
    @CsvSource({
        "null, 2026-01-24T10:00:00Z, null, null, 2026-01-24T10:00:00Z",
        "2026-01-24T10:00:01.000002Z, null, null, null, 2026-01-24T10:00:01.000002Z",
        "2026-01-24T10:00:01.000002Z, 2026-01-24T10:00:02Z, null, null, 2026-01-24T10:00:02Z",
        "2026-01-24T10:00:03.000002Z, 2026-01-24T10:00:02Z, null, null, 2026-01-24T10:00:03.000002Z",
        "2026-01-24T10:00:03.000002Z, 2026-01-24T10:00:02Z, 2026-01-24T10:07:00Z, null, 2026-01-24T10:07:00Z",
        "null, null, null, 2026-01-24T09:59:00Z, 2026-01-24T09:59:00Z",
        "null, 0001-01-01T00:00:00Z, null, 2026-01-24T09:59:00Z, 2026-01-24T09:59:00Z",
        "2026-01-24T09:00:00.000000Z, null, null, 2026-01-24T09:59:00Z, 2026-01-24T09:59:00Z"
    })
    void takesTheLastOfItsTimes(String eventTime, String last, String series, String created, Instant expected) {
        String event = replace(
                EVENT,
                "\"eventTime\":null",
                "\"eventTime\":" + json(eventTime) + ",\"series\":{\"count\":9,\"lastObservedTime\":" + json(series)
                        + "}");
        event = replace(event, "\"lastTimestamp\":\"2026-01-24T10:00:00Z\"", "\"lastTimestamp\":" + json(last));
        event = replace(
                event, "\"creationTimestamp\":\"2026-01-24T09:59:00Z\"", "\"creationTimestamp\":" + json(created));

        assertThat(decoder.event(event).time()).isEqualTo(expected);
    }

    private static String json(String time) {
        return time.equals("null") ? "null" : "\"" + time + "\"";
    }

    @Test
    void takesTheFirstTimeOnlyWhereThereIsNoOther() {
        String event = replace(EVENT, "\"lastTimestamp\":\"2026-01-24T10:00:00Z\"", "\"lastTimestamp\":null");
        event = replace(event, ",\"creationTimestamp\":\"2026-01-24T09:59:00Z\"", "");
        assertThat(decoder.event(event).time()).isEqualTo(Instant.parse("2026-01-24T09:59:00Z"));
        assertThat(decoder.reason(
                        replace(event, "\"firstTimestamp\":\"2026-01-24T09:59:00Z\"", "\"firstTimestamp\":null")))
                .isEqualTo("time is missing");
    }

    @Test
    void isOneEventWhileItGrows() {
        SecurityEvent first = decoder.event(EVENT);
        String grown = replace(EVENT, "\"count\":3", "\"count\":9");
        grown = replace(grown, "10:00:00Z", "10:05:00Z");
        grown = replace(grown, "\"resourceVersion\":\"7\"", "\"resourceVersion\":\"8\"");
        grown = replace(grown, "Back-off restarting", "(combined from similar events): Back-off restarting");
        SecurityEvent second = decoder.event(grown);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.count()).isEqualTo(9);
        assertThat(second.time()).isAfter(first.time());
        String item = replace(EVENT, "\"kind\":\"Event\",\"apiVersion\":\"v1\",", "");
        for (String delivery : List.of(
                item,
                "{\"type\":\"MODIFIED\",\"object\":" + EVENT + "}",
                "{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"items\":[" + item + "]}",
                "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[" + EVENT + "]}",
                "[1769248801.5, " + item + "]",
                replace(item, "{\"metadata\"", "{\"date\":1769248801.5,\"metadata\""))) {
            assertThat(decoder.event(delivery).id()).as(delivery).isEqualTo(first.id());
            assertThat(named.event(delivery).id()).as(delivery).isEqualTo(first.id());
        }
        assertThat(decoder.event(replace(EVENT, "\"0e00\"", "\"0e01\"")).id()).isNotEqualTo(first.id());
    }

    @Test
    void isOneEventByItsNameWithoutAUid() {
        String event = replace(EVENT, "\"uid\":\"0e00\",", "");
        String id = decoder.event(event).id();

        assertThat(decoder.event(replace(event, "\"count\":3", "\"count\":4")).id())
                .isEqualTo(id);
        assertThat(decoder.event(replace(event, "web-0.18", "web-1.18")).id()).isNotEqualTo(id);
        assertThat(decoder.event(replace(
                                event,
                                "\"namespace\":\"shop\",\"resourceVersion\"",
                                "\"namespace\":\"x\",\"resourceVersion\""))
                        .id())
                .isNotEqualTo(id);
    }

    @Test
    void countsWhatASeriesCounts() {
        SecurityEvent event = line("core.jsonl", 5);

        assertThat(event.count()).isEqualTo(4);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:07:00Z"));
        // The scheduler's instance is no node.
        assertThat(event.place().node()).isNull();
        assertThat(decoder.event(replace(EVENT, "\"count\":3", "\"count\":null"))
                        .count())
                .isEqualTo(1);
    }

    @Test
    void knowsImagesByTheKubeletsWords() {
        assertThat(line("core.jsonl", 0).place().image()).isEqualTo("registry.example.com/shop/web:1.2");
        assertThat(line("core.jsonl", 1).place().image()).isEqualTo("registry.example.com/shop/web:1.2");
        assertThat(line("core.jsonl", 2).place().image()).isNull();
        assertThat(image("Container image \\\"a/b:1\\\" already present on machine"))
                .isEqualTo("a/b:1");
        assertThat(image("Failed to pull image \\\"a/b@sha256:0\\\": rpc error"))
                .isEqualTo("a/b@sha256:0");
        assertThat(image("(combined from similar events): Back-off pulling image \\\"a/b:1\\\""))
                .isEqualTo("a/b:1");
        assertThat(image("Pulling image \\\"unclosed")).isNull();
        assertThat(image("Pulling image \\\"\\\"")).isNull();
        assertThat(image("says: Pulling image \\\"a\\\"")).isNull();
    }

    private String image(String message) {
        return decoder.event(replace(EVENT, "Back-off restarting", message))
                .place()
                .image();
    }

    @Test
    void tellsWhereAnEventAboutANodeOrAControllerHappened() {
        SecurityEvent node = line("core.jsonl", 3);
        assertThat(node.resource()).isEqualTo("nodes");
        assertThat(node.name()).isEqualTo("node-2");
        assertThat(node.namespace()).isNull();
        assertThat(node.place()).isEqualTo(Place.onNode("node-2"));

        SecurityEvent replicas = line("core.jsonl", 4);
        assertThat(replicas.resource()).isEqualTo("replicasets");
        assertThat(replicas.place().workload()).isEqualTo("ReplicaSet/web-5d4f8");
        assertThat(replicas.place().pod()).isNull();
        assertThat(replicas.namespace()).isEqualTo("shop");
    }

    @ParameterizedTest
    @CsvSource({
        "Deployment, apps/v1, deployments, apps",
        "Ingress, networking.k8s.io/v1, ingresses, networking.k8s.io",
        "NetworkPolicy, networking.k8s.io/v1, networkpolicies, networking.k8s.io",
        "Endpoints, v1, endpoints,",
        "Certificate, cert-manager.io/v1, certificate, cert-manager.io"
    })
    void namesTheResource(String kind, String version, String resource, String group) {
        SecurityEvent event = decoder.event(about("{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + version + "\"}"));

        assertThat(event.resource()).isEqualTo(resource);
        assertThat(event.apiGroup()).isEqualTo(group);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "spec.initContainers{setup}, setup",
                "spec.ephemeralContainers{debug}, debug",
                "spec.containers{}, null",
                "spec.containers[0], null",
                "{x}, null",
                "spec.{x}, null"
            },
            nullValues = "null")
    void readsTheContainer(String path, String container) {
        assertThat(decoder.event(replace(EVENT, "spec.containers{web}", path))
                        .place()
                        .container())
                .isEqualTo(container);
    }

    @Test
    void readsWhatExportersAdd() {
        SecurityEvent event = line("exporter.jsonl", 0);
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.place().workload()).isEqualTo("StatefulSet/web");
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.level()).isEqualTo("warning");

        SecurityEvent lost = line("exporter.jsonl", 1);
        assertThat(lost.resource()).isNull();
        assertThat(lost.name()).isEqualTo("web-0");
        assertThat(lost.namespace()).isEqualTo("shop");
        assertThat(lost.place().pod()).isNull();
        assertThat(lost.place().node()).isEqualTo("node-1");

        assertThat(TestingDecoder.ofCluster("mine")
                        .event(whole("exporter.jsonl").lines().toList().get(0))
                        .cluster())
                .isEqualTo("mine");
    }

    @Test
    void readsListsPrettyPrintedOverManyLines() {
        assertThat(decoder.ofFile(whole("event-list.log")))
                .hasSize(2)
                .extracting(r -> Objects.requireNonNull(r.event()).reason())
                .containsExactly("Pulling", "BackOff");
        assertThat(decoder.ofFile(whole("kubectl-list.log")))
                .extracting(Decoded::skipped)
                .containsExactly(null, null, "other-kind");
        assertThat(decoder.ofFile(whole("kubectl-watch.log")))
                .hasSize(2)
                .extracting(r -> Objects.requireNonNull(r.event()).reason())
                .containsExactly("Pulled", "FailedCreate");
        assertThat(decoder.records("{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"items\":null}"))
                .isEmpty();
    }

    @Test
    void readsListsOfAnySize() {
        StringBuilder list =
                new StringBuilder("{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[");
        for (int i = 0; i < 4_000; i++) {
            list.append(i == 0 ? "" : ",").append(EVENT);
        }

        assertThat(list.length()).isGreaterThan(2 << 20);
        assertThat(decoder.events(list + "]}")).hasSize(4_000);
        // A cut list keeps its items; the last is salvaged.
        assertThat(decoder.fates(list + "," + EVENT.substring(0, EVENT.indexOf("\"firstTimestamp\""))))
                .hasSize(4_001)
                .containsOnly("event");
    }

    @Test
    void refusesListsThatHoldNoEvents() {
        assertThat(decoder.fates(
                        "{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"items\":[1,{\"foo\":1},{\"kind\":\"Pod\"}]}"))
                .containsExactly("dead", "dead", "other-kind");
        assertThat(decoder.reason("{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"items\":{}}"))
                .isEqualTo("items must be an array: {}");
        assertThat(decoder.reason("{\"kind\":\"List\",\"apiVersion\":\"v1\"}")).isEqualTo("items is missing");
    }

    @Test
    void readsAWatch() {
        assertThat(decoder.ofFile(whole("watch.jsonl")))
                .extracting(Decoded::skipped)
                .containsExactly(null, null, "deleted", "bookmark", "watch-error");
        assertThat(decoder.skipped("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}}"))
                .isEqualTo("other-kind");
        assertThat(decoder.reason("{\"type\":\"ADDED\",\"object\":5}")).isEqualTo("object must be an object: 5");
        assertThat(decoder.event("{\"object\":" + EVENT + ",\"type\":\"ADDED\"}")
                        .reason())
                .isEqualTo("BackOff");
    }

    @Test
    void readsWhatFluentBitWrites() {
        assertThat(decoder.ofFile(whole("fluent-bit.jsonl"))).hasSize(4).allMatch(r -> r.event() != null);
        String timeless = "{\"metadata\":{\"uid\":\"1\"},\"involvedObject\":{},\"reason\":\"x\"}";
        assertThat(decoder.event("[1769248801.5, " + timeless + "]").time())
                .isEqualTo(Instant.parse("2026-01-24T10:00:01.5Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1769248801.5, {\"a\":1}]",
                "[1769248801.5]",
                "[[",
                "[1,2,3]",
                "[\"a\"]",
                "[1769248801.5, {\"kind\":\"Event\"}]"
            })
    void leavesOtherArraysAlone(String array) {
        assertThat(decoder.records(array))
                .noneMatch(r -> r.event() != null && r.event().source() == Source.KUBERNETES_EVENT);
    }

    @Test
    void leavesAuditEventsAlone() {
        assertThat(decoder.event(GET_POD).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        String list = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[" + GET_POD + "]}";
        assertThat(decoder.event(list).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(TestingDecoder.of("kubernetes-audit").reason(EVENT))
                .startsWith("apiVersion must be audit.k8s.io/v1");
        assertThat(named.reason(GET_POD)).isEqualTo("apiVersion must be v1 or of events.k8s.io: \"audit.k8s.io/v1\"");
        assertThat(named.reason(list)).isEqualTo("kind must be Event: \"EventList\"");
    }

    // Trap 20

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            "BackOff"|0|reason must be a string: 0
            "Back-off restarting"|{}|message must be a string: an object
            "Warning"|1|type must be a string: 1
            "count":3|"count":"many"|count must be a whole number from 0 to 2147483647: "many"
            "count":3|"count":-1|count must be a whole number from 0 to 2147483647: -1
            {"component":"kubelet","host":"node-1"}|"kubelet"|source must be an object: "kubelet"
            "2026-01-24T10:00:00Z"|"soon"|lastTimestamp must be an RFC 3339 time: "soon"
            "eventTime":null|"eventTime":7|eventTime must be a string: 7
            "uid":"0e00"|"uid":7|metadata/uid must be a string: 7
            "name":"web-0",|"name":["web-0"],|involvedObject/name must be a string: an array
            "apiVersion":"v1","metadata"|"apiVersion":"v2","metadata"|apiVersion must be v1 or of events.k8s.io: "v2"
            "count":3|"count":3,"count":4|duplicate field: count
            """)
    void refusesTheWrongTypeOfAField(String part, String other, String reason) {
        assertThat(named.reason(replace(EVENT, part, other))).isEqualTo(reason);
    }

    @Test
    void refusesWhatIsNoEvent() {
        assertThat(named.reason("{\"kind\": 0}")).isEqualTo("kind must be a string: 0");
        assertThat(named.reason("{\"kind\":\"Pod\"}")).isEqualTo("kind must be Event: \"Pod\"");
        assertThat(named.skipped("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}"))
                .isEqualTo("other-kind");
        assertThat(named.reason("{}")).isEqualTo("not a kubernetes-event record: {}");
        assertThat(named.reason("hello")).isEqualTo("not a kubernetes-event record: hello");
        assertThat(decoder.reason(about("5"))).isEqualTo("involvedObject must be an object: 5");
        assertThat(decoder.reason(replace(EVENT, "\"fieldPath\":\"spec.containers{web}\"", "\"ownerReferences\":[1]")))
                .isEqualTo("involvedObject/ownerReferences must hold objects: 1");
    }

    @Test
    void salvagesTheHeadOfACutRecord() {
        SecurityEvent event = decoder.event(EVENT.substring(0, EVENT.indexOf("\"source\"")));
        assertThat(event.truncated()).isTrue();
        assertThat(event.reason()).isEqualTo("BackOff");
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T09:59:00Z"));
        assertThat(decoder.reason(EVENT.substring(0, EVENT.indexOf("\"reason\""))))
                .isEqualTo("cut off before reason and message");
    }

    @Test
    void cutsNoFieldOfACutRecordShort() {
        for (int end = 1; end < EVENT.length(); end++) {
            List<Decoded> records = decoder.records(EVENT.substring(0, end));
            assertThat(records).hasSize(1);
            SecurityEvent event = records.get(0).event();
            assertThat(event != null).as("cut at %s", end).isEqualTo(end >= EVENT.indexOf(",\"message\""));
            if (event != null) {
                assertThat(event.truncated()).isTrue();
                assertThat(event.reason()).isEqualTo("BackOff");
            }
        }
    }

    @Test
    void readsHugeRecords() {
        String text = "a".repeat(1 << 20);
        SecurityEvent event = decoder.event(replace(EVENT, "Back-off restarting", text));
        assertThat(event.truncated()).isTrue();
        assertThat(event.reason()).isEqualTo("BackOff");
        assertThat(decoder.event(replace(EVENT, "Back-off restarting", "é".repeat(50_000)))
                        .message())
                .hasSize(2_048);
    }

    @Test
    void takesAForgedEventForWhatItSaysAndNothingElse() {
        // Anyone who may create Events writes what he likes into the words, which are data.
        String forged = replace(
                EVENT, "Back-off restarting", "{\\\"kind\\\":\\\"Event\\\",\\\"auditID\\\":\\\"x\\\"}\\n\\u001b[31m");
        SecurityEvent event = decoder.event(forged);

        assertThat(event.source()).isEqualTo(Source.KUBERNETES_EVENT);
        assertThat(event.message()).startsWith("{\"kind\"");
        assertThat(event.user()).isNull();
    }
}
