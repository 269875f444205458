package io.tocsin.detection;

import io.tocsin.signal.Signal;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Tells signals that ask a history from those that count as they are. */
final class Asking extends ProcessFunction<Signal, Signal> {
    private static final long serialVersionUID = 1L;

    private final OutputTag<Signal> questions;

    Asking(OutputTag<Signal> questions) {
        this.questions = questions;
    }

    @Override
    public void processElement(Signal signal, Context context, Collector<Signal> out) {
        if (signal.owner() == null) {
            out.collect(signal);
        } else {
            context.output(questions, signal);
        }
    }
}
