package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.detections.discovery.ForbiddenBurst;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A story is told once when it happens, and once more when it is over, if it went on. */
class SuppressionTest {
    private static final Instant T = AuditEvents.T0;

    private static SecurityEvent anonymous(Duration after) {
        return AuditEvents.event()
                .at(after)
                .by("system:anonymous")
                .from("203.0.113.7")
                .doing("get", "secrets", "web", "s")
                .build();
    }

    private static SecurityEvent refused(int second) {
        return AuditEvents.event()
                .at(Duration.ofSeconds(second))
                .by("jane")
                .from("203.0.113.7")
                .doing("get", "secrets", "web", "s" + second)
                .denied()
                .build();
    }

    @Test
    void whatWentOnIsToldOnceMoreWithItsFinalCount() throws Exception {
        try (DetectionHarness harness = DetectionHarness.of(TestingRules.shipped("anonymous-success"))) {
            for (int hour = 0; hour < 30; hour += 3) {
                harness.send(anonymous(Duration.ofHours(hour)))
                        .watermark(T.plus(Duration.ofHours(hour)).plusSeconds(60));
            }
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.updates()).as("it goes on").isEmpty();

            harness.watermark(T.plus(Duration.ofDays(3)));
            Alert told = harness.alerts().get(0);
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.updates()).hasSize(1);
            Alert update = harness.updates().get(0);
            assertThat(update.uid()).isEqualTo(told.uid());
            assertThat(update.count()).isEqualTo(10);
            assertThat(update.start()).isEqualTo(told.start());
            assertThat(update.time()).isEqualTo(T.plus(Duration.ofHours(27)));
            assertThat(update.evidence()).isEqualTo(told.evidence());
            assertThat(harness.stateEntries()).as("nothing is left").isZero();
        }
    }

    @Test
    void whatHappenedOnceIsToldOnce() throws Exception {
        try (DetectionHarness harness = DetectionHarness.of(TestingRules.shipped("anonymous-success"))) {
            harness.send(anonymous(Duration.ZERO), anonymous(Duration.ZERO)).end();
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.updates()).isEmpty();
        }
    }

    @Test
    void aRateTellsTheMostItCounted() throws Exception {
        try (DetectionHarness harness = DetectionHarness.of(new ForbiddenBurst())) {
            for (int second = 0; second < 200; second += 5) {
                harness.send(refused(second));
            }
            harness.end();
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.updates()).hasSize(1);
            assertThat(harness.updates().get(0).count())
                    .as("it speaks once a slot, at the slot's first refusal")
                    .isEqualTo(39);
        }
    }

    private static SecurityEvent tried(Duration after) {
        return AuditEvents.event()
                .at(after)
                .by("system:anonymous")
                .from("203.0.113.7")
                .doing("get", "secrets", "web", "s")
                .dry()
                .build();
    }

    @Test
    void nothingGraveHidesBehindWhatIsLess() throws Exception {
        try (DetectionHarness harness = DetectionHarness.of(TestingRules.shipped("anonymous-success"))) {
            harness.send(tried(Duration.ZERO), tried(Duration.ofMinutes(1)), anonymous(Duration.ofMinutes(2)))
                    .watermark(T.plus(Duration.ofMinutes(5)));
            assertThat(harness.alerts())
                    .extracting(Alert::severity)
                    .containsExactly(Severity.INFORMATIONAL, Severity.CRITICAL);
            assertThat(harness.updates())
                    .as("what was outdone is over")
                    .singleElement()
                    .satisfies(update -> {
                        assertThat(update.uid())
                                .isEqualTo(harness.alerts().get(0).uid());
                        assertThat(update.count()).isEqualTo(2);
                    });

            harness.send(tried(Duration.ofMinutes(6)), anonymous(Duration.ofMinutes(7)))
                    .end();
            assertThat(harness.alerts()).as("both are repeats").hasSize(2);
            assertThat(harness.updates()).hasSize(2);
            assertThat(harness.updates().get(1).count()).isEqualTo(3);
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void aRestartLosesAndRepeatsNothing() throws Exception {
        try (DetectionHarness harness = DetectionHarness.of(TestingRules.shipped("anonymous-success"))) {
            harness.send(anonymous(Duration.ZERO)).watermark(T.plusSeconds(60)).restart();
            harness.send(anonymous(Duration.ofHours(1)))
                    .watermark(T.plus(Duration.ofHours(2)))
                    .restart(Map.of("detections.anonymous-success.suppress-for", "1 h"))
                    .end();
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.updates()).hasSize(1);
            assertThat(harness.updates().get(0).count()).isEqualTo(2);
        }
    }

    @Test
    void theLinesAreTheSameInWhateverOrderItComes() throws Exception {
        List<SecurityEvent> events = new ArrayList<>();
        for (int minute = 0; minute < 300; minute += 7) {
            events.add(anonymous(Duration.ofMinutes(minute)));
        }
        List<String> lines;
        try (DetectionHarness harness = DetectionHarness.of(TestingRules.shipped("anonymous-success"))) {
            lines = harness.play(events).end().lines();
        }
        assertThat(lines).hasSize(2);
        for (int seed = 0; seed < 5; seed++) {
            try (DetectionHarness harness = DetectionHarness.of(TestingRules.shipped("anonymous-success"))) {
                harness.playDisordered(events, new Random(seed), Duration.ofMinutes(20))
                        .end();
                assertThat(harness.lines()).isEqualTo(lines);
            }
        }
    }
}
