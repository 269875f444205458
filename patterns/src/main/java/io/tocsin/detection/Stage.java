package io.tocsin.detection;

import io.tocsin.signal.Signal;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;

/** Conditions of patterns. */
public final class Stage {
    private Stage() {}

    /** Signals of this stage. */
    public static SimpleCondition<Signal> is(String stage) {
        return SimpleCondition.of(signal -> signal.stage().equals(stage));
    }

    /** Signals of this stage that stand for so many. */
    public static SimpleCondition<Signal> atLeast(String stage, int count) {
        return SimpleCondition.of(signal -> signal.stage().equals(stage) && signal.count() >= count);
    }
}
