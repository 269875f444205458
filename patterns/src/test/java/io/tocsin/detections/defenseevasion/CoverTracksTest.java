package io.tocsin.detections.defenseevasion;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoverTracksTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String CEP = "cover-tracks-cep-v1";
    private static final String ROBOT = "system:serviceaccount:ci:robot";

    private final DetectionHarness harness = DetectionHarness.of(new CoverTracks());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new CoverTracks();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                exec().in(cluster).at(start).build(),
                events().in(cluster).at(start.plusSeconds(90)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents exec() {
        return event().doing("get", "pods", "web", "a").sub("exec");
    }

    private static AuditEvents events() {
        return event().doing("deletecollection", "events", "web", null);
    }

    private static AuditEvents pod(String name) {
        return event().doing("delete", "pods", "web", name);
    }

    private static List<Alert> alerts(Map<String, String> parameters, AuditEvents... events) {
        try (DetectionHarness one = DetectionHarness.of(new CoverTracks(), parameters)) {
            List<SecurityEvent> played = new ArrayList<>();
            for (AuditEvents each : events) {
                played.add(each.at(START.plusSeconds(30L * played.size())).build());
            }
            one.play(played).end();
            return List.copyOf(one.alerts());
        }
    }

    private static List<Alert> alerts(AuditEvents... events) {
        return alerts(Map.of(), events);
    }

    private static List<Severity> severities(AuditEvents... events) {
        return alerts(events).stream().map(Alert::severity).toList();
    }

    @Test
    void tellsWhatWasDoneAndWhatWasDeleted() {
        harness.play(attack(START, "c1")).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.message())
                    .isEqualTo(
                            "alice did something sensitive from 203.0.113.7 (get pods/exec web/a) and 90 s later deleted"
                                    + " Events: deletecollection events web/*");
            assertThat(alert.evidence()).extracting("stage").containsExactly("sensitive-action", "tracks-deleted");
        });
    }

    @Test
    void onlyThePodThatWasEnteredIsLow() {
        assertThat(alerts(exec(), pod("a"))).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.LOW);
            assertThat(alert.message()).endsWith("deleted the pod it had entered: delete pods web/a");
        });
        assertThat(severities(
                        exec(), event().doing("create", "pods", "web", "a").sub("eviction")))
                .containsExactly(Severity.LOW);
        assertThat(severities(exec(), pod("b"))).isEmpty();
        assertThat(severities(exec(), event().doing("delete", "pods", "db", "a")))
                .isEmpty();
        assertThat(severities(event().doing("get", "secrets", "web", "a"), pod("a")))
                .as("a pod that was not entered")
                .isEmpty();
        assertThat(severities(exec().sub("portforward"), pod("a")))
                .as("a pod in which nothing was done")
                .isEmpty();
    }

    @Test
    void theParameterHoldsForBothSeverities() {
        Map<String, String> medium = Map.of("detections.cover-tracks.severity", "MEDIUM");
        assertThat(alerts(medium, exec(), pod("a"))).singleElement().satisfies(alert -> assertThat(alert.severity())
                .isEqualTo(Severity.MEDIUM));
        assertThat(alerts(medium, exec(), events())).singleElement().satisfies(alert -> assertThat(alert.severity())
                .isEqualTo(Severity.MEDIUM));
    }

    @Test
    void isOneAlertUnlessItGetsGraver() {
        assertThat(severities(exec(), events(), pod("a"))).containsExactly(Severity.HIGH);
        assertThat(severities(exec(), events(), events().doing("delete", "events", "web", "e")))
                .containsExactly(Severity.HIGH);
        assertThat(severities(exec(), pod("a"), exec().doing("get", "pods", "web", "b"), pod("b")))
                .containsExactly(Severity.LOW);
        assertThat(severities(exec(), pod("a"), events(), pod("a"))).containsExactly(Severity.LOW, Severity.HIGH);
    }

    @Test
    void ofServiceAccountsInsideOnlyWhatIsNewToThemIsSensitive() {
        AuditEvents robot = event().by(ROBOT).from(AuditEvents.INSIDE);
        for (String last : List.of("s1", "s2")) {
            List<SecurityEvent> story = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                story.add(robot.doing("get", "secrets", "web", "s1")
                        .at(START.plusSeconds(60L * i))
                        .build());
            }
            story.add(robot.doing("get", "secrets", "web", last)
                    .at(START.plusSeconds(1_200))
                    .build());
            story.add(robot.doing("deletecollection", "events", "web", null)
                    .at(START.plusSeconds(1_230))
                    .build());
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                one.play(story).end();
                assertThat(one.alerts()).as(last).hasSize(last.equals("s1") ? 0 : 1);
            }
        }
    }

    @Test
    void noOtherActionHidesThePodThatWasEntered() {
        List<SecurityEvent> story = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            story.add(event().doing("get", "secrets", "web", "s" + i)
                    .at(START.plusMillis(i * 100L))
                    .build());
        }
        story.add(exec().at(START.plusSeconds(4)).build());
        story.add(pod("a").at(START.plusSeconds(90)).build());
        harness.play(story).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.severity())
                .isEqualTo(Severity.LOW));
    }

    @Test
    void everySensitiveActionOpens() {
        String rbac = "rbac.authorization.k8s.io";
        String admission = "admissionregistration.k8s.io";
        List<AuditEvents> sensitive = List.of(
                exec().doing("create", "pods", "web", "a"),
                exec().sub("attach"),
                exec().sub("portforward"),
                event().doing("patch", "pods", "web", "a").sub("ephemeralcontainers"),
                event().doing("get", "secrets", "web", "s"),
                event().doing("list", "secrets", null, null),
                event().doing("watch", "secrets", "web", null),
                event().doing("create", "clusterrolebindings", null, "x").group(rbac),
                event().doing("patch", "roles", "web", "x").group(rbac),
                event().doing("delete", "validatingwebhookconfigurations", null, "x")
                        .group(admission),
                event().doing("update", "mutatingadmissionpolicies", null, "x").group(admission),
                event().doing("create", "serviceaccounts", "ci", "robot").sub("token"),
                event().doing("update", "certificatesigningrequests", null, "x").sub("approval"),
                event().doing("create", "nodes", null, "n")
                        .sub("proxy")
                        .uri("/api/v1/nodes/n/proxy/run/web/a/app?cmd=id"),
                event().doing("get", "nodes", null, "n").sub("proxy").uri("/api/v1/nodes/n/proxy/portForward/web/a"));
        for (AuditEvents each : sensitive) {
            assertThat(severities(each, events())).as("%s", each.build()).containsExactly(Severity.HIGH);
            assertThat(severities(each.denied(), events()))
                    .as("%s, refused", each.build())
                    .isEmpty();
            assertThat(severities(each.dry(), events()))
                    .as("%s, tried", each.build())
                    .isEmpty();
        }
    }

    @Test
    void whatIsNotSensitiveDoesNot() {
        List<AuditEvents> harmless = List.of(
                event(),
                exec().sub("log"),
                event().doing("get", "pods", "web", "a").sub("ephemeralcontainers"),
                event().doing("get", "secrets", "web", "sh.helm.release.v1.web.v3"),
                event().doing("create", "secrets", "web", "s"),
                event().doing("get", "roles", "web", "x").group("rbac.authorization.k8s.io"),
                event().doing("create", "roles", "web", "x").group("example.com"),
                event().doing("create", "serviceaccounts", "ci", "robot"),
                event().doing("update", "certificatesigningrequests", null, "x").sub("status"),
                event().doing("get", "nodes", null, "n").sub("proxy").uri("/api/v1/nodes/n/proxy/metrics?exec=/run/"),
                event().doing("get", "nodes", null, "n").sub("proxy").uri("/api/v1/nodes/n/proxy/stats/run/"));
        for (AuditEvents each : harmless) {
            assertThat(severities(each, events())).as("%s", each.build()).isEmpty();
        }
    }

    @Test
    void whatIsNoDeletionOfTracksCompletesNothing() {
        assertThat(severities(exec(), events().denied())).isEmpty();
        assertThat(severities(exec(), events().dry())).isEmpty();
        assertThat(severities(exec(), event().doing("list", "events", "web", null)))
                .isEmpty();
        assertThat(severities(exec(), event().doing("create", "events", "web", "e")))
                .isEmpty();
        assertThat(severities(exec(), event().doing("create", "pods", "web", "a")))
                .isEmpty();
        assertThat(severities(exec(), event().doing("deletecollection", "pods", "web", null)))
                .isEmpty();
        assertThat(severities(exec(), events().group("events.k8s.io"))).containsExactly(Severity.HIGH);
    }

    @Test
    void staysQuietInTheOtherOrder() {
        assertThat(severities(events(), exec())).isEmpty();
        assertThat(severities(pod("a"), exec())).isEmpty();
    }

    @Test
    void measuresTheWindowExclusively() {
        harness.play(List.of(
                        exec().at(START).build(),
                        events().at(START.plus(WINDOW)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness inside = DetectionHarness.of(detection())) {
            inside.play(List.of(
                            exec().at(START).build(),
                            events().at(START.plus(WINDOW).minusMillis(1)).build()))
                    .end();
            assertThat(inside.alerts()).hasSize(1);
        }
    }

    @Test
    void keepsIdentitiesApart() {
        assertThat(severities(exec(), events().by("bob"))).isEmpty();
        assertThat(severities(exec(), pod("a").by("bob"))).isEmpty();
        String role = "arn:aws:iam::1:role/r";
        assertThat(severities(exec().arn(role), events().by("other-session").arn(role)))
                .as("one role, two sessions")
                .containsExactly(Severity.HIGH);
        assertThat(severities(exec().impersonatedBy("mallory"), events().impersonatedBy("mallory")))
                .containsExactly(Severity.HIGH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "system:serviceaccount:kube-system:namespace-controller",
                "system:kube-controller-manager",
                "system:serviceaccount:kube-system:pod-garbage-collector",
                "system:node:n1"
            })
    void thePlatformCleaningUpIsQuietAtHomeOnly(String user) {
        for (AuditEvents deletion : List.of(events(), pod("a"))) {
            assertThat(severities(
                            exec().by(user).from(INSIDE), deletion.by(user).from(INSIDE)))
                    .isEmpty();
            assertThat(severities(exec().by(user).from(null), deletion.by(user).from(null)))
                    .isEmpty();
            assertThat(severities(
                            exec().by(user).from(OFFICE), deletion.by(user).from(OFFICE)))
                    .hasSize(1);
        }
        assertThat(severities(
                        exec().by(user).from(INSIDE).impersonatedBy("mallory"),
                        events().by(user).from(INSIDE).impersonatedBy("mallory")))
                .containsExactly(Severity.HIGH);
    }

    @Test
    void listedDeployersMayDeletePodsButNotEvents() {
        Map<String, String> listed = Map.of("identities.cd", ROBOT);
        assertThat(alerts(
                        listed,
                        exec().by(ROBOT).from(INSIDE),
                        pod("a").by(ROBOT).from(INSIDE)))
                .isEmpty();
        assertThat(alerts(
                        listed,
                        exec().by(ROBOT).from(OFFICE),
                        pod("a").by(ROBOT).from(OFFICE)))
                .hasSize(1);
        assertThat(alerts(
                        listed,
                        exec().by(ROBOT).from(INSIDE),
                        events().by(ROBOT).from(INSIDE)))
                .hasSize(1);
    }

    @Test
    void listedIssuersMayRequestTokens() {
        Map<String, String> listed = Map.of("identities.token-issuers", ROBOT);
        AuditEvents token = event().by(ROBOT)
                .from(INSIDE)
                .doing("create", "serviceaccounts", "ci", "a")
                .sub("token");
        AuditEvents cleanup = events().by(ROBOT).from(INSIDE);
        assertThat(alerts(listed, token, cleanup)).isEmpty();
        assertThat(alerts(Map.of(), token, cleanup)).hasSize(1);
        assertThat(alerts(listed, exec().by(ROBOT).from(INSIDE), cleanup))
                .as("but do nothing else")
                .hasSize(1);
    }

    @Test
    void aRestartMayChangeTheWindow() {
        harness.play(List.of(exec().at(START).build())).watermark(START.plusSeconds(80));
        harness.restart(Map.of("detections.cover-tracks.window", "1 min"));
        harness.play(List.of(events().at(START.plusSeconds(90)).build())).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness longer = DetectionHarness.of(detection())) {
            longer.play(List.of(exec().at(START).build())).watermark(START.plusSeconds(80));
            longer.restart(Map.of("detections.cover-tracks.window", "1 h"));
            longer.play(List.of(events().at(START.plusSeconds(2_000)).build())).end();
            assertThat(longer.alerts()).hasSize(1);
        }
    }

    @Test
    void staysCheapUnderAFloodOfActionsAndDeletions() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(event().doing("get", "secrets", "web", "s" + i)
                    .at(START.plusMillis(i * 100L))
                    .build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(500));
        assertThat(harness.received(CEP)).isLessThanOrEqualTo(66);
        assertThat(harness.stateEntries()).isLessThan(1_000);
        harness.send(events().at(START.plusSeconds(510)).build()).end();
        assertThat(harness.alerts()).hasSize(1);
    }
}
