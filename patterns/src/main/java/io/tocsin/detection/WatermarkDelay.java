package io.tocsin.detection;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Passes everything on and holds the clock back: what comes out so much after its time is not late behind it. */
final class WatermarkDelay<T> extends AbstractStreamOperator<T> implements OneInputStreamOperator<T, T> {
    private static final long serialVersionUID = 1L;

    private final long millis;

    /** Holds back by so many ms; whole slots, so that watermarks stay aligned. */
    WatermarkDelay(long millis) {
        this.millis = millis;
    }

    @Override
    public void processElement(StreamRecord<T> element) {
        output.collect(element);
    }

    @Override
    public void processWatermark(Watermark mark) {
        boolean end = mark.getTimestamp() == Long.MAX_VALUE;
        output.emitWatermark(end ? mark : new Watermark(mark.getTimestamp() - millis));
    }
}
