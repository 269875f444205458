package io.tocsin.detections.lateralmovement;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.Exemption;
import io.tocsin.detection.Glob;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MultiClusterCredentialTest implements DetectionContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final String NODE = "system:node:ip-10-0-0-1.ec2.internal";
    private static final String ROLE = "arn:aws:iam::1:role/nodes";
    private static final Duration WINDOW = Duration.ofMinutes(60);

    private final DetectionHarness harness = DetectionHarness.of(new MultiClusterCredential());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new MultiClusterCredential();
    }

    /** The second cluster is the one named, and each has its own pod. */
    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        AuditEvents use = token().credential("JTI=" + cluster)
                .having(builder -> builder.credentialPodUid = "uid-" + cluster + start);
        return List.of(
                use.in(cluster + "-home").at(start).build(),
                use.in(cluster).at(start.plus(Duration.ofMinutes(5))).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-clusters", List.of("1", "0", "all"), "window", List.of("0 s", "9 s", "a while"));
    }

    private static AuditEvents token() {
        return event().by(ROBOT).from(INSIDE).credential("JTI=1");
    }

    private static AuditEvents node() {
        return event().by(NODE).from(INSIDE).arn(ROLE).having(builder -> builder.accessKeyId = "ASIA1");
    }

    private List<Severity> severities(AuditEvents... events) {
        List<SecurityEvent> played = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            played.add(events[i].at(START.plusSeconds(60L * i)).build());
        }
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(played).end();
            return one.alerts().stream().map(alert -> alert.severity()).sorted().toList();
        }
    }

    @Test
    void namesBothClusters() {
        harness.play(List.of(
                        token().in("prod").at(START).build(),
                        token().in("dev")
                                .doing("list", "secrets", null, null)
                                .at(START.plusSeconds(60))
                                .build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo("The credential JTI=1 was used in 2 clusters (dev, prod), the last time as"
                            + " system:serviceaccount:ci:robot from 10.0.0.5 for list secrets");
            assertThat(alert.evidence()).extracting("cluster").containsExactly("prod", "dev");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
        });
    }

    @Test
    void measuresTheWindowExclusively() {
        SecurityEvent first = token().at(START).build();
        harness.play(List.of(
                        first,
                        token().in("c2").at(START.plus(WINDOW).minusMillis(1)).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness outside = DetectionHarness.of(detection())) {
            outside.play(List.of(first, token().in("c2").at(START.plus(WINDOW)).build()))
                    .end();
            assertThat(outside.alerts()).isEmpty();
        }
    }

    @Test
    void isToldOnceHoweverOftenTheClustersTakeTurns() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            events.add(token().in(i % 2 == 0 ? "c1" : "c2")
                    .at(START.plusSeconds(500L * i))
                    .build());
        }
        harness.play(events).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void aCertificateIsACredentialToo() {
        AuditEvents certificate = event().credential("X509SHA256=1");
        assertThat(severities(certificate, certificate.in("c2"))).containsExactly(Severity.HIGH);
    }

    @Test
    void aUserNameIsNone() {
        assertThat(severities(event(), event().in("c2"))).isEmpty();
        assertThat(severities(
                        token().credential("JTI=1"), token().credential("JTI=2").in("c2")))
                .isEmpty();
        assertThat(severities(
                        token().credential("other"), token().credential("other").in("c2")))
                .isEmpty();
    }

    @Test
    void aNodesAccessKeyInAnotherClusterIsStolen() {
        assertThat(severities(node(), node().in("c2").by("dev").arn("arn:aws:iam::1:role/other")))
                .containsExactly(Severity.HIGH);
    }

    @Test
    void aNodesRoleInAnotherClusterIsMedium() {
        AuditEvents other = node().in("c2").having(builder -> builder.accessKeyId = "ASIA2");
        assertThat(severities(node(), other)).containsExactly(Severity.MEDIUM);
    }

    @Test
    void peopleUseOneSessionInManyClusters() {
        AuditEvents ann = event().arn("arn:aws:iam::1:role/dev").having(builder -> builder.accessKeyId = "ASIA9");
        assertThat(severities(ann, ann.in("c2"), ann.in("c3"))).isEmpty();
        AuditEvents impersonating = ann.by(NODE).impersonatedBy("ann");
        assertThat(severities(impersonating, impersonating.in("c2"))).isEmpty();
    }

    @Test
    void fleetIdentitiesAreExempt() {
        Exemption fleet = new Exemption(
                "fleet",
                new Glob(ROBOT),
                List.of("10.0.0.0/8"),
                null,
                List.of(),
                List.of(new Glob("multi-cluster-credential")),
                List.of(),
                "platform",
                "one signing key for the fleet",
                START.plus(Duration.ofDays(30)),
                false);
        harness.exempting(fleet).play(attack(START, "c1")).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        List<SecurityEvent> attack = attack(START, "c1");
        harness.play(attack.subList(0, 1)).watermark(START.plusSeconds(30));
        harness.restart(Map.of("detections.multi-cluster-credential.min-clusters", "3"));
        harness.play(attack.subList(1, 2)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRestartMayChangeTheWindow() {
        harness.play(List.of(token().at(START).build())).watermark(START.plusSeconds(30));
        harness.restart(Map.of("detections.multi-cluster-credential.window", "3 h"));
        harness.play(List.of(
                        token().in("c2").at(START.plus(Duration.ofHours(2))).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void aSteadyUserCostsAFewSignalsADay() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 8_640; i++) {
            flood.add(token().auditId("u" + i).at(START.plusSeconds(10L * i)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plus(Duration.ofDays(1)));
        assertThat(harness.received("kubernetes-audit-histories")).isEqualTo(2 + 1);
        assertThat(harness.received("kubernetes-audit-correlator")).isZero();
    }

    @Test
    void whatLivesSomewhereIsInUseThereThoughItIsSilentForAWhile() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            events.add(
                    token().auditId("u" + i).at(START.plusSeconds(3_600L * i)).build());
        }
        harness.play(events)
                .play(List.of(elsewhere().at(START.plus(Duration.ofHours(10))).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void whereItIsUsedForADayItBelongs() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 4 * 48; i++) {
            Instant time = START.plusSeconds(1_800L * (i / 2));
            events.add((i % 2 == 0 ? token() : elsewhere())
                    .auditId("u" + i)
                    .at(time.plusSeconds(i % 2))
                    .build());
        }
        harness.play(events).end();
        assertThat(harness.alerts()).isNotEmpty().allSatisfy(alert -> assertThat(alert.time())
                .isBefore(START.plus(Duration.ofDays(1)).plusSeconds(60)));
    }

    private static AuditEvents elsewhere() {
        return token().in("c2");
    }
}
