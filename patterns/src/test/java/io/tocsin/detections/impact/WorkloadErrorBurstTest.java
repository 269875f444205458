package io.tocsin.detections.impact;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkloadErrorBurstTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final String MIN = "detections.workload-error-burst.min-errors";
    private static final String POD = "web/checkout-7d9f8b6c5d-x2x4z";

    @Override
    public Detection<?> detection() {
        return new WorkloadErrorBurst();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return errors(start, 50, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        List<String> numbers = List.of("0", "-5", "many");
        return Map.of(
                "min-errors",
                numbers,
                "min-failures",
                numbers,
                "baseline-factor",
                numbers,
                "window",
                List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents of(AuditEvents event, @Nullable String pod, @Nullable String workload) {
        return event.having(builder -> builder.place = new Place(null, null, pod, null, null, null, null, workload));
    }

    private static AuditEvents error() {
        return of(event().log(Source.CONTAINER_LOG).from(null), POD, null).having(builder -> builder.level = "error");
    }

    private static List<SecurityEvent> errors(Instant start, int many, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(by.apply(error()).at(start.plusMillis(1_300L * i)).build());
        }
        return events;
    }

    private static AuditEvents failure(String reason, int count) {
        return of(event().log(Source.KUBERNETES_EVENT).from(null), POD, null)
                .doing(null, "pods", "web", "checkout")
                .because(reason)
                .having(builder -> {
                    builder.level = "warning";
                    builder.count = count;
                    builder.recordId = reason + builder.place.pod();
                });
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    private int alerts(UnaryOperator<AuditEvents> by) {
        return alerts(errors(START, 50, by));
    }

    @Test
    void tellsTheWorkloadAndHowMany() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(errors(START, 50, by -> by)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo(
                            "Workload web/checkout wrote 50 lines of level error or worse within 5M (threshold 50, and"
                                    + " 5 times what is usual for it)"));
        }
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = errors(START, 49, by -> by);
        inside.add(error().at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = errors(START, 49, by -> by);
        outside.add(error().at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void countsAWorkloadOverItsPodsAndKeepsWorkloadsApart() {
        List<SecurityEvent> events = errors(START, 49, by -> by);
        events.add(of(error(), "web/cart-7d9f8b6c5d-x2x4z", null)
                .at(START.plusSeconds(80))
                .build());
        events.add(of(error(), "db/checkout-7d9f8b6c5d-x2x4z", null)
                .at(START.plusSeconds(81))
                .build());
        assertThat(alerts(events)).isZero();
        events.add(of(error(), "web/checkout-7d9f8b6c5d-q8x7z", null)
                .at(START.plusSeconds(82))
                .build());
        assertThat(alerts(events)).isEqualTo(1);
        assertThat(alerts(by -> of(by, null, null))).isZero();
    }

    @Test
    void readsEveryLevelFromErrorUp() {
        for (String level : List.of("error", "critical", "fatal", "alert", "emergency", "panic")) {
            assertThat(alerts(by -> by.having(builder -> builder.level = level)))
                    .as(level)
                    .isEqualTo(1);
        }
        for (String level : List.of("info", "warning", "debug", "notice")) {
            assertThat(alerts(by -> by.having(builder -> builder.level = level)))
                    .as(level)
                    .isZero();
        }
        assertThat(alerts(by -> by.having(builder -> builder.level = null))).isZero();
        assertThat(alerts(by -> by.having(builder -> builder.source = Source.FALCO)))
                .isZero();
    }

    @Test
    void countsFailuresOfContainersAsTheEventsCountThem() {
        assertThat(alerts(List.of(failure("BackOff", 19).at(START).build()))).isZero();
        assertThat(alerts(List.of(failure("BackOff", 20).at(START).build()))).isEqualTo(1);
        List<SecurityEvent> two = List.of(
                failure("OOMKilling", 10).at(START).build(),
                failure("Unhealthy", 10).at(START.plusSeconds(20)).build());
        assertThat(alerts(two)).isEqualTo(1);
        assertThat(alerts(List.of(failure("Scheduled", 100).at(START).build()))).isZero();
    }

    @Test
    void anEventThatGrowsCountsAsMuchAsItSaysLast() {
        List<SecurityEvent> growing = new ArrayList<>();
        for (int i = 1; i <= 19; i++) {
            growing.add(failure("BackOff", i).at(START.plusSeconds(12L * i)).build());
        }
        assertThat(alerts(growing)).isZero();
        growing.add(failure("BackOff", 20).at(START.plusSeconds(240)).build());
        assertThat(alerts(growing)).isEqualTo(1);
    }

    @Test
    void whatAnEventHasCountedForDaysIsNotOfToday() {
        Map<String, String> higher = Map.of("detections.workload-error-burst.min-failures", "26");
        try (DetectionHarness one = DetectionHarness.of(detection(), higher)) {
            one.play(List.of(failure("BackOff", 20_000).at(START).build())).end();
            assertThat(one.alerts()).isEmpty();
        }
    }

    @Test
    void linesAndFailuresAreNotAddedAndOneAlertTellsBoth() {
        List<SecurityEvent> events = errors(START, 49, by -> by);
        events.add(failure("BackOff", 19).at(START.plusSeconds(80)).build());
        assertThat(alerts(events)).isZero();
        List<SecurityEvent> both = errors(START, 60, by -> by);
        both.add(failure("BackOff", 25).at(START.plusSeconds(90)).build());
        assertThat(alerts(both)).isEqualTo(1);
    }

    @Test
    void staysQuietUpToFiveTimesTheUsualOfClosedDays() {
        for (int many : new int[] {60, 61}) {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                for (int day = 5; day >= 1; day--) {
                    one.play(errors(START.minus(Duration.ofDays(day)), 12, by -> by));
                }
                one.play(errors(START, many, by -> of(by, "web/checkout-5b9c84dfdc-zzzzz", null)))
                        .end();
                assertThat(one.alerts()).hasSize(many - 60);
            }
        }
    }

    @Test
    void aRestartMayChangeTheThresholdAndTheFactor() {
        SecurityEvent last = error().at(START.plusSeconds(80)).build();
        try (DetectionHarness lower = DetectionHarness.of(detection());
                DetectionHarness higher = DetectionHarness.of(detection());
                DetectionHarness factor = DetectionHarness.of(detection())) {
            lower.play(errors(START, 4, by -> by)).restart(Map.of(MIN, "5"));
            lower.play(List.of(last)).end();
            assertThat(lower.alerts()).hasSize(1);
            higher.play(errors(START, 49, by -> by)).restart(Map.of(MIN, "51"));
            higher.play(List.of(last)).end();
            assertThat(higher.alerts()).isEmpty();
            factor.play(errors(START.minus(Duration.ofDays(1)), 40, by -> by));
            factor.play(errors(START, 49, by -> by))
                    .restart(Map.of("detections.workload-error-burst.baseline-factor", "1"));
            factor.play(List.of(last)).end();
            assertThat(factor.alerts()).hasSize(1);
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                flood.add(error().at(START.plusMillis(i * 10L)).build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.stateEntries()).isLessThan(1_100);
            assertThat(harness.received("workload-error-burst-alerts")).isLessThanOrEqualTo(6);
            assertThat(harness.alerts()).hasSize(1);
        }
    }
}
