package io.tocsin.detections.absence;

import static io.tocsin.detections.absence.TestingLogs.at;
import static io.tocsin.detections.absence.TestingLogs.merged;
import static io.tocsin.detections.absence.TestingLogs.minutes;
import static io.tocsin.detections.absence.TestingLogs.record;
import static io.tocsin.detections.absence.TestingLogs.steady;
import static io.tocsin.event.Source.CONTAINER_LOG;
import static io.tocsin.event.Source.EKS_AUTHENTICATOR;
import static io.tocsin.event.Source.KUBERNETES_AUDIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Configured;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class SourceSilentTest {
    private static final String PATIENCE = "detections.source-silent.patience";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static DetectionHarness harness() {
        return DetectionHarness.of(new SourceSilent());
    }

    /** The authenticator pauses from minute 30 to the given one; the audit log goes on. */
    private static List<SecurityEvent> pause(long until) {
        return merged(
                minutes(KUBERNETES_AUDIT, 0, 180),
                minutes(EKS_AUTHENTICATOR, 0, 30),
                minutes(EKS_AUTHENTICATOR, until, 180));
    }

    private static List<String> lines(List<SecurityEvent> events) {
        try (DetectionHarness harness = harness()) {
            return harness.play(events).end().lines();
        }
    }

    @Test
    void firesOnceWhenASiblingIsAheadByMoreThanUsualAndThePatience() {
        try (DetectionHarness harness = harness()) {
            harness.play(merged(minutes(KUBERNETES_AUDIT, 0, 180), minutes(EKS_AUTHENTICATOR, 0, 30)))
                    .end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.detection()).isEqualTo("source-silent");
                assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
                assertThat(alert.cluster()).isEqualTo("c1");
                assertThat(alert.start()).isEqualTo(at(30));
                assertThat(alert.time()).isEqualTo(at(37));
                assertThat(alert.count()).isEqualTo(1);
                assertThat(alert.evidence()).isEmpty();
                assertThat(alert.message())
                        .isEqualTo(
                                "eks-authenticator of cluster c1 has been silent for 7m while kubernetes-audit went on;"
                                        + " it usually pauses for 1m at most");
                assertThat(alert.facts())
                        .containsEntry("source", "eks-authenticator")
                        .containsEntry("ahead", "kubernetes-audit")
                        .containsEntry("last-seen", at(30).toString())
                        .doesNotContainKey("clock");
            });
            assertThat(harness.closed()).as("it never came back").isEmpty();
        }
    }

    @Test
    void closesWithItsDurationWhenTheSourceSpeaksAgain() {
        try (DetectionHarness harness = harness()) {
            harness.play(pause(90)).end();
            assertThat(harness.alerts()).hasSize(1);
            Alert told = harness.alerts().get(0);
            assertThat(harness.closed()).singleElement().satisfies(alert -> {
                assertThat(alert.uid()).isEqualTo(told.uid());
                assertThat(alert.message()).isEqualTo("eks-authenticator of cluster c1 speaks again after 1h");
                assertThat(alert.facts()).containsEntry("duration", "PT1H").containsEntry("back", at(90).toString());
                assertThat(alert.start()).isEqualTo(at(30));
                assertThat(alert.time()).as("back for half an hour").isEqualTo(at(120));
            });
            assertThat(harness.updates()).isEmpty();
        }
    }

    @Test
    void closesAtTheEndWhatIsBack() {
        try (DetectionHarness harness = harness()) {
            harness.play(merged(
                            minutes(KUBERNETES_AUDIT, 0, 95),
                            minutes(EKS_AUTHENTICATOR, 0, 30),
                            minutes(EKS_AUTHENTICATOR, 90, 95)))
                    .watermark(at(96));
            assertThat(harness.closed()).isEmpty();
            harness.end();
            assertThat(harness.closed()).hasSize(1);
            assertThat(harness.closed().get(0).time()).isEqualTo(at(95));
        }
    }

    @Test
    void countsTheUsualGapAndTheLateness() {
        List<SecurityEvent> quiet = merged(minutes(KUBERNETES_AUDIT, 0, 36), minutes(EKS_AUTHENTICATOR, 0, 30));
        assertThat(lines(quiet)).isEmpty();
        assertThat(lines(merged(quiet, List.of(record(KUBERNETES_AUDIT, "c1", at(36).plus(SECOND))))))
                .hasSize(1);
        List<SecurityEvent> seldom = merged(
                minutes(KUBERNETES_AUDIT, 0, 205),
                steady(EKS_AUTHENTICATOR, "c1", Duration.ofMinutes(20), at(0), at(190)));
        assertThat(lines(seldom)).as("pauses for 20 min").isEmpty();
        try (DetectionHarness late = harness()) {
            late.clocks(Map.of(EKS_AUTHENTICATOR, Duration.ofMinutes(2)), null);
            late.play(merged(minutes(KUBERNETES_AUDIT, 0, 38), minutes(EKS_AUTHENTICATOR, 0, 30)))
                    .watermark(at(39));
            assertThat(late.alerts()).isEmpty();
            late.play(minutes(KUBERNETES_AUDIT, 39, 39)).end();
            assertThat(late.alerts()).hasSize(1);
        }
    }

    @Test
    void anIrregularSourceMayPauseSeveralTimesItsLongestGap() {
        List<SecurityEvent> irregular = merged(
                minutes(EKS_AUTHENTICATOR, 0, 20),
                minutes(EKS_AUTHENTICATOR, 40, 50),
                minutes(EKS_AUTHENTICATOR, 65, 75));
        Map<String, String> patient = Map.of(PATIENCE, "20 min");
        for (int last : new int[] {295, 296}) {
            try (DetectionHarness harness = DetectionHarness.of(new SourceSilent(), patient)) {
                harness.play(merged(irregular, minutes(KUBERNETES_AUDIT, 0, last)))
                        .end();
                assertThat(harness.alerts()).as("ten times 20 min, and 20 min").hasSize(last - 295);
            }
        }
    }

    @Test
    void theEndOfTheInputIsNoSilence() {
        assertThat(lines(minutes(KUBERNETES_AUDIT, 0, 60))).isEmpty();
        assertThat(lines(merged(minutes(KUBERNETES_AUDIT, 0, 60), minutes(EKS_AUTHENTICATOR, 0, 56))))
                .isEmpty();
    }

    @Test
    void otherClustersAreNoSiblings() {
        List<SecurityEvent> other = steady(KUBERNETES_AUDIT, "c2", Duration.ofMinutes(1), at(0), at(180));
        assertThat(lines(merged(other, minutes(EKS_AUTHENTICATOR, 0, 30)))).isEmpty();
    }

    @Test
    void aSourceWithFewRecordsHasNoRhythm() {
        assertThat(lines(merged(minutes(KUBERNETES_AUDIT, 0, 180), minutes(EKS_AUTHENTICATOR, 0, 8))))
                .isEmpty();
        assertThat(lines(merged(minutes(KUBERNETES_AUDIT, 0, 180), minutes(EKS_AUTHENTICATOR, 0, 9))))
                .hasSize(1);
    }

    @Test
    void saysTheSameWhateverTheOrderOfArrivalAndTheNumberOfTasksAndHoweverOftenDelivered() {
        List<SecurityEvent> events = new ArrayList<>(pause(90));
        events.add(collectorDeleted(at(29)));
        List<String> expected = lines(merged(events));
        assertThat(expected).hasSize(2);
        events.addAll(pause(90));
        events.add(collectorDeleted(at(29)));
        for (int seed = 0; seed < 6; seed++) {
            try (DetectionHarness harness = DetectionHarness.of(List.of(new SourceSilent()), 1 + seed % 3, Map.of())) {
                harness.playDisordered(merged(events), new Random(seed), Duration.ofSeconds(60))
                        .end();
                assertThat(harness.lines()).as("seed %s", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void survivesARestartAnywhere() {
        List<SecurityEvent> events = pause(90);
        List<String> expected = lines(events);
        for (int before = 0; before < events.size(); before += 7) {
            try (DetectionHarness harness = harness()) {
                harness.play(events.subList(0, before)).restart();
                harness.play(events.subList(before, events.size())).end();
                assertThat(harness.lines())
                        .as("restart before event %s", before)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void aRestartMayChangeThePatience() {
        try (DetectionHarness harness = harness()) {
            harness.play(merged(minutes(KUBERNETES_AUDIT, 0, 40), minutes(EKS_AUTHENTICATOR, 0, 35)));
            harness.restart(Map.of(PATIENCE, "20 min"))
                    .play(minutes(KUBERNETES_AUDIT, 41, 56))
                    .watermark(at(57));
            assertThat(harness.alerts()).isEmpty();
            harness.play(minutes(KUBERNETES_AUDIT, 57, 57)).end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    private static SecurityEvent collectorDeleted(Instant time) {
        return AuditEvents.event()
                .at(time)
                .doing("delete", "daemonsets", "logging", "fluent-bit")
                .build();
    }

    @Test
    void isHighAndNamesTheChangeThatPrecededIt() {
        SecurityEvent deleted = collectorDeleted(at(29).plus(SECOND));
        try (DetectionHarness harness = harness()) {
            harness.play(merged(pause(90), List.of(deleted))).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.severity()).isEqualTo(Severity.HIGH);
                assertThat(alert.evidence()).singleElement().satisfies(evidence -> assertThat(evidence.eventId())
                        .isEqualTo(deleted.id()));
                assertThat(alert.message())
                        .endsWith("Before it, alice did from 203.0.113.7: delete daemonsets logging/fluent-bit");
            });
            assertThat(harness.closed()).hasSize(1);
        }
        for (Instant tooEarly : List.of(at(0).minus(SECOND), at(0).minus(Duration.ofHours(3)))) {
            try (DetectionHarness harness = harness()) {
                harness.play(merged(pause(90), List.of(collectorDeleted(tooEarly))))
                        .end();
                assertThat(harness.alerts().get(0).severity()).isEqualTo(Severity.MEDIUM);
            }
        }
    }

    @Test
    void aFloodOfChangesHidesNoneAndStaysBounded() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            flood.add(AuditEvents.event()
                    .at(at(29).plusMillis(i))
                    .doing("delete", "daemonsets", "logging", "fluent-bit-" + i)
                    .build());
        }
        try (DetectionHarness harness = harness()) {
            harness.play(merged(pause(90), flood)).end();
            assertThat(harness.alerts().get(0).severity()).isEqualTo(Severity.HIGH);
            assertThat(harness.alerts().get(0).evidence()).hasSize(8);
        }
    }

    @Test
    void pausesSoonAfterAreCountedAndNotTold() {
        List<SecurityEvent> flapping = merged(
                minutes(KUBERNETES_AUDIT, 0, 300),
                minutes(EKS_AUTHENTICATOR, 0, 30),
                minutes(EKS_AUTHENTICATOR, 45, 60),
                minutes(EKS_AUTHENTICATOR, 75, 80),
                minutes(EKS_AUTHENTICATOR, 100, 300));
        try (DetectionHarness harness = harness()) {
            harness.play(flapping).end();
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.closed()).singleElement().satisfies(alert -> {
                assertThat(alert.count()).isEqualTo(3);
                assertThat(alert.facts()).containsEntry("duration", "PT1H10M");
                assertThat(alert.message()).endsWith("speaks again after 1h10m, silent 3 times meanwhile");
            });
        }
    }

    @Test
    void oneForgedRecordClosesNothing() {
        try (DetectionHarness harness = harness()) {
            harness.play(merged(
                            minutes(KUBERNETES_AUDIT, 0, 300),
                            minutes(EKS_AUTHENTICATOR, 0, 30),
                            minutes(EKS_AUTHENTICATOR, 60, 60)))
                    .end();
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.closed()).isEmpty();
        }
    }

    @Test
    void aPauseThatWasToldIsUsualOnceItIsOver() {
        List<SecurityEvent> nightly = merged(
                minutes(KUBERNETES_AUDIT, 0, 600),
                minutes(EKS_AUTHENTICATOR, 0, 30),
                minutes(EKS_AUTHENTICATOR, 60, 200),
                minutes(EKS_AUTHENTICATOR, 230, 600));
        assertThat(lines(nightly)).hasSize(2);
    }

    @Test
    void aLateRecordShowsThatTheSourceSpoke() {
        try (DetectionHarness harness = harness()) {
            harness.play(merged(minutes(KUBERNETES_AUDIT, 0, 34), minutes(EKS_AUTHENTICATOR, 0, 30)));
            harness.watermark(at(35)).send(record(EKS_AUTHENTICATOR, "c1", at(33)));
            harness.play(minutes(KUBERNETES_AUDIT, 35, 39)).end();
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    void whatTheSourcesBothStopForIsNoSilenceOfOne() {
        List<SecurityEvent> both = merged(
                minutes(KUBERNETES_AUDIT, 0, 30),
                minutes(EKS_AUTHENTICATOR, 0, 30),
                minutes(KUBERNETES_AUDIT, 300, 330),
                minutes(EKS_AUTHENTICATOR, 300, 330));
        assertThat(lines(both)).isEmpty();
    }

    @Test
    void beforeAlertFromNothingIsToldUntilThenAndWhatGoesOnIsToldThen() {
        try (DetectionHarness harness = harness()) {
            harness.alertingFrom(at(60)).play(pause(50)).end();
            assertThat(harness.lines()).isEmpty();
        }
        try (DetectionHarness harness = harness()) {
            harness.alertingFrom(at(60)).play(pause(90)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.time()).isEqualTo(at(60));
                assertThat(alert.start()).isEqualTo(at(30));
            });
            assertThat(harness.closed()).hasSize(1);
        }
    }

    @Test
    void whenEverythingStopsTheWallClockTellsWhereInputsAreFollowed() {
        try (DetectionHarness harness = harness()) {
            harness.clocks(Map.of(), Duration.ofMinutes(1)).wallClock(at(0));
            for (int minute = 0; minute <= 30; minute++) {
                harness.wallClock(at(minute).plus(SECOND)).play(minutes(KUBERNETES_AUDIT, minute, minute));
                harness.watermark(at(minute).plusSeconds(20));
            }
            harness.wallClock(at(36));
            assertThat(harness.alerts()).isEmpty();
            harness.wallClock(at(38));
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.facts()).containsEntry("clock", "wall");
                assertThat(alert.start()).isEqualTo(at(30));
                assertThat(alert.message()).startsWith("every source of cluster c1 has been silent for");
            });
            harness.wallClock(at(90));
            for (int minute = 90; minute <= 130; minute++) {
                harness.wallClock(at(minute).plus(SECOND)).play(minutes(KUBERNETES_AUDIT, minute, minute));
            }
            assertThat(harness.alerts()).hasSize(1);
            assertThat(harness.closed()).hasSize(1);
        }
    }

    @Test
    void theWallClockCountsFromTheRestartAndNotWhileAnInputCatchesUp() {
        try (DetectionHarness harness = harness()) {
            harness.clocks(Map.of(), Duration.ofMinutes(1)).wallClock(at(600));
            harness.play(minutes(KUBERNETES_AUDIT, 0, 30)).watermark(at(31)).wallClock(at(602));
            harness.restart().wallClock(at(700)).wallClock(at(705));
            assertThat(harness.alerts()).as("five minutes after the restart").isEmpty();
            // Another cluster's backlog is read.
            harness.send(record(KUBERNETES_AUDIT, "c2", at(60))).watermark(at(61));
            harness.wallClock(at(708));
            harness.send(record(KUBERNETES_AUDIT, "c2", at(65))).watermark(at(66));
            harness.wallClock(at(712));
            assertThat(harness.alerts()).as("an input catches up").isEmpty();
            harness.wallClock(at(720));
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void withoutFollowingTheWallClockSaysNothing() {
        try (DetectionHarness harness = harness()) {
            harness.wallClock(at(0)).play(minutes(KUBERNETES_AUDIT, 0, 30)).watermark(at(31));
            harness.wallClock(at(60_000));
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    void aFloodOfNamesOfClustersIsForgottenAfterADay() {
        try (DetectionHarness harness = harness()) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                flood.add(record(CONTAINER_LOG, "forged-" + i, at(0).plusMillis(i)));
            }
            harness.send(flood).watermark(at(1));
            assertThat(harness.stateEntriesByUid().get("absence")).isLessThanOrEqualTo(2 * 2_000);
            harness.watermark(at(49 * 60));
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void keepsLittleHoweverMuchIsLogged() {
        try (DetectionHarness harness = harness()) {
            harness.play(steady(KUBERNETES_AUDIT, "c1", Duration.ofMillis(300), at(0), at(20)))
                    .watermark(at(21));
            assertThat(harness.received("absence")).as("sums").isLessThan(20 * 6 + 10);
            assertThat(harness.stateEntriesByUid().get("absence")).isLessThan(5);
            harness.watermark(at(0).plus(Duration.ofDays(40)));
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void refusesBadValuesByTheirKey() {
        for (Map.Entry<String, String> bad : Map.of(PATIENCE, "9 s", "detections.source-silent.change-window", "-1 s")
                .entrySet()) {
            assertThatThrownBy(() -> Configured.of(
                            new SourceSilent(), Configuration.fromMap(Map.of(bad.getKey(), bad.getValue())), true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad.getKey());
        }
    }
}
