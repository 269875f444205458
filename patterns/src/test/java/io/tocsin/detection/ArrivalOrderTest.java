package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random traffic of a few identities: however it arrives, the alerts are those of its own order. */
class ArrivalOrderTest {
    private static final Duration DISORDER = Duration.ofSeconds(60);
    private static final int EVENTS = MixedTraffic.EVENTS;
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("detections.delete-burst.min-weight", "4"),
            Map.entry("detections.denied-then-granted.min-denied", "2"),
            Map.entry("detections.forbidden-burst.min-forbidden", "8"),
            Map.entry("detections.flow-denied-scan.min-destinations", "2"),
            Map.entry("detections.permission-sweep.window", "10 min"),
            Map.entry("detections.ssh-brute-force.min-failures", "3"),
            Map.entry("detections.unauthenticated-burst.min-requests", "2"),
            Map.entry("detections.web-scan.min-errors", "2"),
            Map.entry("detections.workload-error-burst.min-errors", "4"),
            Map.entry("detections.hijack-to-quota.min-workloads", "2"),
            Map.entry("detections.hijack-to-quota.pending-for", "30 s"),
            Map.entry("detections.new-address.min-history", "1 min"),
            Map.entry("detections.new-client.min-history", "1 min"),
            Map.entry("detections.new-action.min-history", "1 min"),
            Map.entry("detections.new-arn.min-history", "1 min"),
            Map.entry("detections.new-namespace.min-history", "1 min"),
            Map.entry("detections.first-exec.min-history", "1 min"),
            Map.entry("detections.node-login-to-kubelet.min-failures", "2"),
            Map.entry("detections.recon-to-harvest.min-kinds", "2"),
            Map.entry("detections.recon-to-harvest.min-secrets", "2"));
    /** What takes days, or records that are no events, to be raised. */
    private static final Set<String> NEEDS_DAYS =
            Set.of("audit-gap", "blind", "volume-drop", "built-in-admin-new-address");

    private static List<Detection<?>> all() {
        return DetectionCatalog.load().all();
    }

    private static List<String> inOrder(List<SecurityEvent> events) {
        try (DetectionHarness harness = DetectionHarness.of(all(), PARAMETERS)) {
            return harness.play(events).end().lines();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void delaysDuplicatesAndParallelTasksDoNotShow(long seed) {
        Random random = new Random(seed);
        List<SecurityEvent> events = MixedTraffic.of(random);
        List<String> expected = inOrder(events);
        assertThat(expected).as("traffic that raises nothing proves nothing").hasSizeGreaterThan(5);
        List<SecurityEvent> delivered = new ArrayList<>(events);
        for (int i = 0; i < EVENTS / 3; i++) {
            delivered.add(events.get(random.nextInt(EVENTS)));
        }
        for (int tasks = 1; tasks <= 3; tasks++) {
            try (DetectionHarness harness = DetectionHarness.of(all(), tasks, PARAMETERS)) {
                harness.playDisordered(delivered, random, DISORDER).end();
                assertThat(harness.lines()).as("%s tasks", tasks).containsExactlyElementsOf(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void whereTheJobRestartsDoesNotShow(long seed) {
        Random random = new Random(seed);
        List<SecurityEvent> events = MixedTraffic.of(random);
        try (DetectionHarness harness = DetectionHarness.of(all(), PARAMETERS)) {
            int from = 0;
            while (from < EVENTS) {
                int to = Math.min(EVENTS, from + 1 + random.nextInt(120));
                harness.play(events.subList(from, to)).restart(PARAMETERS);
                from = to;
            }
            assertThat(harness.end().lines()).containsExactlyElementsOf(inOrder(events));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void watermarksThatAReplaySpacesDoNotShow(long seed) {
        Random random = new Random(seed);
        List<SecurityEvent> events = MixedTraffic.of(random);
        try (DetectionHarness harness =
                DetectionHarness.of(all(), 2, PARAMETERS).atOnce()) {
            assertThat(harness.playDisordered(events, random, DISORDER).end().lines())
                    .containsExactlyElementsOf(inOrder(events));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void oneBigJumpOfTheWatermarkDoesNotShow(long seed) {
        List<SecurityEvent> events = MixedTraffic.of(new Random(seed));
        List<SecurityEvent> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(seed));
        try (DetectionHarness harness = DetectionHarness.of(all(), PARAMETERS)) {
            assertThat(harness.send(shuffled).end().lines()).containsExactlyElementsOf(inOrder(events));
        }
    }

    @Test
    void everyDetectionIsRaisedBySomeOfTheTraffic() {
        TreeSet<String> raised = new TreeSet<>();
        for (long seed = 1; seed <= 10; seed++) {
            try (DetectionHarness harness = DetectionHarness.of(all(), PARAMETERS)) {
                harness.play(MixedTraffic.of(new Random(seed))).end();
                harness.alerts().forEach(alert -> raised.add(alert.detection()));
            }
        }
        // Rules keep no state; their own test files raise each of them.
        assertThat(raised)
                .containsAll(all().stream()
                        .filter(one -> !(one instanceof RuleDetection))
                        .map(one -> one.info().id())
                        .filter(id -> !NEEDS_DAYS.contains(id))
                        .toList());
    }

    @Test
    void trafficIsInItsOwnOrder() {
        assertThat(MixedTraffic.of(new Random(1))).isSortedAccordingTo(Comparator.comparing(SecurityEvent::time));
    }

    @Test
    void ofRepeatsInOneSlotTheEarliestCountsWhicheverTaskIsFaster() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            AuditEvents refused = AuditEvents.event().doing("get", "secrets", "web", "s" + i / 2);
            events.add(refused.denied().at(AuditEvents.T0.plusMillis(i)).build());
        }
        try (DetectionHarness evenFirst = DetectionHarness.of(all(), 2, PARAMETERS);
                DetectionHarness oddFirst = DetectionHarness.of(all(), 2, PARAMETERS)) {
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < events.size(); i += 2) {
                    evenFirst.sendTo(half, events.get(i + half));
                    oddFirst.sendTo(half, events.get(i + 1 - half));
                }
            }
            assertThat(evenFirst.end().lines()).hasSize(1);
            assertThat(oddFirst.end().lines()).containsExactlyElementsOf(evenFirst.lines());
        }
    }
}
