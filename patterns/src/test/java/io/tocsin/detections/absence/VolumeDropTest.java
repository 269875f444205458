package io.tocsin.detections.absence;

import static io.tocsin.detections.absence.TestingLogs.at;
import static io.tocsin.detections.absence.TestingLogs.merged;
import static io.tocsin.detections.absence.TestingLogs.steady;
import static io.tocsin.event.Source.CONTAINER_LOG;
import static io.tocsin.event.Source.KUBERNETES_AUDIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Configured;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class VolumeDropTest {
    private static final Duration WEEK = Duration.ofDays(7);
    /** The hour that is compared, in each week. */
    private static final int HOUR = 2;

    private static DetectionHarness harness() {
        return DetectionHarness.of(new VolumeDrop());
    }

    private static Instant hour(int week, int hour) {
        return at(0).plus(WEEK.multipliedBy(week)).plus(Duration.ofHours(hour));
    }

    /** So many records in an hour, spread over it. */
    private static List<SecurityEvent> records(int many, int week, int hour, String cluster) {
        Instant start = hour(week, hour);
        Duration every = Duration.ofHours(1).dividedBy(Math.max(1, many));
        List<SecurityEvent> all = steady(KUBERNETES_AUDIT, cluster, every, start, start.plusSeconds(3_599));
        return new ArrayList<>(all.subList(0, many));
    }

    /** A week's part: the hours before and behind, in which the audit log and another one speak, and the hour. */
    private static List<SecurityEvent> week(int week, int many) {
        return merged(
                records(200, week, HOUR - 1, "c1"),
                records(many, week, HOUR, "c1"),
                records(200, week, HOUR + 1, "c1"),
                records(200, week, HOUR + 2, "c1"),
                records(200, week, HOUR + 3, "c1"),
                steady(CONTAINER_LOG, "c1", Duration.ofMinutes(10), hour(week, HOUR - 1), hour(week, HOUR + 4)));
    }

    private static List<SecurityEvent> weeks(int... many) {
        List<SecurityEvent> all = new ArrayList<>();
        for (int week = 0; week < many.length; week++) {
            all.addAll(week(week, many[week]));
        }
        return all;
    }

    private static List<String> lines(List<SecurityEvent> events) {
        try (DetectionHarness harness = harness()) {
            return harness.play(events).end().lines();
        }
    }

    @Test
    void firesOnceWhenAnHourHasLessThanATenthOfTheUsualAndClosesWhenHoursAreAsUsual() {
        try (DetectionHarness harness = harness()) {
            harness.play(weeks(200, 200, 19)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
                assertThat(alert.start()).isEqualTo(hour(2, HOUR));
                assertThat(alert.time()).as("a record of the next hour").isEqualTo(hour(2, HOUR + 1));
                assertThat(alert.message())
                        .isEqualTo(
                                "kubernetes-audit of cluster c1 had 19 records in the hour from %s; usual in this"
                                        + " hour of the week are 200",
                                hour(2, HOUR));
            });
            assertThat(harness.closed()).singleElement().satisfies(alert -> {
                assertThat(alert.uid()).isEqualTo(harness.alerts().get(0).uid());
                assertThat(alert.facts()).containsEntry("duration", "PT2H");
                assertThat(alert.message()).endsWith("as many records as usual again, after 2h");
            });
        }
    }

    @Test
    void staysQuietAtATenthAndWithoutAWeekToCompareWith() {
        assertThat(lines(weeks(200, 200, 20))).isEmpty();
        assertThat(lines(weeks(19))).isEmpty();
        assertThat(lines(weeks(99, 99, 0))).as("usually too few").isEmpty();
        assertThat(lines(weeks(100, 100, 0))).hasSize(2);
    }

    @Test
    void theMedianOfFourWeeksIsUsual() {
        assertThat(lines(weeks(0, 200, 200, 200, 19))).hasSize(2);
        assertThat(lines(weeks(200, 200, 200, 10, 10, 10, 5)))
                .as("only the first drops: then it is usual")
                .hasSize(4);
    }

    @Test
    void otherClustersAreJudgedByThemselves() {
        List<SecurityEvent> other = new ArrayList<>();
        for (int week = 0; week < 2; week++) {
            other.addAll(records(200, week, HOUR, "c2"));
        }
        assertThat(lines(merged(other, weeks(5, 5, 5)))).isEmpty();
    }

    @Test
    void aSilenceIsToldAsThat() {
        List<SecurityEvent> events = merged(weeks(200, 200), List.of());
        Instant start = hour(2, HOUR - 1);
        events.addAll(merged(
                records(200, 2, HOUR - 1, "c1"),
                records(200, 2, HOUR + 3, "c1"),
                steady(CONTAINER_LOG, "c1", Duration.ofMinutes(10), start, hour(2, HOUR + 4))));
        Map<String, String> none = Map.of();
        try (DetectionHarness both = DetectionHarness.of(List.of(new SourceSilent(), new VolumeDrop()), none)) {
            // The longest pause of the last hours in which it spoke is a week; so it has to have spoken for a day.
            List<SecurityEvent> day =
                    steady(KUBERNETES_AUDIT, "c1", Duration.ofMinutes(2), start.minus(Duration.ofHours(30)), start);
            List<SecurityEvent> sibling =
                    steady(CONTAINER_LOG, "c1", Duration.ofMinutes(10), start.minus(Duration.ofHours(30)), start);
            both.play(merged(events, day, sibling)).end();
            assertThat(both.alerts()).extracting(alert -> alert.detection()).containsExactly("source-silent");
        }
    }

    @Test
    void saysTheSameWhateverTheOrderOfArrivalAndWithARestartAnywhere() {
        List<SecurityEvent> events = weeks(200, 200, 19);
        List<String> expected = lines(events);
        for (int seed = 0; seed < 3; seed++) {
            try (DetectionHarness harness = DetectionHarness.of(List.of(new VolumeDrop()), 1 + seed, Map.of())) {
                harness.playDisordered(events, new Random(seed), Duration.ofSeconds(60))
                        .end();
                assertThat(harness.lines()).isEqualTo(expected);
            }
        }
        for (int before : new int[] {100, events.size() - 700, events.size() - 300}) {
            try (DetectionHarness harness = harness()) {
                harness.play(events.subList(0, before)).restart();
                harness.play(events.subList(before, events.size())).end();
                assertThat(harness.lines()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aRestartMayChangeThePercentage() {
        List<SecurityEvent> events = weeks(200, 200, 60);
        int before = events.size() - 100;
        try (DetectionHarness harness = harness()) {
            harness.play(events.subList(0, before)).restart(Map.of("detections.volume-drop.percent", "50"));
            harness.play(events.subList(before, events.size())).end();
            assertThat(harness.alerts()).isEmpty();
        }
        int earlier = events.size() - 640;
        try (DetectionHarness harness = harness()) {
            harness.play(events.subList(0, earlier)).restart(Map.of("detections.volume-drop.percent", "50"));
            harness.play(events.subList(earlier, events.size())).end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void theEndOfTheInputEndsNoHour() {
        List<SecurityEvent> events = weeks(200, 200);
        events.addAll(records(200, 2, HOUR - 1, "c1"));
        events.addAll(records(5, 2, HOUR, "c1"));
        assertThat(lines(events)).isEmpty();
    }

    @Test
    void forgetsAClusterThatIsGoneForFourWeeks() {
        try (DetectionHarness harness = harness()) {
            harness.play(weeks(200, 200)).watermark(hour(8, 0));
            assertThat(harness.stateEntries()).isZero();
        }
    }

    @Test
    void refusesBadValuesByTheirKey() {
        for (String bad : List.of("percent=0", "percent=101", "min-records=0")) {
            String key = "detections.volume-drop." + bad.substring(0, bad.indexOf('='));
            String value = bad.substring(bad.indexOf('=') + 1);
            assertThatThrownBy(() -> Configured.of(new VolumeDrop(), Configuration.fromMap(Map.of(key, value)), true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key);
        }
    }
}
