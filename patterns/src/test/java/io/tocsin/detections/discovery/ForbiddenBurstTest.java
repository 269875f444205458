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
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForbiddenBurstTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(30);

    private final DetectionHarness harness = DetectionHarness.of(new ForbiddenBurst());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new ForbiddenBurst();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return burst(start, 10, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-forbidden", List.of("0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents refused(String name) {
        return event().doing("get", "secrets", "web", name).denied();
    }

    private static List<SecurityEvent> burst(Instant start, int refusals, UnaryOperator<AuditEvents> by) {
        return mixed(start, refusals, (event, i) -> by.apply(event));
    }

    private static List<SecurityEvent> mixed(
            Instant start, int refusals, BiFunction<AuditEvents, Integer, AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < refusals; i++) {
            events.add(by.apply(refused("s" + i), i)
                    .at(start.plusMillis(2_300L * i))
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
        return alerts(burst(START, 10, by));
    }

    @Test
    void tellsWhoHowManyAndTheLast() {
        harness.play(burst(START, 10, by -> by)).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .contains("10 different requests", "(threshold 10)", "203.0.113.7", "alice", "get secrets web/s9");
            assertThat(alert.evidence()).hasSize(10);
            assertThat(alert.stories()).isNotEmpty();
        });
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = burst(START, 9, by -> by);
        inside.add(refused("last").at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = burst(START, 9, by -> by);
        outside.add(refused("last").at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void manyAddressesDoNotHideAnIdentity() {
        assertThat(alerts(mixed(START, 10, (event, i) -> event.from("198.51.100." + i))))
                .isEqualTo(1);
    }

    @Test
    void manyBehindAListedImpersonatorAreNotOneAddress() {
        List<SecurityEvent> many =
                mixed(START, 10, (event, i) -> event.by("user" + i).impersonatedBy("rancher"));
        List<SecurityEvent> one = burst(START.plus(WINDOW), 10, by -> by.impersonatedBy("rancher"));
        harness.restart(Map.of("identities.impersonators", "rancher from 203.0.113.0/24"));
        harness.play(many);
        assertThat(harness.alerts()).isEmpty();
        assertThat(harness.play(one).end().alerts()).as("one of them").hasSize(1);
    }

    @Test
    void tellsWhatIsUsualWhereItIsKnown() {
        harness.play(burst(START, 12, by -> by))
                .play(burst(START.plus(Duration.ofDays(1)), 20, by -> by))
                .end();
        assertThat(harness.alerts())
                .extracting(alert -> alert.facts().get("usual"))
                .containsExactly("no closed day yet", "12");
        assertThat(harness.alerts().get(0).facts())
                .containsEntry("needed", "10")
                .containsEntry("counted", "10")
                .containsEntry("window", "PT30M")
                .containsEntry("taken", "PT20.7S");
        assertThat(harness.alerts().get(0).falsePositives()).isNotEmpty();
    }

    @Test
    void manyIdentitiesDoNotHideAnAddress() {
        List<SecurityEvent> events = mixed(START, 10, (event, i) -> event.by("user" + i));
        harness.play(events).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                .contains("Whoever calls from 203.0.113.7", "user9 and perhaps others"));
    }

    @Test
    void keepsIdentitiesAtTheirOwnAddressesApart() {
        assertThat(alerts(mixed(
                        START,
                        18,
                        (event, i) -> i % 2 == 0 ? event : event.by("bob").from(ELSEWHERE))))
                .isZero();
    }

    @Test
    void twoBurstsOfDifferentIdentitiesAndAddressesAreTwoAlerts() {
        List<SecurityEvent> events = mixed(
                START, 40, (event, i) -> i % 2 == 0 ? event : event.by("bob").from(ELSEWHERE));
        assertThat(alerts(events)).isEqualTo(2);
    }

    @Test
    void oneRequestRefusedAgainAndAgainCountsOnce() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(refused("same").at(START.plusSeconds(i)).build());
        }
        assertThat(alerts(events)).isZero();
    }

    @Test
    void onlyRefusalsByTheAuthorizerCount() {
        assertThat(alerts(by -> by.ended(Outcome.ADMISSION_DENIED, 403))).isZero();
        assertThat(alerts(by -> by.ended(Outcome.ERROR, 404))).isZero();
        assertThat(alerts(by -> by.ended(Outcome.UNAUTHENTICATED, 401))).isZero();
        assertThat(alerts(by -> by.ended(Outcome.SUCCESS, 200))).isZero();
    }

    @Test
    void thePlatformIsRefusedFromInsideAndFromAnUnknownAddress() {
        for (String platform : List.of("system:node:n1", "system:kube-scheduler")) {
            assertThat(alerts(by -> by.by(platform).from(INSIDE))).as(platform).isZero();
            assertThat(alerts(by -> by.by(platform).from(null))).as(platform).isZero();
            assertThat(alerts(by -> by.by(platform).from(ELSEWHERE)))
                    .as(platform)
                    .isEqualTo(1);
            assertThat(alerts(by -> by.by(platform).from(INSIDE).impersonatedBy("mallory")))
                    .as(platform)
                    .isEqualTo(1);
        }
        assertThat(alerts(by -> by.by("system:serviceaccount:ci:robot").from(INSIDE)))
                .isEqualTo(1);
    }

    @Test
    void scannersWithoutCredentialsAreQuietOutsideResources() {
        assertThat(alerts(mixed(START, 10, (event, i) -> event.by("system:anonymous")
                        .doing("get", null, null, null)
                        .uri("/scan" + i))))
                .isZero();
    }

    @Test
    void anonymousRefusalsOnResourcesCountByAddressOnly() {
        assertThat(alerts(by -> by.by("system:anonymous").from(ELSEWHERE))).isEqualTo(1);
        assertThat(alerts(by -> by.by("system:anonymous").from(INSIDE))).isEqualTo(1);
        assertThat(alerts(mixed(
                        START, 10, (event, i) -> event.by("system:anonymous").from("198.51.100." + i))))
                .isZero();
    }

    @Test
    void refusalsOfPathsCountForWhoeverHasAName() {
        List<SecurityEvent> events = mixed(
                START, 10, (event, i) -> event.doing("get", null, null, null).uri("/scan" + i + "?a=" + i));
        assertThat(alerts(events)).isEqualTo(1);
        assertThat(alerts(mixed(START, 10, (event, i) -> event.doing("get", null, null, null)
                        .uri("/scan?a=" + i))))
                .as("the query does not make another request")
                .isZero();
    }

    @Test
    void countsAnIdentityWithoutAddress() {
        assertThat(alerts(by -> by.from(null))).isEqualTo(1);
    }

    @Test
    void staysQuietUpToTheUsualOfClosedDaysAndFiresAbove() {
        for (int refusals : new int[] {15, 16}) {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                for (int day = 5; day >= 1; day--) {
                    one.play(burst(START.minus(Duration.ofDays(day)), 15, by -> by));
                }
                int before = one.alerts().size();
                one.play(burst(START, refusals, by -> by)).end();
                assertThat(one.alerts()).hasSize(refusals == 15 ? before : before + 1);
            }
        }
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        harness.play(burst(START, 4, by -> by)).restart(Map.of("detections.forbidden-burst.min-forbidden", "5"));
        harness.play(List.of(refused("fifth").at(START.plusSeconds(30)).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness higher = DetectionHarness.of(detection())) {
            higher.play(burst(START, 9, by -> by)).restart(Map.of("detections.forbidden-burst.min-forbidden", "11"));
            higher.play(List.of(refused("tenth").at(START.plusSeconds(30)).build()))
                    .end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(refused("s" + i).at(START.plusMillis(i * 10L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
        assertThat(harness.stateEntries()).isLessThan(2_200);
        assertThat(harness.received("forbidden-burst-alerts"))
                .as("one a slot and counting")
                .isLessThanOrEqualTo(12);
        assertThat(harness.alerts()).hasSize(1);
    }
}
