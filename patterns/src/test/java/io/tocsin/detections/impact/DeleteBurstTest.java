package io.tocsin.detections.impact;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeleteBurstTest implements DetectionContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final DetectionHarness harness = DetectionHarness.of(new DeleteBurst());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new DeleteBurst();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return burst(start, 20, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-weight", List.of("0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents delete(String name) {
        return event().doing("delete", "deployments", "web", name).group("apps");
    }

    /** So many deletions, one every 1.3 seconds. */
    private static List<SecurityEvent> burst(Instant start, int deletions, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < deletions; i++) {
            events.add(
                    by.apply(delete("d" + i)).at(start.plusMillis(1_300L * i)).build());
        }
        return events;
    }

    private boolean fires(List<SecurityEvent> events) {
        return fires(Map.of(), events);
    }

    private boolean fires(Map<String, String> parameters, List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection(), parameters)) {
            one.play(events).end();
            assertThat(one.alerts()).hasSizeLessThan(2);
            return !one.alerts().isEmpty();
        }
    }

    private boolean fires(UnaryOperator<AuditEvents> by) {
        return fires(burst(START, 20, by));
    }

    @Test
    void tellsWhoHowManyAndTheLast() {
        harness.play(burst(START, 20, by -> by)).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "alice deleted many objects in 24 s from 203.0.113.7 (weight 20, threshold 20), the last one"
                                    + " deployments web/d19");
            assertThat(alert.count()).isEqualTo(20);
            assertThat(alert.facts()).containsEntry("counted", "20").containsEntry("needed", "20");
            assertThat(alert.evidence()).as("the first five and the last five").hasSize(10);
        });
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = burst(START, 19, by -> by);
        inside.add(delete("last").at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(fires(inside)).isTrue();
        List<SecurityEvent> outside = burst(START, 19, by -> by);
        outside.add(delete("last").at(START.plus(WINDOW)).build());
        assertThat(fires(outside)).isFalse();
    }

    @Test
    void staysQuietWhenSpreadOverHours() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            events.add(delete("d" + i).at(START.plusSeconds(15L * i)).build());
        }
        assertThat(fires(events)).isTrue();
        events.clear();
        for (int i = 0; i < 60; i++) {
            events.add(delete("d" + i).at(START.plusSeconds(16L * i)).build());
        }
        assertThat(fires(events)).isFalse();
    }

    @Test
    void oneObjectAgainAndAgainCountsOnce() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            events.add(delete("same").at(START.plusSeconds(i)).build());
        }
        assertThat(fires(events)).isFalse();
    }

    @Test
    void keepsIdentitiesApart() {
        List<SecurityEvent> events = burst(START, 19, by -> by);
        events.add(delete("last").by("bob").at(START.plusSeconds(60)).build());
        assertThat(fires(events)).isFalse();
    }

    @Test
    void countsAnIdentityOverItsAddresses() {
        List<SecurityEvent> events = burst(START, 10, by -> by);
        events.addAll(burst(START.plusSeconds(60), 20, by -> by.from(ELSEWHERE)).subList(10, 20));
        assertThat(fires(events)).isTrue();
    }

    @Test
    void onlyDeletionsThatHappenedCount() {
        assertThat(fires(by -> by.denied())).isFalse();
        assertThat(fires(by -> by.ended(Outcome.ERROR, 404))).isFalse();
        assertThat(fires(by -> by.ended(Outcome.ADMISSION_DENIED, 403))).isFalse();
        assertThat(fires(by -> by.dry())).isFalse();
        assertThat(fires(by -> by.sub("status"))).isFalse();
    }

    @Test
    void evictionsAreDeletions() {
        List<SecurityEvent> evictions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            evictions.add(event().doing("create", "pods", "web", "p" + i)
                    .sub("eviction")
                    .ended(Outcome.SUCCESS, 201)
                    .at(START.plusSeconds(i))
                    .build());
        }
        assertThat(fires(evictions)).isTrue();
    }

    @Test
    void evictingAPodAndDeletingItIsOne() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            AuditEvents pod = event().doing("create", "pods", "web", "p" + i);
            events.add(pod.sub("eviction").at(START.plusSeconds(i)).build());
            events.add(pod.doing("delete", "pods", "web", "p" + i)
                    .at(START.plusSeconds(i))
                    .build());
        }
        assertThat(fires(events)).isFalse();
    }

    @Test
    void collectionsWeighTenAndNamespacesTwenty() {
        AuditEvents collection =
                event().doing("deletecollection", "deployments", "web", null).at(START);
        assertThat(fires(List.of(collection.build()))).isFalse();
        AuditEvents another =
                event().doing("deletecollection", "deployments", "db", null).at(START.plusSeconds(9));
        assertThat(fires(List.of(collection.build(), another.build()))).isTrue();
        assertThat(fires(List.of(event().doing("delete", "namespaces", "web", "web")
                        .at(START)
                        .build())))
                .isTrue();
        AuditEvents crd =
                event().doing("delete", "customresourcedefinitions", null, "a").at(START);
        assertThat(fires(List.of(crd.build()))).isTrue();
        assertThat(fires(List.of(crd.doing("deletecollection", "customresourcedefinitions", null, null)
                        .build())))
                .isTrue();
    }

    @Test
    void controllersAndNodesDeleteFromInsideAndFromAnUnknownAddress() {
        for (String platform : List.of(
                "system:serviceaccount:kube-system:generic-garbage-collector",
                "system:serviceaccount:kube-system:namespace-controller",
                "system:kube-controller-manager",
                "system:node:n1")) {
            assertThat(fires(by -> by.by(platform).from(INSIDE))).as(platform).isFalse();
            assertThat(fires(by -> by.by(platform).from("::1"))).as(platform).isFalse();
            assertThat(fires(by -> by.by(platform).from(null))).as(platform).isFalse();
            assertThat(fires(by -> by.by(platform).from(ELSEWHERE)))
                    .as(platform + " outside")
                    .isTrue();
            assertThat(fires(by -> by.by(platform).from(INSIDE).impersonatedBy("mallory")))
                    .as(platform + " impersonated")
                    .isTrue();
        }
        assertThat(fires(by ->
                        by.by("system:serviceaccount:kube-system:my-controller").from(INSIDE)))
                .as("not built in")
                .isTrue();
    }

    @Test
    void serviceAccountsCleanUpTheirOwnNamespaceFromInside() {
        for (String resource : List.of("jobs", "pods", "events")) {
            assertThat(fires(by -> own(by, resource, INSIDE))).as(resource).isFalse();
            assertThat(fires(by -> own(by, resource, null))).as(resource).isFalse();
            assertThat(fires(by -> own(by, resource, ELSEWHERE)))
                    .as(resource + " from outside")
                    .isTrue();
        }
        assertThat(fires(by -> own(by, "deployments", INSIDE))).isTrue();
        assertThat(fires(by -> own(by, "pods", INSIDE).by("system:serviceaccount:cd:robot")))
                .isTrue();
        assertThat(fires(by -> own(by, "pods", INSIDE).impersonatedBy("mallory")))
                .isTrue();
    }

    private static AuditEvents own(AuditEvents deletion, String resource, String address) {
        String name = deletion.build().name();
        return deletion.by(ROBOT).from(address).group(null).doing("delete", resource, "ci", name);
    }

    @Test
    void listedDeployersDeleteFromWhereTheyAreListed() {
        Map<String, String> inside = Map.of("identities.cd", "argo, flux*");
        assertThat(fires(inside, burst(START, 20, by -> by.by("argo").from(INSIDE))))
                .isFalse();
        assertThat(fires(inside, burst(START, 20, by -> by.by("flux-2").from(INSIDE))))
                .isFalse();
        assertThat(fires(inside, burst(START, 20, by -> by.by("argo2").from(INSIDE))))
                .isTrue();
        assertThat(fires(inside, burst(START, 20, by -> by.by("argo").from(OFFICE))))
                .isTrue();
        assertThat(fires(
                        inside,
                        burst(START, 20, by -> by.by("argo").from(INSIDE).impersonatedBy("mallory"))))
                .isTrue();
        assertThat(fires(
                        inside,
                        burst(START, 20, by -> by.by("team").from(INSIDE).impersonatedBy("argo"))))
                .isFalse();
        Map<String, String> office = Map.of("identities.cd", "argo from 203.0.113.0/24 2001:db8::/32");
        assertThat(fires(office, burst(START, 20, by -> by.by("argo").from(OFFICE))))
                .isFalse();
        assertThat(fires(office, burst(START, 20, by -> by.by("argo").from(INSIDE))))
                .isTrue();
    }

    @Test
    void anonymousIsNoSystemUser() {
        Map<String, String> careless = Map.of("identities.cd", "system:*");
        assertThat(fires(careless, burst(START, 20, by -> by.by("system:anonymous")
                        .from(INSIDE))))
                .isTrue();
    }

    /** On each of so many days before the start, a burst of so many deletions. */
    private static List<SecurityEvent> days(int days, int deletions) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int day = days; day >= 1; day--) {
            events.addAll(burst(START.minus(Duration.ofDays(day)), deletions, by -> by));
        }
        return events;
    }

    private long alertsFrom(List<SecurityEvent> past, int deletions) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(past).play(burst(START, deletions, by -> by)).end();
            return one.alerts().stream()
                    .filter(alert -> !alert.time().isBefore(START))
                    .count();
        }
    }

    @Test
    void staysQuietUpToTheUsualOfClosedDaysAndFiresAbove() {
        assertThat(alertsFrom(days(5, 40), 40)).isZero();
        assertThat(alertsFrom(days(5, 40), 41)).isEqualTo(1);
    }

    @Test
    void theThresholdHoldsBelowTheUsualToo() {
        assertThat(alertsFrom(days(5, 3), 19)).isZero();
        assertThat(alertsFrom(days(5, 3), 20)).isEqualTo(1);
    }

    @Test
    void oneExceptionalDayIsNotUsual() {
        List<SecurityEvent> past = new ArrayList<>(burst(START.minus(Duration.ofDays(6)), 200, by -> by));
        past.addAll(days(5, 4));
        assertThat(alertsFrom(past, 20)).isEqualTo(1);
    }

    @Test
    void theUsualSurvivesARestart() {
        harness.play(days(5, 40)).restart();
        int before = harness.alerts().size();
        harness.play(burst(START, 40, by -> by)).end();
        assertThat(harness.alerts()).hasSize(before);
    }

    @Test
    void whatWasUsualIsForgottenAfterFourteenDaysWithoutAnyDeletion() {
        List<SecurityEvent> past = new ArrayList<>();
        for (SecurityEvent event : days(5, 40)) {
            past.add(delete(event.name())
                    .at(event.time().minus(Duration.ofDays(20)))
                    .build());
        }
        assertThat(alertsFrom(past, 20)).isEqualTo(1);
    }

    @Test
    void aRestartMayLowerTheThreshold() {
        harness.play(burst(START, 9, by -> by)).restart(Map.of("detections.delete-burst.min-weight", "10"));
        harness.play(List.of(delete("tenth").at(START.plusSeconds(30)).build())).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.count())
                .isEqualTo(10));
    }

    @Test
    void aRestartMayRaiseTheThreshold() {
        harness.play(burst(START, 19, by -> by)).restart(Map.of("detections.delete-burst.min-weight", "21"));
        harness.play(List.of(delete("last").at(START.plusSeconds(30)).build())).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRestartMayChangeTheWindow() {
        harness.play(burst(START, 19, by -> by)).restart(Map.of("detections.delete-burst.window", "10 s"));
        harness.play(List.of(delete("last").at(START.plusSeconds(30)).build())).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(delete("d" + i).at(START.plusMillis(i * 10L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
        assertThat(harness.stateEntries()).isLessThan(1_100);
        assertThat(harness.received("delete-burst-alerts")).as("one a slot").isLessThanOrEqualTo(6);
        assertThat(harness.alerts()).hasSize(1);
        assertThat(harness.alerts().get(0).evidence()).hasSize(10);
    }
}
