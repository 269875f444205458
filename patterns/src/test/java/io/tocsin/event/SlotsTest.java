package io.tocsin.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {
    @Test
    void aSlotHoldsTenSeconds() {
        assertThat(Slots.startOf(20_000)).isEqualTo(20_000);
        assertThat(Slots.endOf(20_000)).isEqualTo(29_999);
        assertThat(Slots.startOf(29_999)).isEqualTo(20_000);
        assertThat(Slots.endOf(29_999)).isEqualTo(29_999);
    }

    @Test
    void theWatermarkIsTheEndOfTheLastSlotBeforeTheClock() {
        assertThat(Slots.watermark(20_000)).isEqualTo(19_999);
        assertThat(Slots.watermark(29_999)).isEqualTo(19_999);
        assertThat(Slots.watermark(30_000)).isEqualTo(29_999);
    }

    @Test
    void aWatermarkIsAlwaysASlotsEndAndNeverReachesTheClock() {
        for (long clock = -35_000; clock < 35_000; clock += 333) {
            long watermark = Slots.watermark(clock);
            assertThat(Slots.endOf(watermark)).isEqualTo(watermark);
            assertThat(watermark).isLessThan(clock).isGreaterThanOrEqualTo(clock - Slots.SLOT_MILLIS);
        }
    }

    @Test
    void slotsBefore1970AreSlotsToo() {
        assertThat(Slots.startOf(-1)).isEqualTo(-10_000);
        assertThat(Slots.endOf(-1)).isEqualTo(-1);
        assertThat(Slots.endOf(-10_001)).isEqualTo(-10_001);
        assertThat(Slots.watermark(-1)).isEqualTo(-10_001);
    }

    @Test
    void theEndsOfTimeStayThere() {
        assertThat(Slots.watermark(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
        assertThat(Slots.watermark(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(Slots.endOf(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(Slots.startOf(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
        assertThat(Slots.endOf(Long.MIN_VALUE)).isBetween(Long.MIN_VALUE, Long.MIN_VALUE + Slots.SLOT_MILLIS);
    }
}
