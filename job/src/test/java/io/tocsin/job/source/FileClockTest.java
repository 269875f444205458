package io.tocsin.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileClockTest {
    private static final long MINUTE = 60_000;

    private final FileClock clock = new FileClock(1_000 * MINUTE, 0, 0);

    @Test
    void isTheHighestTimeSeen() {
        assertThat(clock.see(1_001 * MINUTE)).isTrue();
        assertThat(clock.see(999 * MINUTE)).isFalse();
        assertThat(clock.see(RecordClock.NO_TIME)).isFalse();
        assertThat(clock.millis()).isEqualTo(1_001 * MINUTE);
    }

    @Test
    void goesOnByTenMinutesAtOnce() {
        clock.see(1_010 * MINUTE);
        assertThat(clock.millis()).isEqualTo(1_010 * MINUTE);
    }

    @Test
    void staysWhereItIsForOneForgedTime() {
        clock.see(9_000_000 * MINUTE);
        clock.see(1_002 * MINUTE);
        assertThat(clock.millis()).isEqualTo(1_002 * MINUTE);
    }

    @Test
    void jumpsAfterTenFurtherRecordsToTheLowestOfThem() {
        for (int i = 0; i < 10; i++) {
            clock.see((1_100 + (i == 0 ? 5_000 : i)) * MINUTE);
            assertThat(clock.millis()).isEqualTo(1_000 * MINUTE);
        }
        clock.see(1_200 * MINUTE);
        assertThat(clock.millis()).isEqualTo(1_101 * MINUTE);
    }

    @Test
    void countsTheRecordsBeyondInARowOnly() {
        for (int i = 0; i < 50; i++) {
            clock.see((2_000 + i) * MINUTE);
            if (i % 10 == 9) {
                clock.see(1_000 * MINUTE);
            }
        }
        assertThat(clock.millis()).isEqualTo(1_000 * MINUTE);
    }

    @Test
    void linesWithoutATimeDoNotBreakTheRow() {
        for (int i = 0; i < 11; i++) {
            clock.see(2_000 * MINUTE);
            clock.see(RecordClock.NO_TIME);
        }
        assertThat(clock.millis()).isEqualTo(2_000 * MINUTE);
    }

    @Test
    void startsAtTheLowestOfItsFirstElevenTimes() {
        FileClock first = new FileClock();
        first.see(9_000_000 * MINUTE);
        for (int i = 9; i >= 0; i--) {
            assertThat(first.started()).isFalse();
            first.see((100 + i) * MINUTE);
        }
        assertThat(first.millis()).isEqualTo(100 * MINUTE);
    }

    @Test
    void startsWithFewerWhenThereAreNoMore() {
        FileClock first = new FileClock();
        first.start();
        assertThat(first.started()).isFalse();
        first.see(5);
        first.see(3);
        first.start();
        assertThat(first.millis()).isEqualTo(3);
    }

    @Test
    void isCarriedOnFromItsState() {
        for (int i = 0; i < 6; i++) {
            clock.see((2_000 + i) * MINUTE);
        }
        FileClock restored = new FileClock(clock.millis(), clock.beyond(), clock.lowestBeyond());
        for (int i = 0; i < 5; i++) {
            restored.see(3_000 * MINUTE);
        }
        assertThat(restored.millis()).isEqualTo(2_000 * MINUTE);
    }
}
