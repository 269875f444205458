package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.detections.credentialaccess.ForbiddenThenSuccess;
import io.tocsin.detections.discovery.ForbiddenBurst;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tens of thousands of signals of one entity within one slot: what waits is bounded, and the story is found all the same. */
class FloodTest {
    private static final int FLOOD = 20_000;

    private static AuditEvents jane(int micros) {
        return AuditEvents.event()
                .by("jane")
                .from("203.0.113.7")
                .at(AuditEvents.T0.plus(Duration.ofDays(2)).plusNanos(micros * 1_000L));
    }

    private static List<SecurityEvent> flood(boolean denied) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
            AuditEvents event = jane(1_000_000 + i * 100).doing("get", "secrets", "web", "s" + i);
            events.add(denied ? event.denied().build() : event.build());
        }
        return events;
    }

    private static List<String> uids(DetectionHarness harness) {
        return harness.alerts().stream().map(Alert::uid).sorted().toList();
    }

    @Test
    void aFloodOfRefusalsIsOneAlertInWhateverOrderItComes() throws Exception {
        List<SecurityEvent> events = flood(true);
        List<String> first = null;
        for (int order = 0; order < 3; order++) {
            try (DetectionHarness harness = DetectionHarness.of(new ForbiddenBurst(), Map.of())) {
                harness.send(events);
                assertThat(harness.stateEntries()).as("two rates").isLessThan(2 * 5_000);
                harness.watermark(AuditEvents.T0.plus(Duration.ofDays(3)));
                assertThat(harness.alerts()).hasSize(1);
                first = first == null ? uids(harness) : first;
                assertThat(uids(harness)).isEqualTo(first);
            }
            Collections.shuffle(events, new Random(order));
        }
    }

    @Test
    void aFloodInBetweenHidesNoStory() throws Exception {
        List<SecurityEvent> events = new ArrayList<>();
        // At home first; then refused three times, a flood of refusals, and let in, all within one slot.
        events.add(AuditEvents.event()
                .by("jane")
                .from("198.51.100.1")
                .at(AuditEvents.T0)
                .build());
        for (int i = 0; i < 3; i++) {
            events.add(jane(i).doing("get", "secrets", "web", "t" + i).denied().build());
        }
        events.addAll(flood(true));
        events.add(jane(1_000_000 + FLOOD * 100 + 1)
                .doing("get", "configmaps", "web", "c")
                .build());
        Collections.shuffle(events, new Random(1));
        try (DetectionHarness harness = DetectionHarness.of(new ForbiddenThenSuccess(), Map.of())) {
            harness.send(events).watermark(AuditEvents.T0.plus(Duration.ofDays(3)));
            assertThat(harness.alerts()).hasSize(1);
        }
    }
}
