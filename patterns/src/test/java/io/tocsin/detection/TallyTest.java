package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule.Rate;
import io.tocsin.testkit.AuditEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final Instant T0 = AuditEvents.T0;
    private static final Duration WINDOW = Duration.ofSeconds(100);

    private static Tally tally(int threshold, Map<String, Tally.Counted> values) {
        return new Tally(new Rate(event -> null, event -> 1, threshold, WINDOW, false), new HashMap<>(values));
    }

    private static Tally tally(int threshold) {
        return tally(threshold, Map.of());
    }

    private static Signal signal(long second, String value, int weight) {
        Instant time = T0.plusSeconds(second);
        String id = "e%06d".formatted(second);
        Evidence evidence = Evidence.of(AuditEvents.event().at(time).build(), id, "s");
        return new Signal(
                "d",
                "s",
                0,
                "c",
                "k",
                time,
                id,
                Recall.NOTHING,
                null,
                value,
                null,
                weight,
                1,
                time,
                List.of(evidence),
                0);
    }

    private static void add(Tally tally, long second, String value, int weight) {
        tally.moveTo(T0.plusSeconds(second));
        tally.add(signal(second, value, weight));
    }

    private static void add(Tally tally, long second, String value) {
        add(tally, second, value, 1);
    }

    @Test
    void countsDistinctValuesInAWindowThatExcludesItsStart() {
        Tally tally = tally(2);
        add(tally, 0, "a");
        add(tally, 99, "b");
        assertThat(tally.over(0)).isTrue();
        tally.moveTo(T0.plusSeconds(100));
        assertThat(tally.weight()).isEqualTo(1);
        assertThat(tally.over(0)).isFalse();
        assertThat(tally.changed()).contains("a");
    }

    @Test
    void aValueSeenAgainCountsOnceAndStaysLonger() {
        Tally tally = tally(2);
        add(tally, 0, "a");
        add(tally, 10, "b");
        add(tally, 50, "a");
        assertThat(tally.weight()).isEqualTo(2);
        tally.moveTo(T0.plusSeconds(110));
        assertThat(tally.values()).containsOnlyKeys("a");
    }

    @Test
    void aRepeatWithinOneSpanDoesNotCountAndSoDecidesNothing() {
        Tally tally = tally(1);
        assertThat(tally.add(signal(0, "a", 1))).isTrue();
        assertThat(tally.add(signal(9, "a", 1))).isFalse();
        assertThat(tally.add(signal(9, "b", 1))).isTrue();
        assertThat(tally.add(signal(10, "a", 1))).isTrue();
    }

    @Test
    void weighsAValueByItsHeaviestObservation() {
        Tally tally = tally(10);
        add(tally, 0, "a", 10);
        add(tally, 1, "a", 1);
        assertThat(tally.weight()).isEqualTo(10);
        tally.moveTo(T0.plusSeconds(1_000));
        assertThat(tally.weight()).isZero();
    }

    @Test
    void mustExceedTheUsualAndReachTheThreshold() {
        Tally tally = tally(3);
        for (int i = 0; i < 5; i++) {
            add(tally, i, "v" + i);
        }
        assertThat(tally.over(4.5)).isTrue();
        assertThat(tally.over(5)).isFalse();
        assertThat(tally(1).over(0)).isFalse();
    }

    private static Tally fiveTimes(int values) {
        Tally tally = new Tally(new Rate(event -> null, event -> 1, 3, WINDOW, true, 5, 16), new HashMap<>());
        for (int i = 0; i < values; i++) {
            add(tally, i / 100, "v" + i);
        }
        return tally;
    }

    @Test
    void mayHaveToExceedAMultipleOfTheUsual() {
        assertThat(fiveTimes(50).over(10)).isFalse();
        assertThat(fiveTimes(51).over(10)).isTrue();
        assertThat(fiveTimes(3).over(0)).isTrue();
        assertThat(fiveTimes(2).over(0)).isFalse();
    }

    @Test
    void aMultipleBeyondWhatCanBeCountedIsExceededByMoreThanTheBound() {
        assertThat(fiveTimes(1_023).over(500)).isFalse();
        assertThat(fiveTimes(3_000).over(500)).isTrue();
        assertThat(fiveTimes(3_000).over(1_024)).as("it is always so").isFalse();
    }

    @Test
    void keepsTheFirstAndTheLastFew() {
        Tally tally = tally(3);
        for (int i = 0; i < 30; i++) {
            add(tally, i, "v" + i);
        }
        Signal crossing = tally.crossing(T0.plusSeconds(29), "e000029");
        assertThat(crossing.count()).isEqualTo(30);
        assertThat(crossing.since()).isEqualTo(T0);
        assertThat(crossing.evidence())
                .extracting(Evidence::eventId)
                .containsExactly(
                        "e000000", "e000001", "e000002", "e000003", "e000004", "e000025", "e000026", "e000027",
                        "e000028", "e000029");
    }

    @Test
    void aSequenceStartsWhereEnoughHadBeenCounted() {
        Tally tally = tally(3);
        for (int i = 0; i < 30; i++) {
            add(tally, i, "v" + i);
        }
        assertThat(tally.opener(T0.plusSeconds(29), "e").since()).isEqualTo(T0.plusSeconds(27));
        Tally weighty = tally(3);
        add(weighty, 0, "a");
        add(weighty, 1, "b", 3);
        assertThat(weighty.opener(T0.plusSeconds(1), "e").since()).isEqualTo(T0.plusSeconds(1));
    }

    @Test
    void isBoundedAndStaysOverWhileAFloodLasts() {
        Tally tally = tally(3);
        for (int i = 0; i < 5_000; i++) {
            add(tally, i / 100, "v" + i);
        }
        assertThat(tally.values()).hasSize(1_024);
        assertThat(tally.weight()).isEqualTo(1_024);
        Tally large = tally(1_000);
        for (int i = 0; i < 5_000; i++) {
            add(large, i / 100, "v" + i);
        }
        assertThat(large.values()).hasSize(4_000);
    }

    @Test
    void isTheSameFromItsState() {
        Tally tally = tally(3);
        for (int i = 0; i < 20; i++) {
            add(tally, i, "v" + (i * 7) % 10);
        }
        Tally restored = tally(3, tally.values());
        Instant now = T0.plusSeconds(20);
        assertThat(restored.opener(now, "e")).isEqualTo(tally.opener(now, "e"));
        assertThat(restored.latestEvent()).isEqualTo(tally.latestEvent()).isEqualTo("e000019");
    }
}
