package io.tocsin.detection;

import io.tocsin.event.Slots;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Hands watermarks on in groups. A replay passes thousands of slots a second, and the watermark of each would go to every task of
 * every detection; so one that follows another within {@value #SPACE_MILLIS} ms of wall clock waits, until that time is over or
 * {@value #SLOTS} slots have passed. Live, a slot takes ten seconds, and none waits.
 *
 * <p>A watermark that waits must be {@link #release released} before anything is emitted that is not newer than it: so all that
 * comes behind it does so with or without the wait, all else is newer than either, and no decision behind depends on it.
 */
final class SpacedWatermarks<T> implements Output<StreamRecord<T>> {
    /** As Flink spaces the watermarks of its own sources. */
    static final long SPACE_MILLIS = 200;
    /** What waits behind is looked through once a slot, so there must not be many of them. */
    static final int SLOTS = 16;

    private final Output<StreamRecord<T>> out;
    private final ProcessingTimeService clock;
    private @Nullable Watermark held;
    private long handedOn = Long.MIN_VALUE;
    private long handedOnAt;
    private boolean timed;

    SpacedWatermarks(Output<StreamRecord<T>> out, ProcessingTimeService clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a failing timer fails the task
    public void emitWatermark(Watermark mark) {
        held = mark;
        long since = clock.getCurrentProcessingTime() - handedOnAt;
        boolean soon = handedOn != Long.MIN_VALUE && since >= 0 && since < SPACE_MILLIS;
        if (!soon || mark.getTimestamp() >= handedOn + SLOTS * Slots.SLOT_MILLIS) {
            release();
        } else if (!timed) {
            timed = true;
            clock.registerTimer(handedOnAt + SPACE_MILLIS, time -> {
                timed = false;
                release();
            });
        }
    }

    /** The time of the watermark that waits, in ms since 1970; {@code Long.MIN_VALUE} if none does. */
    long held() {
        return held == null ? Long.MIN_VALUE : held.getTimestamp();
    }

    /** Hands on the watermark that waits, if one does. */
    void release() {
        Watermark mark = held;
        if (mark != null) {
            held = null;
            handedOn = mark.getTimestamp();
            handedOnAt = clock.getCurrentProcessingTime();
            out.emitWatermark(mark);
        }
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
        release();
        out.emitWatermarkStatus(status);
    }

    @Override
    public void collect(StreamRecord<T> element) {
        out.collect(element);
    }

    @Override
    public <X> void collect(OutputTag<X> tag, StreamRecord<X> element) {
        out.collect(tag, element);
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {
        out.emitLatencyMarker(marker);
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {
        out.emitRecordAttributes(attributes);
    }

    @Override
    public void emitWatermark(WatermarkEvent event) {
        out.emitWatermark(event);
    }

    @Override
    public void close() {
        out.close();
    }
}
