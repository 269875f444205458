package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.T0;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detections.credentialaccess.ForbiddenThenSuccess;
import io.tocsin.detections.credentialaccess.UnauthenticatedBurst;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** At a public API endpoint nodes and pods call from outside: where nodes call from is inside, for whom it concerns. */
class LearnedEgressTest {
    private static final String NAT = OFFICE;
    private static final String HISTORIES = "kubernetes-audit-histories";
    private static final Duration DISORDER = Duration.ofSeconds(60);

    private DetectionHarness harness = DetectionHarness.of(new ForbiddenThenSuccess());

    @AfterEach
    void close() {
        harness.close();
    }

    private static AuditEvents node(String name) {
        return event().by("system:node:" + name).from(NAT).doing("get", "pods", "web", "a");
    }

    private static AuditEvents robot(@Nullable String node) {
        return event().by("system:serviceaccount:ci:robot")
                .from(NAT)
                .credential("JTI=1")
                .having(builder -> builder.credentialNode = node);
    }

    /** Refused three times and let in, by a token bound to this node. */
    private static List<SecurityEvent> attack(@Nullable String node, Instant start) {
        return attack(robot(node), start);
    }

    private static List<SecurityEvent> attack(AuditEvents by, Instant start) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            events.add(by.at(start.plusSeconds(i))
                    .doing("get", "secrets", "web", "s" + i)
                    .denied()
                    .build());
        }
        events.add(by.at(start.plusSeconds(30)).build());
        return events;
    }

    private int alertsAfter(List<SecurityEvent> before, List<SecurityEvent> attack) {
        return harness.play(before).play(attack).end().alerts().size();
    }

    @Test
    void outsideIsNewToAServiceAccountWhereNoNodeCallsFrom() {
        assertThat(alertsAfter(List.of(), attack("n1", T0.plusSeconds(60)))).isEqualTo(1);
        assertThat(harness.alerts().get(0).evidence()).allMatch(record -> NAT.equals(record.address()));
    }

    @Test
    void whereANodeCallsFromIsInsideForTheTokensBoundToIt() {
        List<SecurityEvent> before = List.of(node("n1").build());
        assertThat(alertsAfter(before, attack("n1", T0.plusSeconds(60)))).isZero();
    }

    @Test
    void whereOneNodeCallsFromStaysOutsideForAllOthers() {
        List<SecurityEvent> before = new ArrayList<>(List.of(node("n1").build()));
        before.addAll(attack("n2", T0.plusSeconds(60)));
        AuditEvents boundToNone = robot(null).by("system:serviceaccount:ci:other");
        assertThat(alertsAfter(before, attack(boundToNone, T0.plusSeconds(7_200))))
                .isEqualTo(2);
    }

    @Test
    void whereTwoNodesCallFromIsInsideForEveryServiceAccount() {
        List<SecurityEvent> before = new ArrayList<>(
                List.of(node("n1").build(), node("n2").at(T0.plusSeconds(5)).build()));
        before.addAll(attack("n3", T0.plusSeconds(60)));
        assertThat(alertsAfter(before, attack(robot(null), T0.plusSeconds(120))))
                .isZero();
    }

    @Test
    void anAddressIsLearnedForItsClusterOnly() {
        List<SecurityEvent> before =
                List.of(node("n1").in("c2").build(), node("n2").in("c2").build());
        assertThat(alertsAfter(before, attack("n1", T0.plusSeconds(60)))).isEqualTo(1);
    }

    @Test
    void isInsideForNobodyElse() {
        List<SecurityEvent> before = List.of(
                node("n1").build(),
                node("n2").build(),
                event().by("jane").from(ELSEWHERE).at(T0.plusSeconds(5)).build());
        assertThat(alertsAfter(before, attack(event().by("jane").from(NAT), T0.plusSeconds(60))))
                .isEqualTo(1);
    }

    @Test
    void whatANodeDoesLaterTeachesNothingOfBefore() {
        List<SecurityEvent> events = new ArrayList<>(attack("n1", T0.plusSeconds(60)));
        events.add(node("n1").at(T0.plusSeconds(300)).build());
        harness.send(events).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void onlyWhatANodeItselfIsGrantedTeaches() {
        List<SecurityEvent> before = List.of(
                node("n1").denied().build(),
                node("n1").ended(Outcome.UNAUTHENTICATED, 401).build(),
                node("n1").dry().build(),
                node("n1").impersonatedBy("mallory").build(),
                node("n1").from(INSIDE).build(),
                node("n1").by("system:nodes").build());
        assertThat(alertsAfter(before, attack("n1", T0.plusSeconds(60)))).isEqualTo(1);
    }

    @Test
    void mayBeTurnedOff() {
        harness.restart(Map.of("network.learn-egress", "false"));
        List<SecurityEvent> before = List.of(node("n1").build(), node("n2").build());
        assertThat(alertsAfter(before, attack("n1", T0.plusSeconds(60)))).isEqualTo(1);
        assertThat(harness.received(HISTORIES)).isZero();
    }

    @Test
    void survivesARestart() {
        harness.play(List.of(node("n1").build())).watermark(T0.plusSeconds(60)).restart();
        assertThat(alertsAfter(List.of(), attack("n1", T0.plusSeconds(90)))).isZero();
    }

    @Test
    void isForgottenWithAllOtherHistory() {
        harness.play(List.of(node("n1").build())).watermark(T0.plus(Duration.ofDays(15)));
        assertThat(alertsAfter(
                        List.of(), attack("n1", T0.plus(Duration.ofDays(15)).plusSeconds(60))))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"n1, 1", "n2, 2"})
    void theSuccessAfterABurstOf401sIsNoThiefsWhereItsNodeCallsFrom(String calling, int alerts) {
        try (DetectionHarness bursts = DetectionHarness.of(new UnauthenticatedBurst())) {
            List<SecurityEvent> events = new ArrayList<>(List.of(node(calling).build()));
            for (int i = 0; i < 12; i++) {
                events.add(event().by(null)
                        .from(NAT)
                        .at(T0.plusSeconds(20 + i))
                        .ended(Outcome.UNAUTHENTICATED, 401)
                        .build());
            }
            events.add(robot("n1").at(T0.plusSeconds(60)).build());
            assertThat(bursts.play(events).end().alerts()).hasSize(alerts);
        }
    }

    @Test
    void steadyPodsAndNodesBehindOneAddressAskAlmostNothing() {
        List<SecurityEvent> steady = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            String node = "n" + i % 100;
            AuditEvents one = i % 2 == 0 ? node(node) : robot(node);
            steady.add(one.auditId("a" + i).at(T0.plusSeconds(i)).build());
        }
        harness.play(steady).end();
        assertThat(harness.received(HISTORIES)).isLessThan(10);
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void strangersLeaveNothingInTheHistories() {
        List<SecurityEvent> strangers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            strangers.add(robot("n1")
                    .from("2001:db8::" + Integer.toHexString(i + 1))
                    .at(T0.plusSeconds(i))
                    .build());
        }
        harness.play(strangers).watermark(T0.plusSeconds(300));
        assertThat(harness.received(HISTORIES)).isEqualTo(200);
        assertThat(harness.stateEntriesByUid().get(HISTORIES)).isZero();
    }

    @Test
    void tellsWhatWasLearned() {
        harness.play(List.of(
                        node("n1").build(),
                        node("n2").at(T0.plusSeconds(20)).build(),
                        node("n1").from(ELSEWHERE).at(T0.plusSeconds(40)).build()))
                .end();
        assertThat(harness.counted(Counts.LEARNED_EGRESS + "c1")).isEqualTo(2);
    }

    /** Nodes and their pods come and go at some public addresses, some attack: however it arrives, the alerts are the same. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noAnswerDependsOnWhatATaskSaw(long seed) {
        Random random = new Random(seed);
        List<SecurityEvent> events = new ArrayList<>();
        long seconds = 0;
        for (int i = 0; i < 400; i++) {
            seconds += random.nextInt(30) == 0 ? random.nextInt(40_000) : random.nextInt(12);
            // Addresses come and go.
            String address = "192.0.2." + (i / 40 * 2 + random.nextInt(2));
            String node = "n" + random.nextInt(4);
            Instant time = T0.plusSeconds(seconds).plusMillis(i);
            AuditEvents by = robot(random.nextInt(4) == 0 ? null : node)
                    .from(address)
                    .credential("JTI=" + node)
                    .by("system:serviceaccount:ci:robot" + random.nextInt(2));
            switch (random.nextInt(9)) {
                case 0 -> events.add(node(node).from(address).at(time).build());
                case 1, 2 -> events.add(by.at(time).build());
                default ->
                    events.add(by.at(time)
                            .doing("get", "secrets", "web", "s" + random.nextInt(9))
                            .denied()
                            .build());
            }
        }
        Map<String, String> eager = Map.of("detections.forbidden-then-success.min-forbidden", "2");
        List<String> expected;
        try (DetectionHarness one = DetectionHarness.of(List.of(new ForbiddenThenSuccess()), eager)) {
            expected = one.play(events).end().lines();
        }
        assertThat(expected).isNotEmpty();
        List<SecurityEvent> twice = new ArrayList<>(events);
        twice.addAll(events);
        Collections.shuffle(twice, random);
        for (int tasks = 1; tasks <= 3; tasks++) {
            try (DetectionHarness several = DetectionHarness.of(List.of(new ForbiddenThenSuccess()), tasks, eager)) {
                assertThat(several.playDisordered(twice, random, DISORDER).end().lines())
                        .as("%d tasks", tasks)
                        .isEqualTo(expected);
            }
        }
    }
}
