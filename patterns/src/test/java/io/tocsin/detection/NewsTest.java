package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.detections.baseline.NewAddress;
import io.tocsin.detections.baseline.NewNamespace;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is remembered of an identity is bounded: whoever fills it makes more news, never less. */
class NewsTest {
    private static final FirstOfDay.Said SAID = new FirstOfDay.Said("rule", "what", "a");
    private static final Map<String, String> SOON = Map.of("detections.new-address.min-history", "1 min");

    private static SecurityEvent from(int address, Duration after) {
        return AuditEvents.event()
                .from("198.%d.%d.%d".formatted(20 + address / 62_500, address / 250 % 250, address % 250))
                .at(after)
                .build();
    }

    @Test
    void aFloodOfNewsIsOneAlertInWhateverOrderItComesAndItsMemoryIsBounded() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            flood.add(from(i, Duration.ofHours(1).plusMillis(i / 10)));
        }
        List<Alert> first = null;
        for (int order = 0; order < 2; order++) {
            try (DetectionHarness harness = DetectionHarness.of(new NewAddress(), SOON)) {
                harness.play(List.of(AuditEvents.event().build()));
                harness.send(flood);
                assertThat(harness.stateEntries()).isLessThan(5_000);
                harness.watermark(AuditEvents.T0.plus(Duration.ofHours(2)));
                assertThat(harness.alerts()).hasSize(1);
                assertThat(harness.alerts().get(0).evidence()).hasSize(5);
                first = first == null ? harness.alerts() : first;
                assertThat(harness.alerts()).isEqualTo(first);
            }
            Collections.shuffle(flood, new Random(order));
        }
    }

    @Test
    void whoFillsTheMemoryMakesWhatIsOldNewAgainAndNothingThatIsNewOld() {
        try (DetectionHarness harness = DetectionHarness.of(new NewAddress(), SOON)) {
            harness.play(List.of(AuditEvents.event().build()));
            for (int i = 0; i < News.VALUES + 10; i++) {
                harness.send(from(i, Duration.ofHours(24).plusSeconds(i)));
                if (i % 500 == 0) {
                    harness.watermark(AuditEvents.T0.plus(Duration.ofHours(24).plusSeconds(i - 60)));
                }
            }
            harness.watermark(AuditEvents.T0.plus(Duration.ofDays(2)));
            assertThat(harness.stateEntriesByUid().get("kubernetes-audit-histories"))
                    .isLessThan(News.VALUES + 10);
            Duration later = Duration.ofDays(5);
            harness.watermark(AuditEvents.T0.plus(later));
            int before = harness.alerts().size();
            harness.send(from(20_000, later))
                    .watermark(AuditEvents.T0.plus(later).plusSeconds(30));
            assertThat(harness.alerts()).as("new").hasSize(before + 1);
            harness.send(AuditEvents.event().at(later.plusDays(4)).build())
                    .watermark(AuditEvents.T0.plus(later).plus(Duration.ofDays(6)));
            assertThat(harness.alerts()).as("forgotten, so new").hasSize(before + 2);
        }
    }

    @Test
    void whatIsKnownToATaskIsTheFirstOfADayWhateverTheOrder() {
        FirstOfDay days = new FirstOfDay(2);
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plusSeconds(60))).isTrue();
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plusSeconds(61))).isFalse();
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plusSeconds(59))).isTrue();
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plusSeconds(60))).isFalse();
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plus(Duration.ofDays(1))))
                .isTrue();
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plusSeconds(60)))
                .as("of a day that is over")
                .isTrue();
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plus(Duration.ofDays(1)).plusSeconds(1)))
                .isFalse();
        for (String other : List.of("b", "c", "d", "e", "f")) {
            assertThat(days.mayBeFirst(new FirstOfDay.Said("rule", "what", other), AuditEvents.T0))
                    .isTrue();
        }
        assertThat(days.mayBeFirst(SAID, AuditEvents.T0.plus(Duration.ofDays(1)).plusSeconds(1)))
                .as("forgotten")
                .isTrue();
    }

    @Test
    void anOwnerHasOneTimerHoweverLongItIsThere() {
        List<Detection<?>> baselines = List.of(new NewAddress(), new NewNamespace());
        try (DetectionHarness harness = DetectionHarness.of(baselines, SOON)) {
            for (int day = 0; day < 60; day++) {
                harness.play(List.of(from(day % 3, Duration.ofDays(day))));
                assertThat(harness.timersByUid().get("kubernetes-audit-histories"))
                        .as("on day %d, with the one of the slot that is not over", day)
                        .isLessThanOrEqualTo(2);
            }
            harness.watermark(AuditEvents.T0.plus(Duration.ofDays(60)));
            assertThat(harness.timersByUid().get("kubernetes-audit-histories")).isEqualTo(1);
            harness.watermark(AuditEvents.T0.plus(Duration.ofDays(200)));
            assertThat(harness.timersByUid().get("kubernetes-audit-histories")).isZero();
            assertThat(harness.stateEntriesByUid().get("kubernetes-audit-histories"))
                    .isZero();
        }
    }

    @Test
    void aShorterRetentionHoldsForWhatWasKnownBefore() {
        Map<String, String> shorter = new HashMap<>(SOON);
        shorter.put("history.retention", "3 d");
        try (DetectionHarness harness = DetectionHarness.of(new NewAddress(), SOON)) {
            harness.play(List.of(from(0, Duration.ZERO))).restart(shorter);
            harness.play(List.of(from(0, Duration.ofDays(1))));
            harness.watermark(AuditEvents.T0.plus(Duration.ofDays(8)));
            assertThat(harness.stateEntriesByUid().get("kubernetes-audit-histories"))
                    .isZero();
        }
    }

    @Test
    void detectionsThatShareAnOwnerKnowNothingOfEachOther() {
        SecurityEvent first =
                AuditEvents.event().doing("get", "pods", "web", "a").build();
        SecurityEvent later = AuditEvents.event()
                .doing("get", "pods", "db", "a")
                .at(Duration.ofDays(1))
                .build();
        try (DetectionHarness both = DetectionHarness.of(List.of(new NewAddress(), new NewNamespace()), soonInAll());
                DetectionHarness one = DetectionHarness.of(List.of(new NewNamespace()), soonInAll())) {
            List<SecurityEvent> events = List.of(first, later);
            assertThat(both.play(events).end().lines())
                    .hasSize(1)
                    .containsExactlyElementsOf(one.play(events).end().lines());
        }
    }

    private static Map<String, String> soonInAll() {
        return Map.of("detections.new-address.min-history", "1 min", "detections.new-namespace.min-history", "1 min");
    }
}
