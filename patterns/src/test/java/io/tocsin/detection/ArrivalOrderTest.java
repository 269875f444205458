package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random traffic of a few identities: however it arrives, the alerts are those of its own order. */
class ArrivalOrderTest {
    private static final Duration DISORDER = Duration.ofSeconds(60);
    private static final int EVENTS = 300;
    private static final Map<String, String> PARAMETERS =
            Map.of("detections.delete-burst.min-weight", "6", "detections.forbidden-burst.min-forbidden", "8");
    private static final List<String> PEOPLE = List.of("alice", "bob", "system:serviceaccount:ci:robot");
    private static final List<String> ADDRESSES = List.of("203.0.113.7", "198.51.100.9", "192.0.2.1", "10.0.0.5");
    private static final List<String> ROLES = List.of("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b");

    private static List<Detection<?>> all() {
        return DetectionCatalog.load().all();
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Some hours in bursts: denials, successes, deletions, tokens, roles; sorted by time, all times different. */
    private static List<SecurityEvent> traffic(Random random) {
        TreeSet<Long> times = new TreeSet<>();
        long now = 0;
        while (times.size() < EVENTS) {
            now += random.nextInt(40) == 0 ? random.nextLong(3_000_000) : random.nextLong(6_000);
            times.add(now);
        }
        List<SecurityEvent> events = new ArrayList<>();
        List<String> minted = new ArrayList<>();
        for (long millis : times) {
            Instant time = AuditEvents.T0.plusMillis(millis);
            events.add(one(random, minted)
                    .at(time)
                    .in(random.nextInt(8) == 0 ? "c2" : "c1")
                    .build());
        }
        return events;
    }

    /** A credential id is issued once, and used only afterwards. */
    private static String issue(List<String> minted) {
        minted.add("JTI=" + minted.size());
        return minted.get(minted.size() - 1);
    }

    private static AuditEvents one(Random random, List<String> minted) {
        AuditEvents event = AuditEvents.event().by(any(random, PEOPLE)).from(any(random, ADDRESSES));
        String name = "n" + random.nextInt(30);
        String token = minted.isEmpty() ? "JTI=none" : any(random, minted);
        AuditEvents role = event.by("dev").arn(any(random, ROLES));
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> event.doing("get", "secrets", "web", name).denied();
            case 4, 5 -> event.doing("delete", "deployments", "web", name);
            case 6 ->
                event.doing("create", "serviceaccounts", "ci", "robot")
                        .sub("token")
                        .issuing(issue(minted));
            case 7 ->
                event.by("system:serviceaccount:ci:robot")
                        .from(any(random, ADDRESSES.subList(0, 3)))
                        .credential(token);
            case 8 ->
                role.authenticator()
                        .ended(random.nextInt(3) == 0 ? Outcome.SUCCESS : Outcome.DENIED, 0)
                        .groups("system:masters");
            case 9 ->
                random.nextBoolean()
                        ? event.doing("patch", "configmaps", "kube-system", "aws-auth")
                        : event.doing("patch", "configmaps", "kube-system", "aws-auth")
                                .naming(any(random, ROLES));
            case 10 -> event.by("system:anonymous").doing("get", "pods", "web", name);
            default -> event.doing("list", "secrets", random.nextBoolean() ? null : "web", null);
        };
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
        List<SecurityEvent> events = traffic(random);
        List<String> expected = inOrder(events);
        assertThat(expected).as("traffic that raises nothing proves nothing").hasSizeGreaterThan(5);
        List<SecurityEvent> delivered = new ArrayList<>(events);
        for (int i = 0; i < EVENTS / 3; i++) {
            delivered.add(any(random, events));
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
        List<SecurityEvent> events = traffic(random);
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
    @ValueSource(longs = {21, 22})
    void oneBigJumpOfTheWatermarkDoesNotShow(long seed) {
        List<SecurityEvent> events = traffic(new Random(seed));
        List<SecurityEvent> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(seed));
        try (DetectionHarness harness = DetectionHarness.of(all(), PARAMETERS)) {
            assertThat(harness.send(shuffled).end().lines()).containsExactlyElementsOf(inOrder(events));
        }
    }

    @Test
    void everyDetectionIsRaisedBySomeOfTheTraffic() {
        TreeSet<String> raised = new TreeSet<>();
        for (long seed = 1; seed <= 6; seed++) {
            try (DetectionHarness harness = DetectionHarness.of(all(), PARAMETERS)) {
                harness.play(traffic(new Random(seed))).end();
                harness.alerts().forEach(alert -> raised.add(alert.detection()));
            }
        }
        assertThat(raised)
                .containsExactlyElementsOf(
                        all().stream().map(one -> one.info().id()).toList());
    }

    @Test
    void trafficIsInItsOwnOrder() {
        assertThat(traffic(new Random(1))).isSortedAccordingTo(Comparator.comparing(SecurityEvent::time));
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
