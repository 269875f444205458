package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Pulse.Counter;
import io.tocsin.detections.absence.AuditGap;
import io.tocsin.detections.absence.Blind;
import io.tocsin.detections.absence.SourceSilent;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sums leave the source's task neither twice nor never. */
@SuppressWarnings("try") // a harness may be interrupted when it closes
class PulseOperatorTest {
    private OneInputStreamOperatorTestHarness<SecurityEvent, Pulse> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness(true);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private static OneInputStreamOperatorTestHarness<SecurityEvent, Pulse> harness(boolean enabled) throws Exception {
        Configuration defaults = new Configuration();
        List<Configured<?>> configured = List.of(
                Configured.of(new SourceSilent(), defaults, enabled),
                Configured.of(new AuditGap(), defaults, enabled),
                Configured.of(new Blind(), defaults, enabled));
        OneInputStreamOperatorTestHarness<SecurityEvent, Pulse> harness =
                new OneInputStreamOperatorTestHarness<>(new PulseOperator<>(new PulseMeter.OfEvents(configured)));
        harness.open();
        return harness;
    }

    private static AuditEvents at(long seconds) {
        return AuditEvents.event().at(Duration.ofSeconds(seconds));
    }

    private void send(AuditEvents... events) throws Exception {
        for (AuditEvents event : events) {
            harness.processElement(new StreamRecord<>(event.build()));
        }
    }

    private void watermark(long seconds) throws Exception {
        harness.processWatermark(AuditEvents.T0.plusSeconds(seconds).toEpochMilli() - 1);
    }

    /** What has come since the last call, of one counter. */
    private List<Pulse> pulses(Counter counter) {
        List<Pulse> pulses = new ArrayList<>();
        for (Object out : harness.getOutput()) {
            if (out instanceof StreamRecord<?> record
                    && record.getValue() instanceof Pulse pulse
                    && pulse.counter() == counter) {
                pulses.add(pulse);
            }
        }
        return pulses;
    }

    private long records() {
        return pulses(Counter.RECORDS).stream().mapToLong(Pulse::count).sum();
    }

    @Test
    void addsUpTheRecordsOfASlotAndHandsThemOnWhenItIsOver() throws Exception {
        send(at(1), at(3), at(9), at(12), at(4).in("c2"));
        watermark(10);
        assertThat(records()).isEqualTo(4);
        Pulse pulse = pulses(Counter.RECORDS).stream()
                .filter(one -> one.scope().equals("c1"))
                .findFirst()
                .orElseThrow();
        assertThat(pulse.count()).isEqualTo(3);
        assertThat(pulse.firstMillis()).isEqualTo(AuditEvents.T0.plusSeconds(1).toEpochMilli());
        assertThat(pulse.lastMillis()).isEqualTo(AuditEvents.T0.plusSeconds(9).toEpochMilli());
        watermark(20);
        watermark(30);
        assertThat(records()).isEqualTo(5);
    }

    @Test
    void handsEverythingOnBeforeTheBarrierAndHasNoState() throws Exception {
        send(at(1), at(12));
        harness.prepareSnapshotPreBarrier(1);
        assertThat(records()).isEqualTo(2);
        assertThat(harness.snapshot(1, 1).hasState()).isFalse();
        send(at(3));
        watermark(100);
        assertThat(records()).isEqualTo(3);
    }

    @Test
    void handsOnWhatIsLate() throws Exception {
        watermark(100);
        send(at(3));
        watermark(110);
        assertThat(records()).isEqualTo(1);
    }

    @Test
    void handsOnWhatIsTooMuchToHold() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            send(at(1).in("forged-" + i));
        }
        assertThat(records()).isGreaterThan(20_000);
        watermark(10);
        assertThat(records()).isEqualTo(100_000);
    }

    @Test
    void tellsANeedOnceADay() throws Exception {
        for (int hour = 0; hour < 30; hour++) {
            send(at(hour * 3_600L));
        }
        watermark(1_000_000);
        assertThat(pulses(Counter.NEED))
                .filteredOn(pulse -> pulse.of().equals(Need.AUDIT_EVENTS.name()))
                .hasSize(2);
    }

    @Test
    void tellsAWritesAnswerBySlotOfItsReceipt() throws Exception {
        send(at(25).doing("create", "pods", "web", "a")
                .having(builder -> builder.received = AuditEvents.T0.plusSeconds(1)));
        send(at(25).doing("create", "pods", "web", "a").sub("exec"), at(25).doing("get", "pods", "web", "a"));
        watermark(30);
        assertThat(pulses(Counter.ANSWERED)).singleElement().satisfies(pulse -> {
            assertThat(pulse.of()).isEqualTo("create");
            assertThat(pulse.about()).isEqualTo(AuditEvents.T0.plusSeconds(10).toEpochMilli() - 1);
            assertThat(pulse.slotEnd()).isEqualTo(AuditEvents.T0.plusSeconds(30).toEpochMilli() - 1);
        });
    }

    @Test
    void aChangeIsToldOnceAndOfAFloodTheFirstFew() throws Exception {
        for (int i = 99; i >= 0; i--) {
            AuditEvents change = at(0).doing("delete", "daemonsets", "logging", "fluent-bit-" + i)
                    .at(AuditEvents.T0.plusMillis(i));
            send(change, change);
        }
        watermark(10);
        assertThat(pulses(Counter.CHANGE)).hasSize(8).allSatisfy(pulse -> assertThat(
                        Objects.requireNonNull(pulse.change()).time())
                .isBefore(AuditEvents.T0.plusMillis(8)));
    }

    @Test
    void saysNothingWhenNothingThatIsMissingIsLookedFor() throws Exception {
        try (OneInputStreamOperatorTestHarness<SecurityEvent, Pulse> off = harness(false)) {
            off.processElement(new StreamRecord<>(at(1).build()));
            off.processWatermark(Long.MAX_VALUE);
            assertThat(off.extractOutputStreamRecords()).isEmpty();
        }
    }
}
