package io.tocsin.detection;

import io.tocsin.signal.Signal;
import java.time.Instant;
import java.util.Comparator;
import org.apache.flink.api.common.functions.OpenContext;

/** Signals in, signals out, in the event order of signals; of two that are one, the earlier is kept. */
abstract class SignalFunction extends EventOrderFunction<Signal, Signal> {
    private static final long serialVersionUID = 1L;

    private transient Counts counts;

    SignalFunction() {
        super(Outputs.SIGNAL);
    }

    @Override
    public void open(OpenContext context) throws Exception {
        super.open(context);
        counts = new Counts(getRuntimeContext());
    }

    @Override
    final Instant timeOf(Signal signal) {
        return signal.time();
    }

    @Override
    final Comparator<Signal> order() {
        return Signal.EVENT_ORDER;
    }

    @Override
    final String kindOf(Signal signal) {
        return signal.detection() + "|" + signal.stage();
    }

    @Override
    int bound(Signal signal) {
        return Tally.EXACT;
    }

    @Override
    final Signal merge(Signal one, Signal other) {
        if (one.eventId().equals(other.eventId())) {
            counts.add(Counts.DUPLICATES);
        }
        return Signal.EVENT_ORDER.compare(one, other) <= 0 ? one : other;
    }
}
