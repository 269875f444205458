package io.tocsin.detections.defenseevasion;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditIdReusedTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final String MIN = "detections.audit-id-reused.min-requests";
    private static final String UUID = "7a1d0000-0000-4000-8000-000000000001";

    @Override
    public Detection<?> detection() {
        return new AuditIdReused();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                request("always", "a").in(cluster).at(start).build(),
                request("always", "b").in(cluster).at(start.plusSeconds(30)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-requests", List.of("1", "0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents request(@Nullable String id, String pod) {
        return event().auditId(id).doing("get", "pods", "web", pod).at(START);
    }

    private int alerts(AuditEvents... requests) {
        return alerts(WINDOW.dividedBy(2), requests);
    }

    private int alerts(Duration apart, AuditEvents... requests) {
        List<SecurityEvent> events = new ArrayList<>();
        for (AuditEvents request : requests) {
            events.add(request.at(START.plus(apart.multipliedBy(events.size()))).build());
        }
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(events).end();
            return harness.alerts().size();
        }
    }

    @Test
    void tellsTheIdAndWhoUsesIt() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(attack(START, "c1")).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.message())
                        .isEqualTo("2 different requests carry the audit id always (threshold 2), the last one get pods"
                                + " web/b by alice from 203.0.113.7");
                assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
                assertThat(alert.evidence()).hasSize(2);
            });
        }
    }

    @Test
    void anotherUserOrUriIsAnotherRequest() {
        assertThat(alerts(request("x", "a"), request("x", "a").by("bob"))).isEqualTo(1);
        assertThat(alerts(request("x", "a"), request("x", "a").uri("/pods/web/a?watch=true")))
                .isEqualTo(1);
        assertThat(alerts(request("x", "a"), request("x", "a").impersonatedBy("root")))
                .isEqualTo(1);
        assertThat(alerts(request("x", "a"), request("x", "b").denied().from(ELSEWHERE)))
                .isEqualTo(1);
    }

    @Test
    void theSameRequestInOtherStagesAndOtherWordsIsOne() {
        assertThat(alerts(
                        request("x", "a").uri("/u"),
                        request("x", "a").uri("/u").ended(Outcome.UNKNOWN, 0),
                        request("x", "a").uri("/u").doing("post", null, null, null)))
                .isZero();
    }

    @Test
    void idsThatTheApiServerMakesAreNotFollowed() {
        assertThat(alerts(request(UUID, "a"), request(UUID, "b"))).isZero();
        assertThat(alerts(request(UUID.toUpperCase(Locale.ROOT), "a"), request(UUID.toUpperCase(Locale.ROOT), "b")))
                .isZero();
        for (String chosen : List.of(
                UUID + "0",
                UUID.substring(1),
                UUID.replace('-', '0'),
                UUID.replace('7', 'g'),
                "7a1d00000-000-4000-8000-000000000001",
                // A digit, but none of these.
                UUID.replace('7', '\u0667'))) {
            assertThat(alerts(request(chosen, "a"), request(chosen, "b")))
                    .as(chosen)
                    .isEqualTo(1);
        }
        assertThat(alerts(request("", "a"), request("", "b"))).isZero();
    }

    @Test
    void keepsIdsApart() {
        assertThat(alerts(request("x", "a"), request("y", "b"))).isZero();
    }

    @Test
    void measuresTheWindowExclusively() {
        assertThat(alerts(WINDOW.minusMillis(1), request("x", "a"), request("x", "b")))
                .isEqualTo(1);
        assertThat(alerts(WINDOW, request("x", "a"), request("x", "b"))).isZero();
    }

    @Test
    void otherLogsHaveOtherIds() {
        assertThat(alerts(
                        request("x", "a").having(builder -> builder.source = Source.CLOUDTRAIL),
                        request("x", "b").having(builder -> builder.source = Source.CLOUDTRAIL)))
                .isZero();
    }

    @Test
    void oneClientWithOneIdAfterTheOtherIsOneStory() {
        assertThat(alerts(
                        Duration.ofMinutes(1),
                        request("x", "a"),
                        request("x", "b"),
                        request("y", "a"),
                        request("y", "b")))
                .isEqualTo(1);
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        List<SecurityEvent> attack = attack(START, "c1");
        try (DetectionHarness higher = DetectionHarness.of(detection())) {
            higher.play(attack.subList(0, 1)).restart(Map.of(MIN, "3"));
            higher.play(attack.subList(1, 2)).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                flood.add(request("x", "p" + i).at(START.plusMillis(i * 10L)).build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.stateEntries()).isLessThan(1_100);
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void usualTrafficCostsNothing() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> traffic = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String id = "7a1d0000-0000-4000-8000-%012d".formatted(i);
                traffic.add(request(id, "p" + i).at(START.plusSeconds(i)).build());
            }
            harness.play(traffic);
            assertThat(harness.received("kubernetes-audit-correlator")).isZero();
        }
    }
}
