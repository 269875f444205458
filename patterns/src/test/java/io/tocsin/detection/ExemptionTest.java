package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detections.discovery.ForbiddenBurst;
import io.tocsin.detections.impact.DeleteBurst;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exemption silences whom it names, from where it says, for what it says, until it ends; and nobody else. */
class ExemptionTest {
    private static final Instant LATER = AuditEvents.T0.plus(Duration.ofDays(30));

    private static Exemption of(String identity, List<String> origins, @Nullable String client, Instant expires) {
        return new Exemption(
                "cleanup",
                new Glob(identity),
                origins,
                client == null ? null : new Glob(client),
                List.of(),
                List.of(new Glob("delete-*")),
                List.of(new Glob("team-*")),
                "platform",
                "nightly cleanup",
                expires,
                false);
    }

    private static List<SecurityEvent> deletions(String user, @Nullable String from, String namespace) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            events.add(AuditEvents.event()
                    .at(Duration.ofSeconds(i))
                    .by(user)
                    .from(from)
                    .doing("delete", "deployments", namespace, "d" + i)
                    .build());
        }
        return events;
    }

    private static int alerts(Exemption exemption, List<SecurityEvent> events) {
        try (DetectionHarness harness = DetectionHarness.of(new DeleteBurst()).exempting(exemption)) {
            return harness.send(events).end().alerts().size();
        }
    }

    @Test
    void silencesTheOneItNames() {
        Exemption exemption = of("ci-*", List.of("203.0.113.0/24"), null, LATER);
        assertThat(alerts(exemption, deletions("ci-bot", "203.0.113.7", "team-a")))
                .isZero();
        assertThat(alerts(exemption, deletions("ci-bot", null, "team-a")))
                .as("an unknown address")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "jane,   203.0.113.7,  team-a, another identity",
        "ci-bot, 198.51.100.9, team-a, another address",
        "ci-bot, 203.0.113.7,  shop,   another namespace",
    })
    void silencesNothingElse(String user, String from, String namespace, String what) {
        Exemption exemption = of("ci-*", List.of("203.0.113.0/24"), null, LATER);
        assertThat(alerts(exemption, deletions(user, from, namespace))).as(what).isEqualTo(1);
    }

    @Test
    void silencesNoOtherClientAndNoOtherDetection() {
        Exemption exemption = of("*", List.of(), "helm/*", LATER);
        assertThat(alerts(exemption, deletions("ci-bot", "203.0.113.7", "team-a")))
                .isEqualTo(1);
        Exemption everybody = of("*", List.of(), null, LATER);
        try (DetectionHarness harness =
                DetectionHarness.of(TestingRules.shipped("anonymous-success")).exempting(everybody)) {
            harness.send(AuditEvents.event()
                            .by("system:anonymous")
                            .from("203.0.113.7")
                            .doing("get", "secrets", "team-a", "s")
                            .build())
                    .end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void silencesNobodyWhoImpersonatesTheOneItNames() {
        Exemption exemption = of("ci-*", List.of("203.0.113.0/24"), null, LATER);
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            events.add(AuditEvents.event()
                    .at(Duration.ofSeconds(i))
                    .by("ci-bot")
                    .impersonatedBy("mallory")
                    .from("203.0.113.7")
                    .doing("delete", "deployments", "team-a", "d" + i)
                    .build());
        }
        assertThat(alerts(exemption, events)).isEqualTo(1);
    }

    private static Exemption controlPlane(String identity) {
        return new Exemption(
                "control-plane",
                new Glob(identity),
                List.of(),
                null,
                List.of(),
                List.of(new Glob("delete-burst")),
                List.of(),
                "platform",
                "node replacement",
                LATER,
                true);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 0, loopback",
        "10.0.0.5, 0, the cluster's ranges while the control plane's are not given",
        ", 0, an unknown address",
        "203.0.113.7, 1, outside",
    })
    void holdsFromTheControlPlanesNetwork(@Nullable String from, int alerts, String where) {
        assertThat(alerts(controlPlane("eks:node-manager"), deletions("eks:node-manager", from, "team-a")))
                .as(where)
                .isEqualTo(alerts);
    }

    @Test
    void onceTheControlPlaneIsGivenItsExemptionsHoldFromThereOnly() {
        Identities known = Identities.of(new Configuration(), Map.of(), cluster -> true);
        Exemption exemption = controlPlane("eks:node-manager");
        SecurityEvent inCluster =
                deletions("eks:node-manager", "10.0.0.5", "team-a").get(0);
        SecurityEvent atHome =
                deletions("eks:node-manager", "127.0.0.1", "team-a").get(0);
        Exemption.Origins none = new Exemption.Origins(List.of());
        assertThat(exemption.covers("delete-burst", inCluster, none, known)).isFalse();
        assertThat(exemption.covers("delete-burst", atHome, none, known)).isTrue();
        assertThat(exemption.covers("secret-sweep", atHome, none, known)).isFalse();
    }

    @Test
    void countsARecordOnceHoweverManyStagesItStandsFor() {
        Exemption refusals = new Exemption(
                "known",
                new Glob("ci-bot"),
                List.of(),
                null,
                List.of(),
                List.of(new Glob("*")),
                List.of(),
                "platform",
                "a review",
                LATER,
                false);
        try (DetectionHarness harness =
                DetectionHarness.of(new ForbiddenBurst()).exempting(refusals)) {
            harness.send(AuditEvents.event().by("ci-bot").denied().build()).end();
            assertThat(harness.counted(Counts.SILENCED + "known|forbidden-burst"))
                    .as("by identity and by address")
                    .isEqualTo(1);
        }
    }

    @Test
    void saysWhatOneThatHasExpiredWouldHaveSilenced() {
        Exemption over = of("ci-*", List.of("203.0.113.0/24"), null, AuditEvents.T0.plusSeconds(20));
        try (DetectionHarness harness = DetectionHarness.of(new DeleteBurst()).exempting(over)) {
            harness.send(deletions("ci-bot", "203.0.113.7", "team-a")).end();
            assertThat(harness.counted(Counts.SILENCED + "cleanup|delete-burst"))
                    .isEqualTo(20);
            assertThat(harness.counted(Counts.EXPIRED + "cleanup")).isEqualTo(5);
        }
        Exemption renewed = of("ci-bot", List.of("203.0.113.0/24"), null, LATER);
        try (DetectionHarness harness = DetectionHarness.of(new DeleteBurst()).exempting(over, renewed)) {
            harness.send(deletions("ci-bot", "203.0.113.7", "team-a")).end();
            assertThat(harness.alerts()).isEmpty();
            assertThat(harness.counted(Counts.EXPIRED + "cleanup"))
                    .as("renewed by another")
                    .isZero();
        }
    }

    @Test
    void endsByItself() {
        Exemption exemption = of("ci-*", List.of("203.0.113.0/24"), null, AuditEvents.T0);
        assertThat(alerts(exemption, deletions("ci-bot", "203.0.113.7", "team-a")))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a*, abc, true",
        "*, '', true",
        "a*c, abc, true",
        "a*c, abd, false",
        "*:x:*, a:x:b, true",
        "abc, abc, true",
        "ab, abc, false",
        "a**c, ac, true",
        "'', a, false",
        "*a*a*a*b, aaaaaaaaaaaaaaaa, false"
    })
    void aStarStandsForAnyCharacters(String glob, String name, boolean matches) {
        assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
    }
}
