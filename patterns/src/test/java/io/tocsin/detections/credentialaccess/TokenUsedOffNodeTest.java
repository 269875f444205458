package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.event.Place;
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

class TokenUsedOffNodeTest implements DetectionContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final String POD_ADDRESS = "10.1.0.5";
    private static final String NODE_ADDRESS = "10.0.0.1";
    private static final String OTHER_NODE_ADDRESS = "10.0.0.2";
    private static final Duration WINDOW = Duration.ofMinutes(60);

    private final DetectionHarness harness = DetectionHarness.of(new TokenUsedOffNode());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new TokenUsedOffNode();
    }

    @Override
    public List<SecurityEvent> past() {
        return List.of(node("n1", NODE_ADDRESS).at(AuditEvents.T0).build());
    }

    /** Each time another pod of the account: who can enter one enters the next. */
    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        AuditEvents token = token().having(builder -> builder.credentialPodUid = "uid-" + start);
        return List.of(
                token.in(cluster).at(start).build(),
                token.in(cluster)
                        .from(ELSEWHERE)
                        .at(start.plus(Duration.ofMinutes(5)))
                        .build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-addresses", List.of("1", "0", "some"), "window", List.of("0 s", "9 s", "a while"));
    }

    private static AuditEvents token() {
        return event().by(ROBOT).from(POD_ADDRESS).credential("JTI=1").having(builder -> {
            builder.credentialPod = "ci/robot-1";
            builder.credentialPodUid = "uid-1";
            builder.credentialNode = "n1";
        });
    }

    private static AuditEvents node(String name, String address) {
        return event().by("system:node:" + name).from(address).doing("update", "leases", "kube-node-lease", name);
    }

    private int alerts(AuditEvents... events) {
        List<SecurityEvent> played = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            played.add(events[i].at(START.plusSeconds(60L * i)).build());
        }
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(played).end();
            return one.alerts().size();
        }
    }

    @Test
    void tellsWhoseTokenAndBothAddresses() {
        harness.play(List.of(
                        token().at(START).build(),
                        token().from(ELSEWHERE)
                                .doing("list", "secrets", "ci", null)
                                .at(START.plusSeconds(60))
                                .build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.message())
                    .isEqualTo("The token JTI=1 of system:serviceaccount:ci:robot, bound to one pod, was used from 2"
                            + " addresses (10.1.0.5, 198.51.100.9), the last time for list secrets ci/*");
            assertThat(alert.evidence()).extracting("address").containsExactly(POD_ADDRESS, ELSEWHERE);
            assertThat(alert.facts()).containsEntry("window", "PT1H").containsEntry("counted", "2");
        });
    }

    @Test
    void isMediumWhereBothAddressesAreInside() {
        harness.play(List.of(
                        token().at(START).build(),
                        token().from("10.1.9.9").at(START.plusSeconds(60)).build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.severity())
                .isEqualTo(Severity.MEDIUM));
    }

    @Test
    void seesBothAddressesInUseAtTheSameTime() {
        AuditEvents both = token();
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            events.add(both.auditId("p" + i).at(START.plusSeconds(10L * i)).build());
        }
        events.add(both.from(ELSEWHERE).at(START.plusSeconds(3_601)).build());
        events.sort((a, b) -> a.time().compareTo(b.time()));
        harness.play(events).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void measuresTheWindowExclusively() {
        SecurityEvent first = token().at(START).build();
        harness.play(List.of(
                        first,
                        token().from(ELSEWHERE)
                                .at(START.plus(WINDOW).minusMillis(1))
                                .build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness outside = DetectionHarness.of(detection())) {
            outside.play(List.of(
                            first,
                            token().from(ELSEWHERE).at(START.plus(WINDOW)).build()))
                    .end();
            assertThat(outside.alerts()).isEmpty();
        }
    }

    @Test
    void theOrderOfTheAddressesDoesNotMatter() {
        assertThat(alerts(token().from(ELSEWHERE), token())).isEqualTo(1);
    }

    @Test
    void aRefusedUseIsAUse() {
        assertThat(alerts(token(), token().from(ELSEWHERE).denied())).isEqualTo(1);
    }

    @Test
    void keepsTokensApart() {
        assertThat(alerts(token(), token().credential("JTI=2").from(ELSEWHERE))).isZero();
    }

    @Test
    void aPodThatIsRescheduledHasANewTokenOnItsNewNode() {
        AuditEvents moved = token().credential("JTI=2").from("10.1.7.7").having(builder -> {
            builder.credentialPod = "ci/robot-2";
            builder.credentialPodUid = "uid-2";
            builder.credentialNode = "n2";
        });
        assertThat(alerts(token(), token(), moved, moved)).isZero();
    }

    @Test
    void theAddressesOfItsNodeCountForNothing() {
        AuditEvents throughNode = token().from(NODE_ADDRESS);
        assertThat(alerts(node("n1", NODE_ADDRESS), token(), throughNode)).isZero();
        assertThat(alerts(node("n2", NODE_ADDRESS), token(), throughNode))
                .as("another node's address")
                .isEqualTo(1);
        assertThat(alerts(node("n1", NODE_ADDRESS).impersonatedBy("eve"), token(), throughNode))
                .as("said by somebody else")
                .isEqualTo(1);
        assertThat(alerts(node("n1", NODE_ADDRESS).in("c2"), token(), throughNode))
                .as("in another cluster")
                .isEqualTo(1);
    }

    @Test
    void aNodesEgressOutsideIsItsAddressToo() {
        String egress = "203.0.113.50";
        assertThat(alerts(node("n1", NODE_ADDRESS), node("n1", egress), token(), token().from(egress)))
                .isZero();
    }

    @Test
    void aNodeThatCallsInTheSameSlotIsHeardFirst() {
        harness.play(List.of(
                        token().at(START).build(),
                        token().from(NODE_ADDRESS).at(START.plusSeconds(1)).build(),
                        node("n1", NODE_ADDRESS).at(START.plusSeconds(2)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void whatANodeHasTaughtSurvivesARestart() {
        harness.play(List.of(node("n1", NODE_ADDRESS).at(START).build()))
                .watermark(START.plusSeconds(60))
                .restart();
        harness.play(List.of(
                        token().at(START.plusSeconds(60)).build(),
                        token().from(NODE_ADDRESS).at(START.plusSeconds(70)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void nodesAreHeardOnceADay() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            events.add(node("n1", NODE_ADDRESS).at(START.plusSeconds(10L * i)).build());
        }
        harness.play(events);
        assertThat(harness.received("kubernetes-audit-histories")).isEqualTo(1);
    }

    @Test
    void whatTheRecordSaysOfThePodIsNoStranger() {
        AuditEvents told = token().having(builder -> builder.place =
                new Place("n1", OTHER_NODE_ADDRESS, "ci/robot-1", "uid-1", "10.1.0.99", null, null, null));
        assertThat(alerts(token(), told.from(OTHER_NODE_ADDRESS), told.from("10.1.0.99")))
                .isZero();
        AuditEvents other = token().having(builder -> builder.place =
                new Place("n7", OTHER_NODE_ADDRESS, "ci/other", "uid-7", "10.1.0.99", null, null, null));
        assertThat(alerts(token(), other.from("10.1.0.99")))
                .as("another pod's address")
                .isEqualTo(1);
        assertThat(alerts(token(), other.from(OTHER_NODE_ADDRESS)))
                .as("another node's address")
                .isEqualTo(1);
    }

    @Test
    void certificatesUnboundTokensAndUnknownAddressesAreNotLookedAt() {
        assertThat(alerts(
                        token().credential("X509SHA256=1"),
                        token().credential("X509SHA256=1").from(ELSEWHERE)))
                .isZero();
        AuditEvents unbound = token().having(builder -> builder.credentialPod = null);
        assertThat(alerts(unbound, unbound.from(ELSEWHERE))).isZero();
        assertThat(alerts(token(), token().from(null))).isZero();
    }

    @Test
    void aTokenWithoutANodeIsFollowedToo() {
        AuditEvents nowhere = token().having(builder -> builder.credentialNode = null);
        assertThat(alerts(nowhere, nowhere.from(ELSEWHERE))).isEqualTo(1);
    }

    @Test
    void theNextTokenTakenByTheSameOneIsTheSameStory() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Instant time = START.plusSeconds(1_500L * i);
            events.add(token().credential("JTI=" + i).at(time).build());
            events.add(token().credential("JTI=" + i)
                    .from(ELSEWHERE)
                    .at(time.plusSeconds(60))
                    .build());
        }
        harness.play(events).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void aRestartMayChangeThresholdAndWindow() {
        List<SecurityEvent> attack = attack(START, "c1");
        harness.play(attack.subList(0, 1)).watermark(START.plusSeconds(30));
        harness.restart(Map.of("detections.token-used-off-node.min-addresses", "3"));
        harness.play(attack.subList(1, 2)).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness longer = DetectionHarness.of(detection())) {
            longer.play(attack.subList(0, 1)).watermark(START.plusSeconds(30));
            longer.restart(Map.of("detections.token-used-off-node.window", "3 h"));
            longer.play(List.of(token().having(builder -> builder.credentialPodUid = "uid-" + START)
                            .from(ELSEWHERE)
                            .at(START.plus(Duration.ofHours(2)))
                            .build()))
                    .end();
            assertThat(longer.alerts()).hasSize(1);
        }
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
        return token().from(ELSEWHERE);
    }
}
