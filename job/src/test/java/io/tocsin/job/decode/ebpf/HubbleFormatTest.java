package io.tocsin.job.decode.ebpf;

import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubbleFormatTest {
    private static final String FLOW = "{\"time\":\"2026-01-24T10:00:00.123456789Z\","
            + "\"uuid\":\"0a1b2c3d-0000-4000-8000-000000000001\",\"verdict\":\"FORWARDED\","
            + "\"ethernet\":{\"source\":\"02:00:00:00:00:01\",\"destination\":\"02:00:00:00:00:02\"},"
            + "\"IP\":{\"source\":\"10.0.1.15\",\"destination\":\"10.0.2.31\",\"ipVersion\":\"IPv4\"},"
            + "\"l4\":{\"TCP\":{\"source_port\":41000,\"destination_port\":5432,\"flags\":{\"SYN\":true}}},"
            + "\"source\":{\"ID\":1201,\"identity\":31001,\"cluster_name\":\"default\",\"namespace\":\"shop\","
            + "\"labels\":[\"k8s:app=web\"],\"pod_name\":\"web-0\",\"workloads\":[{\"name\":\"web\",\"kind\":\"Deployment\"}]},"
            + "\"destination\":{\"ID\":877,\"identity\":31002,\"namespace\":\"data\",\"labels\":[\"k8s:app=db\"],"
            + "\"pod_name\":\"db-0\",\"workloads\":[{\"name\":\"db\",\"kind\":\"StatefulSet\"}]},"
            + "\"Type\":\"L3_L4\",\"node_name\":\"node-a\",\"event_type\":{\"type\":4,\"sub_type\":3},"
            + "\"traffic_direction\":\"EGRESS\",\"is_reply\":false,\"Summary\":\"TCP Flags: SYN\"}";
    private static final String EXPORT =
            "{\"flow\":" + FLOW + ",\"node_name\":\"node-a\",\"time\":\"2026-01-24T10:00:00.123456789Z\"}";
    private static final String SOURCE_POD = "\"source\":{\"ID\":1201,\"identity\":31001,\"cluster_name\":\"default\","
            + "\"namespace\":\"shop\",\"labels\":[\"k8s:app=web\"],\"pod_name\":\"web-0\","
            + "\"workloads\":[{\"name\":\"web\",\"kind\":\"Deployment\"}]}";
    private static final String DESTINATION_POD =
            "\"destination\":{\"ID\":877,\"identity\":31002,\"namespace\":\"data\","
                    + "\"labels\":[\"k8s:app=db\"],\"pod_name\":\"db-0\",\"workloads\":[{\"name\":\"db\",\"kind\":\"StatefulSet\"}]}";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @ParameterizedTest
    @ValueSource(strings = {EXPORT, FLOW})
    void readsAConnectionWithAnythingAroundItOrNothing(String record) {
        for (TestingDecoder reader : List.of(decoder, TestingDecoder.of("hubble"))) {
            SecurityEvent event = reader.event(record);

            assertThat(event.source()).isEqualTo(Source.HUBBLE);
            assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00.123456789Z"));
            assertThat(event.verb()).isEqualTo("connect");
            assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(event.peer()).isEqualTo("10.0.1.15");
            assertThat(event.zone()).isEqualTo(Zone.CLUSTER);
            assertThat(event.place())
                    .isEqualTo(
                            new Place("node-a", null, "shop/web-0", null, "10.0.1.15", null, null, "Deployment/web"));
            assertThat(event.namespace()).isEqualTo("shop");
            assertThat(event.flow())
                    .isEqualTo(new Flow("tcp", "10.0.2.31", 5432, null, "data/db-0", "StatefulSet/db", "egress"));
            assertThat(event.message()).isEqualTo("TCP Flags: SYN");
            assertThat(event.level()).isNull();
            assertThat(event.reason()).isNull();
            assertThat(event.cluster()).isEqualTo("default");
            assertThat(event.truncated()).isFalse();
        }
    }

    @Test
    void isOneObservationByItsUuidHoweverItCame() {
        String id = decoder.event(EXPORT).id();

        assertThat(decoder.event(FLOW).id()).isEqualTo(id);
        assertThat(decoder.event(replace(EXPORT, "000000000001", "000000000002"))
                        .id())
                .isNotEqualTo(id);
        String bare = replace(FLOW, "\"uuid\":\"0a1b2c3d-0000-4000-8000-000000000001\",", "");
        assertThat(decoder.event(bare).recordId())
                .isNotNull()
                .isNotEqualTo(decoder.event(replace(bare, "5432", "5433")).recordId());
    }

    // Trap: source and destination are those of the packet

    @ParameterizedTest
    @CsvSource({
        "\"is_reply\":true,reply",
        "\"is_reply\":false;\"reply\":true,reply",
        "\"is_reply\":false;\"l7\":{\"type\":\"RESPONSE\"},response",
        "\"is_reply\":true;\"l7\":{\"type\":2},response",
        "\"is_reply\":false;\"sock_xlate_point\":\"SOCK_XLATE_POINT_PRE_DIRECTION_REV\",reply",
        "\"is_reply\":false;\"sock_xlate_point\":4,reply"
    })
    void skipsAnswers(String members, String reason) {
        assertThat(decoder.skipped(replace(EXPORT, "\"is_reply\":false", members.replace(';', ','))))
                .isEqualTo(reason);
    }

    @Test
    void takesAnUnknownDirectionForAConnectionOnlyWhereThePacketOpensOne() {
        String unknown = replace(EXPORT, "\"is_reply\":false,", "");

        assertThat(decoder.event(unknown).verb()).isEqualTo("connect");
        assertThat(decoder.skipped(replace(unknown, "{\"SYN\":true}", "{\"SYN\":true,\"ACK\":true}")))
                .isEqualTo("reply");
        assertThat(decoder.skipped(replace(unknown, "{\"SYN\":true}", "{\"PSH\":true,\"ACK\":true}")))
                .isEqualTo("direction-unknown");
        assertThat(decoder.skipped(replace(unknown, "{\"SYN\":true}", "{\"RST\":true}")))
                .isEqualTo("direction-unknown");
        // A scan without any flag is one.
        assertThat(decoder.event(replace(unknown, ",\"flags\":{\"SYN\":true}", ""))
                        .verb())
                .isEqualTo("connect");
        String known = replace(EXPORT, "{\"SYN\":true}", "{\"PSH\":true,\"ACK\":true}");
        assertThat(decoder.event(known).verb()).isEqualTo("connect");
    }

    @ParameterizedTest
    @CsvSource({
        "\"FORWARDED\",SUCCESS,",
        "\"REDIRECTED\",SUCCESS,",
        "\"AUDIT\",SUCCESS,AUDIT",
        "\"DROPPED\",DENIED,",
        "\"ERROR\",ERROR,",
        "\"TRACED\",UNKNOWN,",
        "\"TRANSLATED\",UNKNOWN,",
        "\"VERDICT_UNKNOWN\",UNKNOWN,",
        "\"NEW_ONE\",UNKNOWN,",
        "1,SUCCESS,",
        "2,DENIED,",
        "4,SUCCESS,AUDIT",
        "99,UNKNOWN,"
    })
    void tellsTheOutcomeByTheVerdictAsNameOrNumber(String verdict, Outcome outcome, String reason) {
        SecurityEvent event = decoder.event(replace(EXPORT, "\"FORWARDED\"", verdict));

        assertThat(event.outcome()).isEqualTo(outcome);
        assertThat(event.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "\"drop_reason_desc\":\"POLICY_DENIED\",POLICY_DENIED",
        "\"drop_reason\":133,POLICY_DENIED",
        "\"drop_reason\":181,POLICY_DENY",
        "\"drop_reason\":155,155",
        "\"drop_reason_desc\":151;\"drop_reason\":133,151",
        "\"drop_reason_desc\":\"DROP_REASON_UNKNOWN\",",
        "\"egress_denied_by\":[{\"name\":\"no-db\";\"namespace\":\"shop\"}],shop/no-db",
        "\"ingress_denied_by\":[{\"name\":\"cluster-wide\"}],cluster-wide",
        "\"drop_reason_desc\":\"POLICY_DENY\";\"egress_denied_by\":[{\"name\":\"no-db\"}],POLICY_DENY",
        "\"egress_denied_by\":[],"
    })
    void saysWhyAPacketWasDropped(String members, String reason) {
        String dropped = replace(EXPORT, "\"FORWARDED\"", "\"DROPPED\"," + members.replace(';', ','));

        assertThat(decoder.event(dropped).reason()).isEqualTo(reason);
    }

    @Test
    void knowsTheSourcesNodeOnlyWhereTheSourceWasSeen() {
        String ingress = replace(EXPORT, "\"EGRESS\"", "\"INGRESS\"");
        SecurityEvent event = decoder.event(ingress);

        assertThat(event.place().node()).isNull();
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.flow().direction()).isEqualTo("ingress");
        assertThat(decoder.event(replace(EXPORT, "\"traffic_direction\":\"EGRESS\",", ""))
                        .place()
                        .node())
                .isNull();
        assertThat(decoder.event(replace(EXPORT, "\"traffic_direction\":\"EGRESS\"", "\"traffic_direction\":2"))
                        .place()
                        .node())
                .isEqualTo("node-a");
    }

    @ParameterizedTest
    @CsvSource({
        "\"identity\":2;\"labels\":[\"reserved:world\"],Reserved/world,node-a",
        "\"identity\":9;\"labels\":[\"reserved:world-ipv4\"],Reserved/world,node-a",
        "\"identity\":16777259;\"labels\":[\"cidr:1.1.1.1/32\";\"fqdn:x\";\"reserved:world-ipv4\"],Reserved/world,node-a",
        "\"identity\":1;\"labels\":[\"reserved:host\"],Reserved/host,node-a",
        "\"identity\":1,Reserved/host,node-a",
        "\"identity\":6;\"labels\":[\"reserved:remote-node\"],Reserved/remote-node,",
        "\"identity\":7;\"labels\":[\"reserved:remote-node\";\"reserved:kube-apiserver\"],Reserved/kube-apiserver,",
        "\"identity\":4000000000,,"
    })
    void namesWhoIsNoPodByItsReservedLabel(String members, String workload, String node) {
        String ingress = replace(EXPORT, "\"EGRESS\"", "\"INGRESS\"");
        Place place = decoder.event(replace(ingress, SOURCE_POD, "\"source\":{" + members.replace(';', ',') + "}"))
                .place();

        assertThat(place).isEqualTo(new Place(node, null, null, null, null, null, null, workload));
        SecurityEvent out =
                decoder.event(replace(EXPORT, DESTINATION_POD, "\"destination\":{" + members.replace(';', ',') + "}"));
        assertThat(out.flow().workload()).isEqualTo(workload);
        assertThat(out.flow().pod()).isNull();
        assertThat(out.place().node()).isEqualTo("node-a");
    }

    @Test
    void readsWhoCameFromOutside() {
        String record = replace(EXPORT, "10.0.1.15", "198.51.100.7");
        SecurityEvent event = decoder.event(replace(
                replace(record, "EGRESS", "INGRESS"), SOURCE_POD, "\"source\":{\"labels\":[\"reserved:world\"]}"));

        assertThat(event.peer()).isEqualTo("198.51.100.7");
        assertThat(event.zone()).isEqualTo(Zone.OUTSIDE);
        assertThat(event.namespace()).isNull();
    }

    @Test
    void readsAQueryOfNames() {
        String query = replace(
                EXPORT,
                "\"l4\":{\"TCP\":{\"source_port\":41000,\"destination_port\":5432,\"flags\":{\"SYN\":true}}}",
                "\"l4\":{\"UDP\":{\"source_port\":41000,\"destination_port\":53}}");
        query = replace(
                query,
                "\"is_reply\"",
                "\"destination_names\":[\"dns.example.com\"],"
                        + "\"l7\":{\"type\":\"REQUEST\",\"dns\":{\"query\":\"evil.example.com.\",\"qtypes\":[\"TXT\"]}},\"is_reply\"");
        SecurityEvent event = decoder.event(query);

        assertThat(event.verb()).isEqualTo("resolve");
        assertThat(event.flow().protocol()).isEqualTo("udp");
        assertThat(event.flow().port()).isEqualTo(53);
        assertThat(event.flow().name()).isEqualTo("evil.example.com");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "http://db.shop:8080/admin?x=%2e%2e,db.shop,/admin?x=%2e%2e",
                "http://user:pass@db.shop/a,db.shop,/a",
                "http://[2001:db8::1]:80/a,2001:db8::1,/a",
                "http://db.shop,db.shop,-",
                "/admin?next=http://other,outer.example.com,/admin?next=http://other",
                "http:///x,outer.example.com,/x"
            })
    void readsAnHttpRequest(String url, String host, String uri) {
        SecurityEvent event = decoder.event(replace(
                EXPORT,
                "\"is_reply\"",
                "\"destination_names\":[\"outer.example.com\"],\"l7\":{\"type\":\"REQUEST\",\"latency_ns\":\"0\",\"http\":{\"method\":\"POST\",\"url\":\""
                        + url
                        + "\",\"protocol\":\"HTTP/1.1\",\"headers\":[{\"key\":\"Accept\",\"value\":\"*/*\"},"
                        + "{\"key\":\"user-Agent\",\"value\":\"curl/8.5.0\"}]}},\"is_reply\""));

        assertThat(event.verb()).isEqualTo("post");
        assertThat(event.uri()).isEqualTo(uri);
        assertThat(event.flow().name()).isEqualTo(host);
        assertThat(event.flow().protocol()).isEqualTo("http/1.1");
        assertThat(event.flow().port()).isEqualTo(5432);
        assertThat(event.userAgent()).isEqualTo("curl/8.5.0");
        assertThat(event.code()).isZero();
    }

    @Test
    void readsTheClusterThatTheAgentNames() {
        String prod = EXPORT.replace("\"node-a\"", "\"prod-eu/node-a\"");
        SecurityEvent event = decoder.event(prod);

        assertThat(event.cluster()).isEqualTo("prod-eu");
        assertThat(event.place().node()).isEqualTo("node-a");
        assertThat(TestingDecoder.ofCluster("mine").event(prod).cluster()).isEqualTo("mine");
        assertThat(decoder.event(EXPORT.replace("\"node-a\"", "\"default/node-a\""))
                        .cluster())
                .isEqualTo("default");
        // A pod of another cluster of the mesh is that cluster's.
        assertThat(decoder.event(replace(prod, "\"cluster_name\":\"default\"", "\"cluster_name\":\"prod-us\""))
                        .cluster())
                .isEqualTo("prod-us");
    }

    // proto3 JSON leaves out what is zero, and field masks leave out nearly all

    @Test
    void readsWhatAFieldMaskLeft() {
        SecurityEvent event = decoder.event("{\"flow\":{\"verdict\":\"DROPPED\",\"source\":{\"namespace\":\"shop\"},"
                + "\"destination\":{\"namespace\":\"data\",\"pod_name\":\"db-0\"}},"
                + "\"node_name\":\"node-a\",\"time\":\"2026-01-24T10:00:00Z\"}");

        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00Z"));
        assertThat(event.namespace()).isEqualTo("shop");
        assertThat(event.place()).isEqualTo(Place.NONE);
        assertThat(event.peer()).isNull();
        assertThat(event.flow()).isEqualTo(new Flow(null, null, 0, null, "data/db-0", null, null));
        assertThat(decoder.skipped("{\"flow\":{},\"node_name\":\"node-a\",\"time\":\"2026-01-24T10:00:00Z\"}"))
                .isEqualTo("no-endpoints");
    }

    @Test
    void readsSixtyFourBitsAsStringsAndNumbers() {
        String record = replace(EXPORT, "\"destination_port\":5432", "\"destination_port\":\"5432\"");

        assertThat(decoder.event(record).flow().port()).isEqualTo(5432);
    }

    @ParameterizedTest
    @CsvSource({
        "lost_events,lost-events",
        "agent_event,agent-event",
        "debug_event,debug-event",
        "node_status,node-status"
    })
    void skipsWhatComesInAFlowsStead(String member, String reason) {
        String note = "{\"" + member
                + "\":{\"num_events_lost\":\"12\"},\"node_name\":\"n\",\"time\":\"2026-01-24T10:00:00Z\"}";

        assertThat(decoder.skipped(note)).isEqualTo(reason);
    }

    @Test
    void isToldByItsMembersInAnyOrder() {
        assertThat(decoder.event("{\"time\":\"2026-01-24T10:00:00Z\",\"node_name\":\"node-a\",\"flow\":" + FLOW + "}")
                        .source())
                .isEqualTo(Source.HUBBLE);
        assertThat(decoder.event("{ \"node_name\" : \"node-a\", \"flow\" : " + FLOW + "}")
                        .time())
                .isEqualTo(Instant.parse("2026-01-24T10:00:00.123456789Z"));
    }

    @Test
    void refusesWhatIsBroken() {
        assertThat(decoder.reason(replace(EXPORT, "\"10.0.1.15\"", "7")))
                .isEqualTo("flow/IP/source must be a string: 7");
        assertThat(decoder.reason(replace(EXPORT, "\"2026-01-24T10:00:00.123456789Z\",\"uuid\"", "\"now\",\"uuid\"")))
                .isEqualTo("flow/time must be an RFC 3339 time: \"now\"");
        assertThat(decoder.reason(replace(EXPORT, "\"is_reply\":false", "\"is_reply\":\"no\"")))
                .isEqualTo("flow/is_reply must be true or false: \"no\"");
        assertThat(decoder.reason(replace(EXPORT, "\"destination_port\":5432", "\"destination_port\":65536")))
                .isEqualTo("flow/l4/TCP/destination_port must be a whole number from 0 to 65535: 65536");
        assertThat(decoder.reason(replace(EXPORT, "[{\"name\":\"web\",\"kind\":\"Deployment\"}]", "[\"web\"]")))
                .isEqualTo("flow/source/workloads must be an array of objects: \"web\"");
        assertThat(decoder.reason(replace(FLOW, "\"verdict\"", "\"time\":\"2026-01-24T10:00:00Z\",\"verdict\"")))
                .isEqualTo("duplicate field: time");
        assertThat(decoder.reason(replace(FLOW, "\"time\":\"2026-01-24T10:00:00.123456789Z\",", "")))
                .isEqualTo("time is missing");
        assertThat(decoder.reason("{\"flow\":7,\"node_name\":\"n\",\"time\":\"2026-01-24T10:00:00Z\"}"))
                .isEqualTo("flow must be an object: 7");
        assertThat(TestingDecoder.of("hubble").reason("{\"a\":1}")).isEqualTo("not a hubble record: {\"a\":1}");
    }

    @Test
    void takesNoHostNameForAnAddress() {
        SecurityEvent event =
                decoder.event(EXPORT.replace("10.0.1.15", "not-an-address").replace("10.0.2.31", "x"));

        assertThat(event.peer()).isNull();
        assertThat(event.zone()).isEqualTo(Zone.UNKNOWN);
        assertThat(event.flow().destination()).isNull();
    }

    @Test
    void salvagesACutFlowOnlyIfItIsKnownToBeNoReply() {
        String head = EXPORT.substring(0, EXPORT.indexOf("\"Summary\""));
        SecurityEvent event = decoder.event(head);

        assertThat(event.truncated()).isTrue();
        assertThat(event.flow().pod()).isEqualTo("data/db-0");
        assertThat(decoder.reason(EXPORT.substring(0, EXPORT.indexOf("\"is_reply\""))))
                .isEqualTo("cut off before is_reply");
        assertThat(decoder.reason("{\"flow\":{\"ti")).isEqualTo("cut off before is_reply");
    }

    @Test
    void isNotAboutThePodThatWroteTheLog() {
        decoder.at("/var/log/pods/kube-system_cilium-x_12345678-0000-4000-8000-000000000001/export/0.log");

        assertThat(decoder.event(EXPORT).place().pod()).isEqualTo("shop/web-0");
        SecurityEvent outside =
                decoder.event(replace(EXPORT, SOURCE_POD, "\"source\":{\"labels\":[\"reserved:world\"]}"));
        assertThat(outside.place().pod()).isNull();
        assertThat(outside.namespace()).isNull();
    }

    @Test
    void readsEveryFixtureAsSomethingKnown() {
        List<Decoded> records = TestingFixtures.decode("hubble/export.jsonl");

        assertThat(records).hasSize(22).allMatch(r -> r.deadLetter() == null);
        assertThat(TestingFixtures.decode("hubble/bare.jsonl")).hasSize(3).allMatch(r -> r.deadLetter() == null);
    }

    @Test
    void readsAHugeFlow() {
        String labels = "\"k8s:x=" + "y".repeat(1 << 19) + "\"";
        SecurityEvent event = decoder.event(replace(EXPORT, "\"k8s:app=web\"", labels));

        assertThat(event.place().workload()).isEqualTo("Deployment/web");
    }
}
