package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Signal;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Classifies under every watermark, and hands on {@link SpacedWatermarks fewer}. */
@SuppressWarnings("NullAway.Init") // made when it is opened
final class ClassifyOperator extends ProcessOperator<SecurityEvent, Signal> {
    private static final long serialVersionUID = 1L;

    private transient SpacedWatermarks<Signal> spaced;

    ClassifyOperator(Classifier classifier) {
        super(classifier);
    }

    @Override
    public void open() throws Exception {
        spaced = new SpacedWatermarks<>(output, getProcessingTimeService());
        output = spaced;
        super.open();
    }

    @Override
    public void processElement(StreamRecord<SecurityEvent> element) throws Exception {
        if (element.getValue().time().toEpochMilli() <= spaced.held()) {
            spaced.release(); // it is late, and must be so for all behind
        }
        super.processElement(element);
    }
}
