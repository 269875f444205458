package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.T0;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class UnauthenticatedBurstTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final String MIN = "detections.unauthenticated-burst.min-requests";

    @Override
    public Detection<?> detection() {
        return new UnauthenticatedBurst();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return refusals(start, 10, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-requests", List.of("0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents refusal() {
        return event().by(null).from(ELSEWHERE).ended(Outcome.UNAUTHENTICATED, 401);
    }

    private static List<SecurityEvent> refusals(Instant start, int many, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(by.apply(refusal()).at(start.plusMillis(2_300L * i)).build());
        }
        return events;
    }

    private int alerts(List<SecurityEvent> events) {
        return severities(events).size();
    }

    private int alerts(UnaryOperator<AuditEvents> by) {
        return alerts(refusals(START, 10, by));
    }

    private List<Severity> severities(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().stream().map(alert -> alert.severity()).toList();
        }
    }

    /** Alice at home the day before, a burst elsewhere, then this. */
    private static List<SecurityEvent> then(int refusals, AuditEvents success) {
        List<SecurityEvent> events =
                new ArrayList<>(List.of(event().from(OFFICE).at(T0).build()));
        events.addAll(refusals(START, refusals, by -> by));
        events.add(success.build());
        return events;
    }

    private static AuditEvents success() {
        return event().from(ELSEWHERE).at(START.plusSeconds(60));
    }

    @Test
    void tellsHowManyFromWhere() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(refusals(START, 10, by -> by)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.message())
                        .isEqualTo("10 requests from 198.51.100.9 were answered with 401 (threshold 10), the last one"
                                + " get pods web/a");
                assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            });
        }
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = refusals(START, 9, by -> by);
        inside.add(refusal().at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = refusals(START, 9, by -> by);
        outside.add(refusal().at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void keepsAddressesApart() {
        List<SecurityEvent> events = refusals(START, 9, by -> by);
        events.add(refusal().from(OFFICE).at(START.plusSeconds(60)).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void onlyRequestsWithoutAValidCredentialCount() {
        assertThat(alerts(by -> by.denied())).isZero();
        assertThat(alerts(by -> by.ended(Outcome.ERROR, 404))).isZero();
        assertThat(alerts(by -> by.authenticator().from(ELSEWHERE).ended(Outcome.UNAUTHENTICATED, 401)))
                .isZero();
    }

    @Test
    void healthProbesAreQuiet() {
        for (String path : List.of("/healthz", "/livez?verbose", "/readyz/etcd")) {
            assertThat(alerts(by -> by.doing("get", null, null, null).uri(path)))
                    .as(path)
                    .isZero();
        }
        for (String path : List.of("/", "/api", "/healthzz", "/version")) {
            assertThat(alerts(by -> by.doing("get", null, null, null).uri(path)))
                    .as(path)
                    .isEqualTo(1);
        }
    }

    @Test
    void aSuccessFromThereOfWhoeverIsNewThereRaisesIt() {
        List<SecurityEvent> events = then(10, success());
        assertThat(severities(events)).containsExactly(Severity.MEDIUM, Severity.HIGH);
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(events).end();
            assertThat(harness.alerts().get(1)).satisfies(alert -> {
                assertThat(alert.message())
                        .isEqualTo("10 requests from 198.51.100.9 were answered with 401 (threshold 10); then alice, to"
                                + " whom the address is new, was let in from there: get pods web/a");
                assertThat(alert.time()).isEqualTo(START.plusSeconds(60));
                assertThat(alert.start()).isEqualTo(START);
                assertThat(alert.evidence()).hasSize(11);
            });
        }
    }

    @Test
    void aSuccessRaisesNothingBelowTheThresholdBeforeOrAfterTheWindowElsewhereOrWhereItIsUsual() {
        assertThat(severities(then(9, success()))).isEmpty();
        Instant over = START.plusMillis(2_300L * 9).plus(WINDOW);
        assertThat(severities(then(10, success().at(over)))).containsExactly(Severity.MEDIUM);
        assertThat(severities(then(10, success().from("198.51.100.10")))).containsExactly(Severity.MEDIUM);
        assertThat(severities(then(10, success().by("bob"))))
                .as("bob has no other home")
                .containsExactly(Severity.MEDIUM);
        assertThat(severities(then(10, success().denied()))).containsExactly(Severity.MEDIUM);
        assertThat(severities(then(10, success().doing("create", "selfsubjectaccessreviews", null, null))))
                .containsExactly(Severity.MEDIUM);
        List<SecurityEvent> before = new ArrayList<>(List.of(event().at(T0).build()));
        before.add(success().at(START.minusSeconds(1)).build());
        before.addAll(refusals(START, 10, by -> by));
        assertThat(severities(before)).containsExactly(Severity.MEDIUM);
    }

    @Test
    void aWorkloadThatGetsInWithAFreshTokenRaisesNothing() {
        String inside = "10.0.0.77";
        for (String workload : List.of("system:serviceaccount:ci:robot", "system:node:n1")) {
            for (boolean outside : new boolean[] {false, true}) {
                String there = outside ? ELSEWHERE : inside;
                List<SecurityEvent> events = new ArrayList<>(List.of(event().by(workload)
                        .from("10.0.0.5")
                        .credential("JTI=1")
                        .at(T0)
                        .build()));
                events.addAll(refusals(START, 10, by -> by.from(there)));
                events.add(
                        success().by(workload).credential("JTI=1").from(there).build());
                assertThat(severities(events))
                        .as("%s at %s", workload, there)
                        .containsExactlyElementsOf(
                                outside ? List.of(Severity.MEDIUM, Severity.HIGH) : List.of(Severity.MEDIUM));
            }
        }
    }

    @Test
    void theRaisedAlertIsTheSameInAnyOrderAndOverARestart() {
        List<SecurityEvent> events = then(10, success());
        List<String> expected;
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            expected = harness.play(events).end().lines();
        }
        for (int seed = 0; seed < 6; seed++) {
            try (DetectionHarness harness = DetectionHarness.of(List.of(detection()), 1 + seed % 3, Map.of())) {
                harness.playDisordered(events, new Random(seed), DISORDER).end();
                assertThat(harness.lines()).as("seed %s", seed).isEqualTo(expected);
            }
        }
        for (int before = 0; before <= events.size(); before++) {
            try (DetectionHarness harness = DetectionHarness.of(detection())) {
                harness.play(events.subList(0, before)).restart();
                harness.play(events.subList(before, events.size())).end();
                assertThat(harness.lines()).as("restart before %s", before).isEqualTo(expected);
            }
        }
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        try (DetectionHarness lower = DetectionHarness.of(detection());
                DetectionHarness higher = DetectionHarness.of(detection())) {
            lower.play(refusals(START, 4, by -> by)).restart(Map.of(MIN, "5"));
            lower.play(List.of(refusal().at(START.plusSeconds(30)).build())).end();
            assertThat(lower.alerts()).hasSize(1);
            higher.play(refusals(START, 9, by -> by)).restart(Map.of(MIN, "11"));
            higher.play(List.of(refusal().at(START.plusSeconds(30)).build())).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                flood.add(refusal().at(START.plusMillis(i * 10L)).build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.stateEntries()).isLessThan(1_100);
            assertThat(harness.received("unauthenticated-burst-alerts")).isLessThanOrEqualTo(6);
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void aSuccessAmidTheBurstCountsByThoseThatFollowIt() {
        List<SecurityEvent> events = then(10, success());
        events.add(5, success().at(START.plusSeconds(9)).build());
        assertThat(severities(events)).containsExactly(Severity.MEDIUM, Severity.HIGH);
    }

    @Test
    void usualTrafficCostsLittle() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> traffic = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                traffic.add(event().doing("get", "pods", "web", "p" + i)
                        .at(START.plusSeconds(i * 10L))
                        .build());
            }
            harness.play(traffic);
            assertThat(harness.received("kubernetes-audit-histories")).isLessThan(40);
            assertThat(harness.received("kubernetes-audit-correlator")).isZero();
        }
    }
}
