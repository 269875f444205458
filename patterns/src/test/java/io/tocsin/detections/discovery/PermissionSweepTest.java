package io.tocsin.detections.discovery;

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

class PermissionSweepTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final List<String> KINDS =
            List.of("pods", "services", "configmaps", "secrets", "nodes", "events", "jobs", "roles");
    private static final String MIN = "detections.permission-sweep.min-kinds";

    @Override
    public Detection<?> detection() {
        return new PermissionSweep();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return story(start, 3, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-kinds", List.of("0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents review() {
        return event().doing("create", "selfsubjectrulesreviews", null, null)
                .group("authorization.k8s.io")
                .ended(Outcome.SUCCESS, 201);
    }

    private static AuditEvents list(String kind) {
        return event().doing("list", kind, "web", null);
    }

    private static List<SecurityEvent> story(Instant start, int kinds, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        events.add(by.apply(review()).at(start).build());
        for (int i = 0; i < kinds; i++) {
            events.add(by.apply(list(KINDS.get(i)))
                    .at(start.plusSeconds(3 + 4L * i))
                    .build());
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
        return alerts(story(START, 3, by));
    }

    private int alertsOfLists(UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        events.add(review().at(START).build());
        for (int i = 0; i < 3; i++) {
            events.add(by.apply(list(KINDS.get(i))).at(START.plusSeconds(3 + i)).build());
        }
        return alerts(events);
    }

    @Test
    void tellsWhoAndHowMany() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(story(START, 3, by -> by)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.message())
                        .isEqualTo("alice asked what it may do and then listed 3 kinds of resources from 203.0.113.7"
                                + " (threshold 3), the last one list configmaps web/*");
                assertThat(alert.evidence())
                        .extracting("stage")
                        .containsExactly("self-review", "kinds-listed", "kinds-listed", "kinds-listed");
            });
        }
    }

    @Test
    void measuresTheWindowFromTheReviewExclusively() {
        List<SecurityEvent> events = story(START, 2, by -> by);
        List<SecurityEvent> inside = new ArrayList<>(events);
        inside.add(list("jobs").at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = new ArrayList<>(events);
        outside.add(list("jobs").at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void listingBeforeTheReviewIsNoPartOfIt() {
        List<SecurityEvent> after = story(START, 3, by -> by);
        after.remove(0);
        after.add(review().at(START.plusSeconds(30)).build());
        assertThat(alerts(after)).isZero();
        List<SecurityEvent> amid = story(START, 3, by -> by);
        amid.remove(0);
        amid.add(1, review().at(START.plusSeconds(5)).build());
        assertThat(alerts(amid)).isZero();
        amid.add(list("jobs").at(START.plusSeconds(20)).build());
        assertThat(alerts(amid)).isEqualTo(1);
    }

    @Test
    void aLaterReviewDoesNotHideTheFirst() {
        List<SecurityEvent> events = story(START, 3, by -> by);
        events.add(3, review().at(START.plusSeconds(8)).build());
        assertThat(alerts(events)).isEqualTo(1);
    }

    @Test
    void keepsIdentitiesApart() {
        List<SecurityEvent> events = story(START, 3, by -> by);
        events.set(0, review().by("bob").at(START).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void oneKindInManyNamespacesCountsOnce() {
        List<SecurityEvent> events = new ArrayList<>(List.of(review().at(START).build()));
        for (int i = 0; i < 20; i++) {
            events.add(event().doing("list", "pods", "ns" + i, null)
                    .at(START.plusSeconds(1 + i))
                    .build());
        }
        assertThat(alerts(events)).isZero();
    }

    @Test
    void kindsOfDifferentGroupsAreDifferent() {
        List<SecurityEvent> events = new ArrayList<>(List.of(review().at(START).build()));
        for (String group : List.of("metrics.k8s.io", "example.com", "other.com")) {
            events.add(list("pods")
                    .group(group)
                    .at(START.plusSeconds(events.size()))
                    .build());
        }
        assertThat(alerts(events)).isEqualTo(1);
    }

    @Test
    void bothSelfReviewsOpenAndNoOtherRequest() {
        List<SecurityEvent> events = story(START, 3, by -> by);
        events.set(
                0,
                review().doing("create", "selfsubjectaccessreviews", null, null)
                        .at(START)
                        .build());
        assertThat(alerts(events)).isEqualTo(1);
        events.set(
                0,
                review().doing("create", "subjectaccessreviews", null, null)
                        .at(START)
                        .build());
        assertThat(alerts(events)).isZero();
        events.set(0, review().denied().at(START).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void onlyListsThatHappenedCount() {
        assertThat(alertsOfLists(by -> by.denied())).isZero();
        assertThat(alertsOfLists(by -> by.doing("get", by.build().resource(), "web", "a")))
                .isZero();
    }

    @Test
    void aWatchReadsAlikeUnlessItGoesOnFromAVersion() {
        for (String query : List.of("", "&resourceVersion=", "&resourceVersion=0", "&resourceVersion=0&x=1")) {
            assertThat(alertsOfLists(by -> watch(by, query))).as(query).isEqualTo(1);
        }
        assertThat(alertsOfLists(by -> watch(by, "&resourceVersion=7&sendInitialEvents=true")))
                .isEqualTo(1);
        assertThat(alertsOfLists(by -> watch(by, "&resourceVersion=7"))).isZero();
        assertThat(alertsOfLists(by -> watch(by, "&resourceVersion=07&a"))).isZero();
    }

    private static AuditEvents watch(AuditEvents list, String query) {
        String kind = list.build().resource();
        return list.doing("watch", kind, "web", null).uri("/api/v1/" + kind + "?watch=1" + query);
    }

    @Test
    void thePlatformIsQuietWhereItBelongs() {
        for (String platform : List.of("system:node:n1", "system:kube-controller-manager")) {
            assertThat(alerts(by -> by.by(platform).from(INSIDE))).as(platform).isZero();
            assertThat(alerts(by -> by.by(platform).from(ELSEWHERE)))
                    .as(platform)
                    .isEqualTo(1);
        }
        assertThat(alerts(by -> by.by("system:serviceaccount:ci:robot").from(INSIDE)))
                .isEqualTo(1);
    }

    @Test
    void aDashboardIsKnownAfterItsFirstDay() {
        for (int kinds : new int[] {5, 6}) {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                one.play(story(START.minus(Duration.ofDays(1)), 5, by -> by));
                assertThat(one.play(story(START, kinds, by -> by)).end().alerts())
                        .hasSize(kinds - 4);
            }
        }
    }

    @Test
    void ofServiceAccountsInsideOnlyKindsNewToThemCount() {
        UnaryOperator<AuditEvents> robot =
                by -> by.by("system:serviceaccount:ci:robot").from(INSIDE);
        List<SecurityEvent> usual = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            usual.add(robot.apply(list(KINDS.get(i % 3)))
                    .at(START.minusSeconds(6_000 - 60L * i))
                    .build());
        }
        Map<String, UnaryOperator<AuditEvents>> now = Map.of(
                "the same", robot,
                "the same from outside", by -> robot.apply(by).from(ELSEWHERE),
                "somebody else", by -> robot.apply(by).by("system:serviceaccount:ci:other"));
        now.forEach((what, story) -> {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                one.play(usual);
                assertThat(one.received("kubernetes-audit-correlator")).isLessThanOrEqualTo(3);
                one.play(story(START, 3, story)).end();
                assertThat(one.alerts()).as(what).hasSize(what.equals("the same") ? 0 : 1);
            }
        });
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        try (DetectionHarness lower = DetectionHarness.of(detection());
                DetectionHarness higher = DetectionHarness.of(detection())) {
            lower.play(story(START, 1, by -> by)).restart(Map.of(MIN, "2"));
            lower.play(List.of(list("jobs").at(START.plusSeconds(30)).build())).end();
            assertThat(lower.alerts()).hasSize(1);
            higher.play(story(START, 2, by -> by)).restart(Map.of(MIN, "4"));
            higher.play(List.of(list("jobs").at(START.plusSeconds(30)).build())).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFloodOfReviewsAndLists() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 4_000; i++) {
                flood.add(review().at(START.plusMillis(i * 10L)).build());
                flood.add(list("kind" + i % 1_000)
                        .at(START.plusMillis(i * 10L + 5))
                        .build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.received("permission-sweep-cep-v1")).isLessThanOrEqualTo(66);
            assertThat(harness.stateEntries()).isLessThan(2_200);
            assertThat(harness.alerts()).hasSize(1);
        }
    }
}
