package io.tocsin.detections.absence;

import static io.tocsin.detections.absence.TestingLogs.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Configured;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditGapTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static boolean each(int minute) {
        return minute >= 0;
    }

    private static DetectionHarness harness() {
        return DetectionHarness.of(new AuditGap());
    }

    private static ReceivedRequest received(String cluster, String verb, @Nullable String sub, Instant time) {
        return new ReceivedRequest(time, cluster, cluster, null, verb, sub);
    }

    private static SecurityEvent answered(String cluster, String verb, Instant received, Duration after) {
        return AuditEvents.event()
                .in(cluster)
                .at(received.plus(after))
                .doing(verb, "pods", "web", "p" + received)
                .having(builder -> builder.received = received)
                .build();
    }

    /** Four creates each minute; of those of some minutes one is never answered. */
    private static void run(DetectionHarness harness, int first, int last, IntPredicate whole) {
        for (int minute = first; minute <= last; minute++) {
            harness.watermark(at(minute));
            for (int i = 0; i < 4; i++) {
                Instant time = at(minute).plusMillis(i * 100L);
                harness.receive(List.of(received("c1", "create", null, time)));
                if (i < 3 || whole.test(minute)) {
                    harness.send(answered("c1", "create", time, SECOND));
                }
            }
        }
    }

    @Test
    void firesWhenAWriteHasNoFinalStageAfterThePatienceAndClosesWhenAllAreAnswered() {
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 120, minute -> minute != 20);
            harness.end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
                assertThat(alert.start()).isEqualTo(at(20));
                assertThat(alert.time()).isBetween(at(25), at(26).plus(SECOND.multipliedBy(2)));
                assertThat(alert.message())
                        .startsWith("1 of 4 create requests that cluster c1 received within ten seconds from " + at(20))
                        .endsWith("usually 0 % have none");
            });
            assertThat(harness.closed()).singleElement().satisfies(alert -> assertThat(alert.uid())
                    .isEqualTo(harness.alerts().get(0).uid()));
        }
    }

    @Test
    void staysQuietWhenAllAreAnsweredInTimeOrThePatienceHasNotPassed() {
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 60, AuditGapTest::each);
            harness.end();
            assertThat(harness.lines()).isEmpty();
        }
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 24, minute -> minute != 20);
            harness.end();
            assertThat(harness.lines()).as("the end of the input").isEmpty();
        }
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 20, minute -> minute != 20);
            harness.send(answered("c1", "create", at(20).plusMillis(300), Duration.ofMinutes(4)));
            run(harness, 25, 60, AuditGapTest::each);
            harness.end();
            assertThat(harness.lines()).as("answered after four minutes").isEmpty();
        }
    }

    @Test
    void aPolicyThatNeverLogsTheOutcomeOfSomeIsNoGap() {
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 200, minute -> false);
            harness.end();
            assertThat(harness.lines()).isEmpty();
        }
        try (DetectionHarness harness = harness()) {
            for (int minute = 0; minute < 100; minute++) {
                harness.watermark(at(minute)).receive(List.of(received("c1", "create", null, at(minute))));
                harness.send(answered("c1", "get", at(minute), SECOND));
            }
            harness.end();
            assertThat(harness.lines())
                    .as("no outcome of a create is logged at all")
                    .isEmpty();
        }
    }

    @Test
    void aPolicyThatOmitsReceiptsIsNoGap() {
        try (DetectionHarness harness = harness()) {
            for (int minute = 0; minute < 100; minute++) {
                harness.watermark(at(minute)).send(answered("c1", "create", at(minute), SECOND));
            }
            assertThat(harness.stateEntriesByUid().get("absence")).isLessThan(5);
            harness.end();
            assertThat(harness.lines()).isEmpty();
        }
    }

    @Test
    void sessionsAndReadsAreNotWaitedFor() {
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 20, AuditGapTest::each);
            harness.receive(List.of(
                    received("c1", "create", "exec", at(20)),
                    received("c1", "create", "portforward", at(20)),
                    received("c1", "watch", null, at(20)),
                    received("c1", "list", null, at(20))));
            run(harness, 21, 60, AuditGapTest::each);
            harness.end();
            assertThat(harness.lines()).isEmpty();
        }
    }

    @Test
    void answersOfOtherClustersVerbsAndTimesAreNoAnswers() {
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 20, minute -> minute != 20);
            Instant open = at(20).plusMillis(300);
            harness.send(answered("c2", "create", open, SECOND));
            harness.send(answered("c1", "patch", open, SECOND));
            harness.send(answered("c1", "create", open.plusSeconds(10), SECOND));
            run(harness, 21, 60, AuditGapTest::each);
            harness.end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void saysTheSameWhenEverythingIsDeliveredTwiceAndInAnyOrderOfArrival() {
        List<String> expected;
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 60, minute -> minute != 20);
            expected = harness.end().lines();
        }
        List<Object> arrivals = new ArrayList<>();
        for (int minute = 0; minute <= 60; minute++) {
            for (int i = 0; i < 4; i++) {
                Instant time = at(minute).plusMillis(i * 100L);
                arrivals.add(received("c1", "create", null, time));
                if (i < 3 || minute != 20) {
                    arrivals.add(answered("c1", "create", time, SECOND));
                }
            }
        }
        for (int seed = 0; seed < 4; seed++) {
            try (DetectionHarness harness = harness()) {
                for (int from = 0; from < arrivals.size(); from += 40) {
                    List<Object> some = new ArrayList<>(arrivals.subList(from, Math.min(arrivals.size(), from + 40)));
                    Collections.shuffle(some, new Random(seed));
                    for (Object one : some) {
                        send(harness, one);
                    }
                    Object last = some.get(some.size() - 1);
                    harness.watermark(timeOf(last).minus(Duration.ofMinutes(8)));
                    if (seed == 3) {
                        harness.restart();
                    }
                }
                assertThat(harness.end().lines()).as("seed %s", seed).isEqualTo(expected);
            }
        }
        try (DetectionHarness twice = harness()) {
            for (Object one : arrivals) {
                twice.watermark(timeOf(one).minus(Duration.ofMinutes(1)));
                send(twice, one);
                send(twice, one);
            }
            twice.end();
            assertThat(twice.alerts()).hasSize(1);
        }
    }

    private static Instant timeOf(Object arrival) {
        return arrival instanceof SecurityEvent event ? event.time() : ((ReceivedRequest) arrival).time();
    }

    private static void send(DetectionHarness harness, Object arrival) {
        if (arrival instanceof SecurityEvent event) {
            harness.send(event);
        } else {
            harness.receive(List.of((ReceivedRequest) arrival));
        }
    }

    @Test
    void aRestartMayChangeThePatience() {
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 22, minute -> minute != 20);
            harness.restart(Map.of("detections.audit-gap.patience", "20 min"));
            run(harness, 23, 39, AuditGapTest::each);
            assertThat(harness.alerts()).isEmpty();
            run(harness, 40, 60, AuditGapTest::each);
            harness.end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void waitsForFewAndForgets() {
        try (DetectionHarness harness = harness()) {
            run(harness, 0, 120, AuditGapTest::each);
            assertThat(harness.stateEntriesByUid().get("absence")).isLessThan(15);
            harness.watermark(at(0).plus(Duration.ofDays(40)));
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void refusesBadValuesByTheirKey() {
        for (String bad : List.of("patience=9 s", "patience=7 h", "min-requests=0")) {
            String key = "detections.audit-gap." + bad.substring(0, bad.indexOf('='));
            String value = bad.substring(bad.indexOf('=') + 1);
            assertThatThrownBy(() -> Configured.of(new AuditGap(), Configuration.fromMap(Map.of(key, value)), true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key);
        }
    }
}
