package io.tocsin.detection;

import io.tocsin.signal.Signal;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;

/**
 * A stage that counts must have begun to count when the stage before it had happened: else the match would take it and be
 * nothing, and miss the count that is right.
 */
final class StartsAfter extends IterativeCondition<Signal> {
    private static final long serialVersionUID = 1L;

    private final String previous;

    StartsAfter(String previous) {
        this.previous = previous;
    }

    @Override
    public boolean filter(Signal signal, Context<Signal> context) throws Exception {
        if (signal.since().equals(signal.time())) {
            return true;
        }
        for (Signal before : context.getEventsForPattern(previous)) {
            if (signal.since().isBefore(before.time())) {
                return false;
            }
        }
        return true;
    }
}
