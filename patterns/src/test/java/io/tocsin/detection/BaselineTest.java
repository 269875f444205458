package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BaselineTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private static Baseline of(long... largest) {
        Baseline baseline = Baseline.none(0);
        for (int day = 0; day < largest.length; day++) {
            baseline = baseline.at(day * DAY + 5).counted(largest[day]);
        }
        return baseline.at(largest.length * DAY);
    }

    @Test
    void nothingIsUsualWithoutClosedDays() {
        Baseline open = Baseline.none(5).counted(100);
        assertThat(open.usual()).isZero();
        assertThat(open.at(DAY - 1).usual()).isZero();
        assertThat(open.at(DAY).usual()).isEqualTo(100);
    }

    @Test
    void theMedianOfTheLargestCountsIsUsual() {
        assertThat(of(3, 1, 100).usual()).isEqualTo(3);
        assertThat(of(3, 1, 100, 5).usual()).isEqualTo(4);
    }

    @Test
    void theLargestCountOfADayHolds() {
        Baseline baseline = Baseline.none(0).counted(3).counted(9).counted(5);
        assertThat(baseline.at(DAY).closed()).containsExactly(9L);
    }

    @Test
    void daysWithoutAnythingAreNotCounted() {
        Baseline baseline = Baseline.none(0).counted(7).at(10 * DAY);
        assertThat(baseline.closed()).containsExactly(7L);
        assertThat(baseline.at(20 * DAY).closed()).containsExactly(7L);
    }

    @Test
    void onlyTheLastFourteenDaysCount() {
        long[] days = new long[40];
        for (int i = 0; i < days.length; i++) {
            days[i] = i + 1L;
        }
        assertThat(of(days).closed()).hasSize(Baseline.DAYS).startsWith(27L).endsWith(40L);
    }

    @Test
    void timeNeverRunsBackwards() {
        Baseline baseline = of(3, 4);
        assertThat(baseline.at(0)).isEqualTo(baseline);
    }
}
