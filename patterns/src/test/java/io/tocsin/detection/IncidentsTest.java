package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.T0;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.alert.Tactic;
import io.tocsin.detections.credentialaccess.SecretSweep;
import io.tocsin.detections.credentialaccess.SshBruteForce;
import io.tocsin.detections.credentialaccess.UnauthenticatedBurst;
import io.tocsin.detections.discovery.FlowDeniedScan;
import io.tocsin.detections.discovery.ForbiddenBurst;
import io.tocsin.detections.impact.DeleteBurst;
import io.tocsin.detections.impact.WorkloadErrorBurst;
import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** Alerts that belong together are told once as one incident. */
class IncidentsTest {
    private static final Map<String, String> ALL_MEDIUM = Map.of(
            "detections.forbidden-burst.severity", "MEDIUM",
            "detections.secret-sweep.severity", "MEDIUM",
            "detections.delete-burst.severity", "MEDIUM",
            "detections.ssh-brute-force.severity", "MEDIUM",
            "detections.flow-denied-scan.severity", "MEDIUM",
            "detections.workload-error-burst.severity", "MEDIUM",
            "detections.unauthenticated-burst.severity", "MEDIUM");

    private static DetectionHarness harness(int tasks) {
        List<Detection<?>> detections = List.of(
                new ForbiddenBurst(),
                new SecretSweep(),
                new DeleteBurst(),
                TestingRules.shipped("anonymous-success"),
                new SshBruteForce(),
                new FlowDeniedScan(),
                new WorkloadErrorBurst(),
                new UnauthenticatedBurst());
        return DetectionHarness.of(detections, tasks, Map.of()).tellingIncidents(ALL_MEDIUM);
    }

    private static List<Alert> incidents(DetectionHarness harness) {
        return harness.alerts().stream()
                .filter(alert -> alert.detection().equals("incident"))
                .toList();
    }

    private static List<Alert> updates(DetectionHarness harness) {
        return harness.updates().stream()
                .filter(alert -> alert.detection().equals("incident"))
                .toList();
    }

    private static List<Alert> others(DetectionHarness harness) {
        return harness.alerts().stream()
                .filter(alert -> !alert.detection().equals("incident"))
                .toList();
    }

    private static List<SecurityEvent> many(
            int many, Instant start, UnaryOperator<AuditEvents> what, String verb, String kind) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(what.apply(event().doing(verb, kind, "web", "x" + i))
                    .at(start.plusSeconds(i))
                    .build());
        }
        return events;
    }

    private static List<SecurityEvent> refusals(Instant start, UnaryOperator<AuditEvents> by) {
        return many(10, start, event -> by.apply(event.denied()), "get", "configmaps");
    }

    private static List<SecurityEvent> secrets(Instant start, UnaryOperator<AuditEvents> by) {
        return many(3, start, by, "get", "secrets");
    }

    private static List<SecurityEvent> deletions(Instant start, UnaryOperator<AuditEvents> by) {
        return many(20, start, by, "delete", "deployments");
    }

    private static Instant minute(long minutes) {
        return T0.plus(Duration.ofMinutes(minutes));
    }

    private static List<SecurityEvent> attack(UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>(refusals(minute(0), by));
        events.addAll(secrets(minute(10), by));
        events.addAll(deletions(minute(20), by));
        return events;
    }

    @Test
    void threeTacticsOfOneIdentityAreOneIncident() {
        try (DetectionHarness harness = harness(1)) {
            harness.play(attack(by -> by)).end();
            assertThat(others(harness)).hasSize(3);
            assertThat(incidents(harness)).singleElement().satisfies(incident -> {
                assertThat(incident.severity()).isEqualTo(Severity.CRITICAL);
                assertThat(incident.message())
                        .isEqualTo("alice: 3 alerts, 3 tactics (credential access, discovery, impact), 1 log"
                                + " (kubernetes-audit), within 20 min; first forbidden-burst: "
                                + others(harness).get(0).title());
                assertThat(incident.related())
                        .extracting(Alert.Related::uid)
                        .containsExactlyElementsOf(
                                others(harness).stream().map(Alert::uid).toList());
                assertThat(incident.count()).isEqualTo(3);
                assertThat(incident.start()).isEqualTo(minute(0));
                assertThat(incident.time()).isEqualTo(others(harness).get(2).time());
                assertThat(incident.evidence()).hasSize(3);
                assertThat(incident.techniques()).contains("T1485", "T1552.007");
            });
            assertThat(updates(harness)).as("it did not grow").isEmpty();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void twoTacticsAreNone() {
        try (DetectionHarness harness = harness(1)) {
            harness.play(refusals(minute(0), by -> by))
                    .play(secrets(minute(10), by -> by))
                    .end();
            assertThat(others(harness)).hasSize(2);
            assertThat(incidents(harness)).isEmpty();
        }
    }

    @Test
    void tacticsOfDifferentIdentitiesOrClustersAreNone() {
        try (DetectionHarness harness = harness(1)) {
            harness.play(refusals(minute(0), by -> by))
                    .play(secrets(minute(10), by -> by.by("bob")))
                    .play(deletions(minute(20), by -> by.in("c2")))
                    .end();
            assertThat(others(harness)).hasSize(3);
            assertThat(incidents(harness)).isEmpty();
        }
    }

    @Test
    void aCriticalAlertIsAnIncidentAloneEvenOfNobody() {
        try (DetectionHarness harness = harness(1)) {
            harness.play(List.of(event().by("system:anonymous")
                            .doing("get", "secrets", "web", "s")
                            .build()))
                    .end();
            assertThat(others(harness)).hasSize(1);
            assertThat(incidents(harness)).singleElement().satisfies(incident -> assertThat(incident.message())
                    .startsWith("an unknown identity at 203.0.113.7: 1 alert, "));
        }
    }

    @Test
    void ofSeveralWhoAreInAllAlertsOneTellsThem() {
        AuditEvents critical = event().by("system:anonymous").doing("get", "pods", "web", "p");
        try (DetectionHarness harness = harness(1)) {
            harness.play(List.of(critical.build())).end();
            assertThat(incidents(harness))
                    .as("the address, and not the pod too")
                    .hasSize(1);
        }
        try (DetectionHarness harness = harness(1)) {
            harness.play(List.of(
                            critical.build(),
                            critical.doing("delete", "pods", "web", "p")
                                    .from("198.51.100.9")
                                    .at(minute(1))
                                    .build()))
                    .end();
            assertThat(incidents(harness))
                    .as("both addresses; and the pod, which alone has seen both")
                    .hasSize(3);
        }
    }

    @Test
    void oneAlertOfManyTacticsIsNoIncidentUnlessItIsCritical() {
        List<Tactic> tactics = List.of(Tactic.INITIAL_ACCESS, Tactic.EXECUTION, Tactic.DISCOVERY);
        for (Severity severity : List.of(Severity.HIGH, Severity.CRITICAL)) {
            Involved alert = new Involved(
                    "k", "alice", List.of(), "u", "d", "t", severity, List.of(), tactics, List.of(), T0, T0, "c1", "c1",
                    null, null);
            Grouped one = Grouped.of(alert);
            assertThat(one.isIncident(3)).isEqualTo(severity == Severity.CRITICAL);
            assertThat(one.with(alert)).as("the same again").isEqualTo(one);
        }
    }

    @Test
    void belowMediumDoesNotCount() {
        try (DetectionHarness harness = harness(1)) {
            harness.tellingIncidents(Map.of(
                    "detections.forbidden-burst.severity", "LOW",
                    "detections.secret-sweep.severity", "MEDIUM",
                    "detections.delete-burst.severity", "MEDIUM"));
            harness.play(attack(by -> by)).end();
            assertThat(others(harness)).hasSize(3);
            assertThat(incidents(harness)).isEmpty();
        }
    }

    @Test
    void whatIsQuietForADayIsOver() {
        for (int minutes : new int[] {-2, 2}) {
            try (DetectionHarness harness = harness(1)) {
                Instant last = minute(10).plusSeconds(2);
                harness.play(refusals(minute(0), by -> by));
                harness.play(secrets(minute(10), by -> by));
                harness.play(deletions(last.plus(Duration.ofHours(24)).plus(Duration.ofMinutes(minutes)), by -> by));
                harness.end();
                assertThat(others(harness)).hasSize(3);
                assertThat(incidents(harness)).as("%s min", minutes).hasSize(minutes < 0 ? 1 : 0);
            }
        }
    }

    @Test
    void whenItIsOverOneUpdateTellsTheFinalCount() {
        try (DetectionHarness harness = harness(1)) {
            harness.play(attack(by -> by));
            harness.play(secrets(minute(600), by -> by)).play(secrets(minute(1_200), by -> by));
            assertThat(updates(harness)).isEmpty();
            harness.watermark(minute(1_200).plus(Duration.ofHours(30)));
            assertThat(incidents(harness)).hasSize(1);
            assertThat(updates(harness)).singleElement().satisfies(update -> {
                assertThat(update.uid()).isEqualTo(incidents(harness).get(0).uid());
                assertThat(update.count()).isEqualTo(5);
                assertThat(update.related()).hasSize(5);
                assertThat(update.time()).isEqualTo(others(harness).get(4).time());
            });
            harness.end();
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void orderDuplicatesTasksAndRestartsDoNotShow() {
        List<SecurityEvent> events = attack(by -> by);
        List<String> expected;
        try (DetectionHarness harness = harness(1)) {
            expected = harness.play(events).end().lines();
        }
        List<SecurityEvent> twice = new ArrayList<>(events);
        twice.addAll(events);
        for (int seed = 0; seed < 4; seed++) {
            try (DetectionHarness harness = harness(1 + seed % 3)) {
                harness.playDisordered(twice, new Random(seed), Duration.ofMinutes(15))
                        .end();
                assertThat(harness.lines()).containsExactlyElementsOf(expected);
            }
        }
        for (int at = 0; at <= events.size(); at += 3) {
            try (DetectionHarness harness = harness(1)) {
                harness.play(events.subList(0, at)).restart(ALL_MEDIUM);
                harness.play(events.subList(at, events.size())).end();
                assertThat(harness.lines()).containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    void aRestartWithOtherParametersDecidesByThem() {
        Map<String, String> two = new HashMap<>(ALL_MEDIUM);
        two.put("detections.incident.min-tactics", "2");
        try (DetectionHarness harness = harness(1)) {
            harness.play(refusals(minute(0), by -> by)).restart(two);
            harness.play(secrets(minute(10), by -> by));
            harness.play(deletions(minute(20), by -> by)).end();
            assertThat(incidents(harness)).singleElement().satisfies(incident -> {
                assertThat(incident.count()).isEqualTo(2);
                assertThat(incident.severity()).as("medium, risen by one").isEqualTo(Severity.HIGH);
            });
            assertThat(updates(harness)).singleElement().satisfies(update -> {
                assertThat(update.severity()).isEqualTo(Severity.CRITICAL);
                assertThat(update.count()).isEqualTo(3);
            });
        }
    }

    @Test
    void whoeverImpersonatesIsWhoActs() {
        try (DetectionHarness harness = harness(1)) {
            harness.play(refusals(minute(0), by -> by.by("bob").impersonatedBy("alice")));
            harness.play(secrets(minute(10), by -> by.by("eve").impersonatedBy("alice")));
            harness.play(deletions(minute(20), by -> by)).end();
            assertThat(incidents(harness)).singleElement().satisfies(incident -> assertThat(incident.message())
                    .startsWith("alice: "));
        }
    }

    private static List<SecurityEvent> inPod(Instant start, Source source, UnaryOperator<AuditEvents> what) {
        Place place = new Place("n1", null, "web/a", null, null, null, null, null);
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int number = i;
            events.add(what.apply(event().log(source).from(null).having(builder -> {
                        builder.place = place;
                        builder.level = "error";
                        builder.namespace = "web";
                        builder.recordId = source + "-" + number;
                        builder.flow = new Flow("tcp", "10.1.0." + number, number, null, null, null, null);
                    }))
                    .at(start.plusSeconds(i))
                    .build());
        }
        return events;
    }

    @Test
    void logsOfDifferentClockGroupsAreJoinedByPodAndNode() {
        List<SecurityEvent> events = new ArrayList<>();
        events.addAll(inPod(minute(0), Source.HUBBLE, event -> event.ended(Outcome.DENIED, 0)));
        events.addAll(inPod(minute(10), Source.CONTAINER_LOG, event -> event));
        List<SecurityEvent> login = inPod(minute(20), Source.JOURNALD, event -> event.from("203.0.113.7")
                .ended(Outcome.UNAUTHENTICATED, 0)
                .having(builder -> {
                    builder.verb = "login";
                    builder.place = Place.onNode("n1");
                }));
        events.addAll(login);
        try (DetectionHarness harness = harness(1)) {
            harness.play(events).end();
            assertThat(others(harness))
                    .extracting(Alert::detection)
                    .containsExactlyInAnyOrder("flow-denied-scan", "workload-error-burst", "ssh-brute-force");
            assertThat(incidents(harness)).singleElement().satisfies(incident -> {
                assertThat(incident.message()).startsWith("node n1: 3 alerts, 3 tactics");
                assertThat(incident.message()).contains("3 logs (container-log, hubble, journald)");
            });
        }
    }

    @Test
    void aFloodOfAlertsIsOneIncidentOfBoundedSize() {
        try (DetectionHarness harness = harness(1)) {
            for (int hour = 0; hour < 60; hour += 2) {
                harness.play(secrets(minute(60L * hour), by -> by));
            }
            harness.play(refusals(minute(60L * 60), by -> by));
            harness.play(deletions(minute(60L * 61), by -> by));
            harness.play(secrets(minute(60L * 64), by -> by)).end();
            assertThat(incidents(harness)).singleElement().satisfies(incident -> {
                assertThat(incident.count()).isEqualTo(32);
                assertThat(incident.related()).hasSize(Grouped.KEPT);
                assertThat(incident.related())
                        .as("those that brought a tactic are kept")
                        .extracting(Alert.Related::title)
                        .contains(
                                new ForbiddenBurst().info().title(),
                                new DeleteBurst().info().title());
            });
            assertThat(updates(harness)).singleElement().satisfies(update -> assertThat(update.count())
                    .isEqualTo(33));
        }
    }

    @Test
    void alertsDoNotWaitForIncidents() {
        try (DetectionHarness harness = harness(1)) {
            harness.play(secrets(minute(0), by -> by)).watermark(minute(1));
            assertThat(others(harness)).hasSize(1);
        }
    }

    @Test
    void refusesBadValuesByTheirKey() {
        assertThatThrownBy(() -> options(IncidentOptions.QUIET.key(), "9 s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(IncidentOptions.QUIET.key());
        assertThatThrownBy(() -> options(IncidentOptions.MIN_TACTICS.key(), "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(IncidentOptions.MIN_TACTICS.key());
    }

    private static IncidentOptions options(String key, String value) {
        return IncidentOptions.of(Configuration.fromMap(Map.of(key, value)), true);
    }

    @Test
    void aTechniqueHasOneTactic() {
        assertThat(Tactic.of("T1552.007")).isEqualTo(Tactic.CREDENTIAL_ACCESS);
        assertThat(Tactic.of("T9999")).isNull();
        assertThat(Tactic.of(List.of("T1485", "T1046", "T1613", "T9999")))
                .containsExactly(Tactic.DISCOVERY, Tactic.IMPACT);
    }
}
