package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SecretSweepTest implements DetectionContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration ACCOUNT_WINDOW = Duration.ofMinutes(30);
    private static final String MIN = "detections.secret-sweep.min-secrets";

    @Override
    public Detection<?> detection() {
        return new SecretSweep();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return reads(start, 3, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        List<String> numbers = List.of("0", "-5", "many");
        List<String> windows = List.of("0 s", "9 s", "x");
        return Map.of(
                "min-secrets",
                numbers,
                "window",
                windows,
                "service-account-min-secrets",
                numbers,
                "service-account-window",
                windows);
    }

    private static AuditEvents read(String name) {
        return event().doing("get", "secrets", "web", name);
    }

    private static List<SecurityEvent> reads(Instant start, int many, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(by.apply(read("s" + i)).at(start.plusMillis(7_300L * i)).build());
        }
        return events;
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    private int alerts(UnaryOperator<AuditEvents> by) {
        return alerts(reads(START, 3, by));
    }

    @Test
    void tellsWhoHowManyAndTheLast() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(reads(START, 3, by -> by)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo("alice read 3 different secrets from 203.0.113.7 (threshold 3), the last one get secrets"
                            + " web/s2"));
        }
    }

    @Test
    void measuresTheWindowOfPeopleExclusively() {
        List<SecurityEvent> inside = reads(START, 2, by -> by);
        inside.add(read("last").at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = reads(START, 2, by -> by);
        outside.add(read("last").at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void serviceAccountsHaveTheirOwnThresholdAndWindow() {
        UnaryOperator<AuditEvents> robot = by -> by.by(ROBOT).from(INSIDE);
        assertThat(alerts(reads(START, 14, robot))).isZero();
        assertThat(alerts(reads(START, 15, robot))).isEqualTo(1);
        List<SecurityEvent> inside = reads(START, 14, robot);
        inside.add(robot.apply(read("last"))
                .at(START.plus(ACCOUNT_WINDOW).minusMillis(1))
                .build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = reads(START, 14, robot);
        outside.add(robot.apply(read("last")).at(START.plus(ACCOUNT_WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void serviceAccountsAreQuietUpToTheUsualOfTheirClosedDays() {
        UnaryOperator<AuditEvents> robot = by -> by.by(ROBOT).from(INSIDE);
        for (int many : new int[] {20, 21}) {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                for (int day = 5; day >= 1; day--) {
                    String namespace = "n" + day;
                    one.play(reads(START.minus(Duration.ofDays(day)), 20, by -> robot.apply(in(namespace, by))));
                }
                one.play(reads(START, many, robot)).end();
                assertThat(one.alerts().stream()
                                .filter(alert -> !alert.time().isBefore(START))
                                .count())
                        .isEqualTo(many - 20);
            }
        }
    }

    private static AuditEvents in(String namespace, AuditEvents read) {
        return read.doing("get", "secrets", namespace, read.build().name());
    }

    @Test
    void ofServiceAccountsInsideOnlySecretsNewToThemCount() {
        UnaryOperator<AuditEvents> robot = by -> by.by(ROBOT).from(INSIDE);
        Map<String, UnaryOperator<AuditEvents>> todays = Map.of(
                "the same", robot,
                "others", by -> robot.apply(in("db", by)),
                "the same from another pod", by -> robot.apply(by).from("10.0.0.77"),
                "the same from outside", by -> robot.apply(by).from(ELSEWHERE));
        todays.forEach((what, today) -> {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                for (int day = 13; day >= 1; day--) {
                    one.play(reads(START.minus(Duration.ofDays(day)), 14, robot));
                }
                one.restart();
                one.play(reads(START, 15, today)).end();
                assertThat(one.alerts()).as(what).hasSize(what.equals("the same") || what.endsWith("pod") ? 0 : 1);
            }
        });
        try (DetectionHarness forgotten = DetectionHarness.of(detection())) {
            forgotten.play(reads(START.minus(Duration.ofDays(17)), 14, robot));
            forgotten.play(reads(START, 15, robot)).end();
            assertThat(forgotten.alerts()).hasSize(1);
        }
    }

    @Test
    void whatServiceAccountsReadAllDayCostsLittle() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> day = new ArrayList<>();
            for (int i = 0; i < 2_880; i++) {
                day.add(read("s" + i % 14)
                        .by(ROBOT)
                        .from(INSIDE)
                        .at(START.plusSeconds(30L * i))
                        .build());
            }
            harness.play(day).end();
            assertThat(harness.received("kubernetes-audit-histories")).isLessThanOrEqualTo(28);
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    void keepsIdentitiesAndAddressesApart() {
        List<SecurityEvent> events = reads(START, 2, by -> by);
        events.add(read("last").by("bob").at(START.plusSeconds(60)).build());
        events.add(read("last").from(ELSEWHERE).at(START.plusSeconds(61)).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void oneSecretAgainAndAgainCountsOnce() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(read("same").at(START.plusSeconds(i)).build());
        }
        assertThat(alerts(events)).isZero();
    }

    @Test
    void listingAndWatchingANamespaceIsOneMore() {
        List<SecurityEvent> events = reads(START, 1, by -> by);
        AuditEvents list = event().doing("list", "secrets", "web", null).at(START.plusSeconds(20));
        events.add(list.build());
        events.add(list.doing("watch", "secrets", "web", null)
                .at(START.plusSeconds(40))
                .build());
        assertThat(alerts(events)).as("list and watch read alike").isZero();
        events.add(list.doing("list", "secrets", "db", null)
                .at(START.plusSeconds(60))
                .build());
        assertThat(alerts(events)).isEqualTo(1);
    }

    @Test
    void helmsReleasesAreQuiet() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            events.add(read("sh.helm.release.v1.web.v" + i)
                    .at(START.plusSeconds(i))
                    .build());
        }
        assertThat(alerts(events)).isZero();
    }

    @Test
    void onlyReadsThatHappenedCount() {
        assertThat(alerts(by -> by.denied())).isZero();
        assertThat(alerts(by -> by.ended(Outcome.ERROR, 404))).isZero();
        assertThat(alerts(reads(
                        START,
                        3,
                        by -> by.doing("update", "secrets", "web", by.build().name()))))
                .isZero();
        assertThat(alerts(reads(
                        START,
                        3,
                        by -> by.doing("get", "configmaps", "web", by.build().name()))))
                .isZero();
    }

    @Test
    void nodesAndTheControlPlaneReadWhereTheyBelong() {
        for (String platform : List.of("system:node:n1", "system:kube-controller-manager")) {
            assertThat(alerts(by -> by.by(platform).from(INSIDE))).as(platform).isZero();
            assertThat(alerts(by -> by.by(platform).from(ELSEWHERE)))
                    .as(platform + " outside")
                    .isEqualTo(1);
            assertThat(alerts(by -> by.by(platform).from(INSIDE).impersonatedBy("mallory")))
                    .as(platform + " impersonated")
                    .isEqualTo(1);
        }
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        try (DetectionHarness lower = DetectionHarness.of(detection());
                DetectionHarness higher = DetectionHarness.of(detection())) {
            lower.play(reads(START, 1, by -> by)).restart(Map.of(MIN, "2"));
            lower.play(List.of(read("last").at(START.plusSeconds(30)).build())).end();
            assertThat(lower.alerts()).hasSize(1);
            higher.play(reads(START, 2, by -> by)).restart(Map.of(MIN, "4"));
            higher.play(List.of(read("last").at(START.plusSeconds(30)).build())).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                flood.add(read("s" + i).at(START.plusMillis(i * 10L)).build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.stateEntries()).isLessThan(1_100);
            assertThat(harness.received("secret-sweep-alerts")).isLessThanOrEqualTo(6);
            assertThat(harness.alerts()).hasSize(1);
        }
    }
}
