package io.tocsin.detection;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sums in the source's own task chain, so that no record is shuffled to learn that something is missing. A sum goes on when the
 * watermark has passed its slot, when too many are held, and before a checkpoint's barrier: so nothing is lost or counted twice,
 * and the operator has no state. A late record counts too, since it shows that its source speaks.
 *
 * @param <I> what is counted
 */
@SuppressWarnings("NullAway.Init") // made when it is opened
final class PulseOperator<I> extends AbstractStreamOperator<Pulse> implements OneInputStreamOperator<I, Pulse> {
    private static final long serialVersionUID = 1L;

    private final PulseMeter<I> meter;
    private transient PulseSums sums;
    private transient StreamRecord<Pulse> out;

    PulseOperator(PulseMeter<I> meter) {
        this.meter = meter;
    }

    @Override
    public void open() throws Exception {
        super.open();
        sums = new PulseSums();
        out = new StreamRecord<>(null);
        meter.open(new Counts(getRuntimeContext()));
    }

    @Override
    public void processElement(StreamRecord<I> element) {
        meter.measure(element.getValue(), sums);
        if (sums.full()) {
            flush(Long.MAX_VALUE);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush(mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush(Long.MAX_VALUE);
    }

    private void flush(long upTo) {
        sums.flush(upTo, pulse -> output.collect(out.replace(pulse, pulse.slotEnd())));
    }
}
