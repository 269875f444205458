package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Signal;
import io.tocsin.testkit.AuditEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.CollectorOutput;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fast replay hands on fewer watermarks; none is lost, and what is late stays late. */
class SpacedWatermarksTest {
    private final List<StreamElement> out = new ArrayList<>();
    private final TestProcessingTimeService clock = new TestProcessingTimeService();
    private final SpacedWatermarks<Signal> spaced = new SpacedWatermarks<>(new CollectorOutput<>(out), clock);

    @BeforeEach
    void firstSlot() throws Exception {
        clock.setCurrentTime(5_000);
        spaced.emitWatermark(slot(1));
        assertThat(out).containsExactly(slot(1));
    }

    private static Watermark slot(int number) {
        return new Watermark(number * Slots.SLOT_MILLIS - 1);
    }

    @Test
    void oneThatFollowsSoonWaitsUntilTheTimeIsOver() throws Exception {
        spaced.emitWatermark(slot(2));
        clock.advance(SpacedWatermarks.SPACE_MILLIS - 1);
        spaced.emitWatermark(slot(3));
        assertThat(out).containsExactly(slot(1));
        clock.advance(1);
        assertThat(out).containsExactly(slot(1), slot(3));
        clock.advance(10 * SpacedWatermarks.SPACE_MILLIS);
        assertThat(out).as("once").containsExactly(slot(1), slot(3));
    }

    @Test
    void liveNoneWaits() throws Exception {
        for (int number = 2; number < 6; number++) {
            clock.advance(Slots.SLOT_MILLIS);
            spaced.emitWatermark(slot(number));
            assertThat(out).endsWith(slot(number)).hasSize(number);
        }
    }

    @Test
    void onlySoManySlotsWait() {
        for (int number = 2; number <= 3 * SpacedWatermarks.SLOTS; number++) {
            spaced.emitWatermark(slot(number));
        }
        assertThat(out)
                .containsExactly(slot(1), slot(1 + SpacedWatermarks.SLOTS), slot(1 + 2 * SpacedWatermarks.SLOTS));
    }

    @Test
    void theEndDoesNotWait() {
        spaced.emitWatermark(slot(2));
        spaced.emitWatermark(Watermark.MAX_WATERMARK);
        assertThat(out).containsExactly(slot(1), Watermark.MAX_WATERMARK);
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() throws Exception {
        clock.setCurrentTime(0);
        spaced.emitWatermark(slot(2));
        assertThat(out).containsExactly(slot(1), slot(2));
    }

    @Test
    void whatWaitsComesBeforeASourceFallsIdle() {
        spaced.emitWatermark(slot(2));
        spaced.emitWatermarkStatus(WatermarkStatus.IDLE);
        assertThat(out).containsExactly(slot(1), slot(2), WatermarkStatus.IDLE);
    }

    @Test
    @SuppressWarnings("try") // a harness may be interrupted when it closes
    void aLateEventComesBehindTheWatermarkThatMakesItLate() throws Exception {
        Configuration defaults = new Configuration();
        Classifier classifier = new Classifier(
                List.of(), Identities.of(defaults), Exemptions.none(), false, Set.of(Source.KUBERNETES_AUDIT), false);
        long start = Slots.startOf(AuditEvents.T0.toEpochMilli());
        try (var harness =
                new OneInputStreamOperatorTestHarness<SecurityEvent, Signal>(new ClassifyOperator(classifier))) {
            harness.open();
            harness.processWatermark(start + Slots.SLOT_MILLIS - 1);
            harness.processWatermark(start + 2 * Slots.SLOT_MILLIS - 1);
            harness.processElement(new StreamRecord<>(at(20)));
            assertThat(harness.getOutput()).as("it is newer").hasSize(1);
            harness.processElement(new StreamRecord<>(at(19)));
            assertThat(harness.getOutput()).hasSize(2);
        }
    }

    private static SecurityEvent at(int second) {
        long start = Slots.startOf(AuditEvents.T0.toEpochMilli());
        return AuditEvents.event()
                .at(Duration.ofMillis(start - AuditEvents.T0.toEpochMilli()).plusSeconds(second))
                .build();
    }
}
