package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetadataToRoleTest implements DetectionContract {
    private static final String NODE = "system:node:n1";
    private static final String KUBELET = "kubelet/v1.33.1 (linux/amd64) kubernetes/abc";
    private static final String KUBECTL = "kubectl/v1.33.1 (darwin/arm64) kubernetes/abc";
    private static final Duration WINDOW = Duration.ofMinutes(60);
    private static final String CEP = "metadata-to-role-cep-v1";
    private static final String GROUP = "access-log-and-hubble-and-kubernetes-audit-and-tetragon";

    private final DetectionHarness harness = DetectionHarness.of(new MetadataToRole());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new MetadataToRole();
    }

    @Override
    public List<SecurityEvent> past() {
        return List.of(used(KUBELET).from(INSIDE).at(START.minusSeconds(600)).build());
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                reached().in(cluster).at(start).build(),
                used(KUBECTL).in(cluster).at(start.plusSeconds(90)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of(
                "window", List.of("0 s", "9 s", "a while"), "clients", List.of("", "kubelet/,,cilium", "kubelet/,ku"));
    }

    private static AuditEvents reached() {
        return connection(Source.HUBBLE, "169.254.169.254");
    }

    private static AuditEvents connection(Source source, String destination) {
        return at(source, "web/a", "n1")
                .doing("connect", null, null, null)
                .having(builder -> builder.flow = new Flow("tcp", destination, 80, null, null, null, "egress"));
    }

    private static AuditEvents at(Source source, @Nullable String pod, @Nullable String node) {
        return event().by(null).from("10.0.3.3").doing("get", null, null, null).having(builder -> {
            builder.source = source;
            builder.place = new Place(node, null, pod, null, null, null, null, null);
        });
    }

    private static AuditEvents used(String client) {
        return event().by(NODE)
                .from(ELSEWHERE)
                .doing("list", "pods", null, null)
                .having(builder -> builder.userAgent = client);
    }

    private int alerts(AuditEvents reached, AuditEvents used) {
        return alerts(List.of(
                used(KUBELET).from(INSIDE).at(START.minusSeconds(600)).build(),
                reached.at(START).build(),
                used.at(START.plusSeconds(60)).build()));
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    @Test
    void findsTheNodeOfAPodThatAnotherRecordTells() {
        AuditEvents somewhere = at(Source.HUBBLE, "web/a", null)
                .doing("connect", null, null, null)
                .having(builder -> builder.flow = new Flow("tcp", "169.254.169.254", 80, null, null, null, "egress"));
        AuditEvents told = at(Source.CONTAINER_LOG, "web/a", NODE.substring("system:node:".length()));
        SecurityEvent home =
                used(KUBELET).from(INSIDE).at(START.minusSeconds(600)).build();
        SecurityEvent reached = somewhere.at(START).build();
        SecurityEvent used = used(KUBECTL).at(START.plusSeconds(300)).build();
        assertThat(alerts(List.of(home, told.at(START.minusSeconds(60)).build(), reached, used)))
                .as("told before")
                .isEqualTo(1);
        assertThat(alerts(List.of(home, reached, told.at(START.plusSeconds(60)).build(), used)))
                .as("told within joins.wait")
                .isEqualTo(1);
        assertThat(alerts(List.of(home, reached, told.at(START.plusSeconds(140)).build(), used)))
                .as("told too late")
                .isZero();
        assertThat(alerts(List.of(home, reached, used))).as("never told").isZero();
    }

    @Test
    void tellsWhoReachedItAndWhatIsStrangeOfTheUse() {
        harness.play(List.of(
                        used(KUBELET).from(INSIDE).at(START.minusSeconds(600)).build(),
                        reached().at(START).build(),
                        used(KUBELET).at(START.plusSeconds(60)).build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "the metadata service was reached from 10.0.3.3 (hubble) on the node of system:node:n1; then"
                                    + " system:node:n1 was used from 198.51.100.9 (an address new to it): list pods");
            assertThat(alert.evidence()).extracting("stage").containsExactly("metadata-reached", "node-used");
        });
        try (DetectionHarness other = DetectionHarness.of(detection())) {
            other.play(attack(START, "c1")).end();
            assertThat(other.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .contains("with a client that is no node's, kubectl/v1.33.1"));
        }
    }

    @Test
    void measuresTheWindowExclusively() {
        assertThat(alerts(List.of(
                        reached().at(START).build(),
                        used(KUBECTL).at(START.plus(WINDOW).minusMillis(1)).build())))
                .isEqualTo(1);
        assertThat(alerts(List.of(
                        reached().at(START).build(),
                        used(KUBECTL).at(START.plus(WINDOW)).build())))
                .isZero();
    }

    @Test
    void staysQuietWhenTheUseCameBefore() {
        assertThat(alerts(List.of(
                        used(KUBECTL).at(START).build(),
                        reached().at(START.plusSeconds(60)).build())))
                .isZero();
    }

    @Test
    void staysQuietWhileNodesCallAsTheyAlwaysDid() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(used(i % 5 == 0 ? "kube-proxy/v1" : KUBELET)
                    .from(i % 2 == 0 ? INSIDE : ELSEWHERE)
                    .auditId("u" + i)
                    .at(START.plusSeconds(60L * i))
                    .build());
            if (i > 1) {
                events.add(reached()
                        .auditId("r" + i)
                        .at(START.plusSeconds(60L * i + 1))
                        .build());
            }
        }
        assertThat(alerts(events)).as("software that asks for its role all day").isZero();
    }

    @Test
    void theFirstAddressOfANodeIsItsHomeOutsideToo() {
        assertThat(alerts(List.of(
                        reached().at(START).build(),
                        used(KUBELET).at(START.plusSeconds(60)).build())))
                .isZero();
    }

    @Test
    void anAddressInsideIsNewToANodeToo() {
        assertThat(alerts(reached(), used(KUBELET).from("10.0.9.9"))).isEqualTo(1);
    }

    @Test
    void keepsNodesApart() {
        assertThat(alerts(reached(), used(KUBECTL).by("system:node:n2"))).isZero();
        assertThat(alerts(
                        at(Source.HUBBLE, "web/a", "n2")
                                .having(builder -> builder.flow =
                                        new Flow("tcp", "169.254.169.254", 80, null, null, null, "egress")),
                        used(KUBECTL)))
                .isZero();
    }

    @Test
    void otherIdentitiesAreNoNodes() {
        assertThat(alerts(reached(), used(KUBECTL).by("alice"))).isZero();
        assertThat(alerts(reached(), used(KUBECTL).impersonatedBy("alice"))).isZero();
    }

    @Test
    void aRefusedUseIsAUse() {
        assertThat(alerts(reached(), used(KUBECTL).denied())).isEqualTo(1);
    }

    @Test
    void everyWayToTheMetadataServiceCounts() {
        assertThat(alerts(connection(Source.HUBBLE, "fd00:ec2::254"), used(KUBECTL)))
                .isEqualTo(1);
        assertThat(alerts(connection(Source.HUBBLE, "169.254.170.23"), used(KUBECTL)))
                .isEqualTo(1);
        assertThat(alerts(connection(Source.TETRAGON, "169.254.169.254"), used(KUBECTL)))
                .isEqualTo(1);
        assertThat(alerts(
                        at(Source.TETRAGON, "web/a", "n1")
                                .doing("exec", null, null, null)
                                .having(builder -> builder.process = new HostProcess(
                                        "/usr/bin/curl", "http://0xa9fea9fe/latest", "/", "p1", "p0", null, null)),
                        used(KUBECTL)))
                .isEqualTo(1);
        assertThat(alerts(
                        at(Source.ACCESS_LOG, "web/a", "n1").uri("/fetch?url=http%253A%252F%252F169.254.169.254%252F"),
                        used(KUBECTL)))
                .isEqualTo(1);
        assertThat(alerts(
                        event().doing("create", "pods", "web", "a")
                                .sub("exec")
                                .uri("/x?command=curl&command=http%3A%2F%2F169.254.169.254")
                                .having(builder -> builder.place = Place.onNode("n1")),
                        used(KUBECTL)))
                .isEqualTo(1);
    }

    @Test
    void whatDoesNotReachItOpensNoStory() {
        assertThat(alerts(reached().ended(Outcome.DENIED, 0), used(KUBECTL)))
                .as("dropped by a policy")
                .isZero();
        assertThat(alerts(connection(Source.HUBBLE, "169.254.20.10"), used(KUBECTL)))
                .isZero();
        assertThat(alerts(
                        at(Source.HUBBLE, null, "n1")
                                .having(builder -> builder.flow =
                                        new Flow("tcp", "169.254.169.254", 80, null, null, null, "egress")),
                        used(KUBECTL)))
                .as("the host itself")
                .isZero();
        assertThat(alerts(at(Source.ACCESS_LOG, "web/a", "n1").uri("/fetch?url=http%3A%2F%2F10.0.0.1"), used(KUBECTL)))
                .isZero();
    }

    @Test
    void clientsAreAParameter() {
        Map<String, String> listed = Map.of("detections.metadata-to-role.clients", "kubelet/, kubectl/");
        try (DetectionHarness one = DetectionHarness.of(detection(), listed)) {
            one.play(attack(START, "c1")).end();
            assertThat(one.alerts()).isEmpty();
        }
    }

    @Test
    void aRestartMayChangeTheWindowAndTheClients() {
        harness.play(List.of(reached().at(START).build())).watermark(START.plusSeconds(20));
        harness.restart(Map.of("detections.metadata-to-role.window", "30 s"));
        harness.play(List.of(used(KUBECTL).at(START.plusSeconds(90)).build())).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness other = DetectionHarness.of(detection())) {
            other.play(List.of(reached().at(START).build())).watermark(START.plusSeconds(20));
            other.restart(Map.of("detections.metadata-to-role.clients", "kubelet/,kubectl/"));
            other.play(List.of(used(KUBECTL).at(START.plusSeconds(90)).build())).end();
            assertThat(other.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Instant time = START.plusMillis(100L * i);
            flood.add(reached().auditId("r" + i).at(time).build());
            flood.add(used(KUBELET).auditId("u" + i).at(time).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(500));
        assertThat(harness.received(CEP)).isLessThan(40);
        assertThat(harness.received(GROUP + "-histories")).isLessThan(3);
        assertThat(harness.received(GROUP + "-correlator")).isLessThanOrEqualTo(50);
        harness.send(used(KUBECTL).at(START.plusSeconds(505)).build()).end();
        assertThat(harness.alerts()).hasSize(1);
    }
}
