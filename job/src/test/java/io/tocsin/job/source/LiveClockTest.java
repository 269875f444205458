package io.tocsin.job.source;

import static io.tocsin.job.source.RecordClock.NO_TIME;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Slots;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkOutputMultiplexer;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

/** Two splits of an input, as a source drives them. */
class LiveClockTest {
    private static final Duration DISORDER = Duration.ofSeconds(60);
    private static final Duration IDLE_AFTER = Duration.ofSeconds(30);
    private static final long T = 1_000_000_000_000L;

    private final ManualClock clock = new ManualClock();
    private long wallMillis = T;
    private long ahead;

    private final TestingOutput input = new TestingOutput();
    private final WatermarkOutputMultiplexer splits = new WatermarkOutputMultiplexer(input);
    private final LiveClock<Long> a = split("a");
    private final LiveClock<Long> b = split("b");

    private LiveClock<Long> split(String id) {
        splits.registerNewOutput(id);
        return new LiveClock<>(time -> time, DISORDER, IDLE_AFTER, clock, () -> wallMillis, () -> ahead++);
    }

    @Test
    void theWatermarkIsTheSlowestSplitsLessTheDisorderAtASlotsEnd() {
        deliver(a, T);
        deliver(b, T - 13_000);
        emit();
        assertThat(input.watermark).isEqualTo(Slots.watermark(T - 13_000 - 60_000));
        assertThat(Slots.endOf(input.watermark)).isEqualTo(input.watermark);
    }

    @Test
    void inALullTheClockGoesOn() {
        deliver(a, T);
        deliver(b, T);
        emit();
        pass(30);
        assertThat(input.watermark).isEqualTo(T - 60_000 - 1);
        pass(70);
        assertThat(input.watermark).isEqualTo(T - 60_000 + 70_000 - 1);
        assertThat(input.idle).isFalse();
    }

    @Test
    void aSplitThatHasDeliveredHoldsTheClockHoweverLongItIsSilent() {
        deliver(a, T);
        deliver(b, T - 100_000);
        emit();
        for (int second = 0; second < 3_600; second++) {
            wallMillis += 1_000;
            deliver(a, wallMillis);
            pass(1);
        }
        assertThat(input.watermark).isEqualTo(Slots.watermark(T - 100_000 - 60_000 + 3_570_000));
    }

    @Test
    void aSlowSplitIsNotMadeLateByALull() {
        deliver(a, T);
        deliver(b, T - 50_000);
        emit();
        pass(600);
        wallMillis += 600_000;
        long slow = T - 50_000 + 600_000 - 30_000; // as far behind as it always was
        assertThat(slow).isGreaterThan(input.watermark);
        deliver(b, slow);
        deliver(a, T + 600_000);
        emit();
        assertThat(input.watermark).isLessThan(slow);
    }

    @Test
    void silenceStandsStillWithTheActivityClock() {
        deliver(a, T);
        deliver(b, T);
        emit();
        wallMillis += 3_600_000; // back-pressure: the hand-moved clock does not move
        emit();
        assertThat(input.watermark).isEqualTo(T - 60_000 - 1);
    }

    @Test
    void aTimeAheadIsTakenForTheTimeOfReadingAndCounted() {
        deliver(a, T + 86_400_000);
        deliver(b, T);
        emit();
        assertThat(input.watermark).isEqualTo(T - 60_000 - 1);
        assertThat(ahead).isEqualTo(1);
    }

    @Test
    void aTimeAheadOfTheBrokersIsTakenForTheBrokers() {
        a.onEvent(T, T - 200_000, input);
        deliver(b, T);
        emit();
        assertThat(input.watermark).isEqualTo(Slots.watermark(T - 200_000 - 60_000));
        assertThat(ahead).isEqualTo(1);
    }

    @Test
    void aSplitThatNeverDeliversIsIdleAndHoldsNothingBack() {
        deliver(a, T);
        emit();
        assertThat(input.watermark).isEqualTo(Long.MIN_VALUE);
        pass(30);
        assertThat(input.watermark).isEqualTo(T - 60_000 - 1);
        deliver(b, T - 20_000);
        emit();
        pass(40);
        assertThat(input.watermark).as("held by b").isEqualTo(T - 20_000 - 60_000 + 10_000 + 10_000 - 1);
    }

    @Test
    void whenNothingWasEverDeliveredTheInputIsIdle() {
        emit();
        assertThat(input.idle).isFalse();
        pass(30);
        assertThat(input.idle).isTrue();
        deliver(a, T);
        deliver(b, T);
        emit();
        assertThat(input.idle).isFalse();
    }

    @Test
    void recordsWithoutATimeNeitherMoveTheClockNorBreakTheSilence() {
        deliver(a, T);
        deliver(b, T);
        emit();
        for (int second = 0; second < 60; second++) {
            deliver(a, NO_TIME);
            pass(1);
        }
        assertThat(input.watermark).isEqualTo(T - 60_000 + 30_000 - 1);
    }

    @Test
    void aSourceSilentForSixHoursHoldsNobodyUpAndIsOnTimeAgainWhenItIsBack() {
        deliver(a, T);
        deliver(b, T);
        emit();
        for (int minute = 0; minute < 360; minute++) {
            wallMillis += 60_000;
            deliver(a, wallMillis);
            pass(60);
        }
        long now = wallMillis;
        assertThat(input.watermark).as("held up by idle-after").isGreaterThan(now - 60_000 - 30_000 - 10_000);
        assertThat(now - 3_600_000)
                .as("what it delivers of those hours is late")
                .isLessThan(input.watermark);
        deliver(b, now - 3_600_000);
        emit();
        deliver(b, now);
        deliver(a, now);
        emit();
        assertThat(now).as("what it delivers now is not").isGreaterThan(input.watermark);
    }

    @Test
    void aBacklogBesideLiveTrafficHoldsTheClockUntilItIsWorkedOff() {
        deliver(a, T);
        deliver(b, T - 86_400_000);
        emit();
        for (int second = 0; second < 600; second++) {
            wallMillis += 1_000;
            deliver(a, wallMillis);
            deliver(b, T - 86_400_000 + second * 120_000L); // two minutes a second
            pass(1);
            assertThat(input.watermark).isLessThan(T - 86_400_000 + second * 120_000L);
        }
        for (int second = 0; second < 200; second++) {
            wallMillis += 1_000;
            deliver(a, wallMillis);
            deliver(b, wallMillis - 5_000);
            pass(1);
        }
        assertThat(input.watermark).isEqualTo(Slots.watermark(wallMillis - 5_000 - 60_000));
    }

    @Test
    void theWatermarkNeverGoesBack() {
        deliver(a, T);
        deliver(b, T);
        emit();
        pass(500);
        long before = input.watermark;
        deliver(a, T + 1);
        deliver(b, T + 1);
        emit();
        assertThat(input.watermark).isEqualTo(before);
    }

    private void deliver(LiveClock<Long> split, long time) {
        split.onEvent(time, Long.MIN_VALUE, input);
    }

    private void pass(int seconds) {
        clock.advanceTime(Duration.ofSeconds(seconds));
        emit();
    }

    private void emit() {
        a.onPeriodicEmit(splits.getDeferredOutput("a"));
        b.onPeriodicEmit(splits.getDeferredOutput("b"));
        splits.onPeriodicEmit();
    }

    private static final class TestingOutput implements WatermarkOutput {
        private long watermark = Long.MIN_VALUE;
        private boolean idle;

        @Override
        public void emitWatermark(Watermark next) {
            assertThat(next.getTimestamp()).isGreaterThan(watermark);
            watermark = next.getTimestamp();
            idle = false;
        }

        @Override
        public void markIdle() {
            idle = true;
        }

        @Override
        public void markActive() {
            idle = false;
        }
    }
}
