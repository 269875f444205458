package io.tocsin.signal;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which events become which signal of which entity. Built once per task from a detection and its parameters; a parameter may
 * change conditions, thresholds and windows, never stages.
 *
 * @param stage the stage's name; it is state
 * @param when which events
 * @param per whom they concern
 * @param rate set if the stage counts: then only crossing the threshold is a signal for what follows
 * @param newness what history is asked first
 * @param relay which of the many events that say the same need to leave their task
 */
public record SignalRule(
        String stage, Predicate<SecurityEvent> when, Entity per, @Nullable Rate rate, Newness newness, Relay relay) {

    /**
     * A count over a window.
     *
     * @param distinct what is counted: each distinct value once; null values are not counted
     * @param weight how much a value counts
     * @param threshold the weight at which the rate speaks
     * @param window the span in which values count; at least one slot
     * @param aboveBaseline whether the count must also exceed what is usual for the entity: the median over its closed days of the
     *     largest count of each day
     */
    public record Rate(
            Function<SecurityEvent, @Nullable String> distinct,
            ToIntFunction<SecurityEvent> weight,
            int threshold,
            Duration window,
            boolean aboveBaseline) {
        private static final int GRAINS = 16;

        /** A value repeated within so many ms counts at its earliest observation: a slot, or a 16th of the window in whole slots. */
        public long grainMillis() {
            long slots = window.toMillis() / GRAINS / Slots.SLOT_MILLIS;
            return Math.max(1, slots) * Slots.SLOT_MILLIS;
        }
    }

    /**
     * What a history is asked about an event's address.
     *
     * @param recall {@link Recall#REFUSAL}, {@link Recall#SUCCESS}, or {@link Recall#NOTHING}
     * @param knownAfter how long after its first counted success an address stays new
     */
    public record Newness(Recall recall, Duration knownAfter) {
        /** No history is asked. */
        public static final Newness IGNORED = new Newness(Recall.NOTHING, Duration.ZERO);
    }

    /** Which events leave their task. Forgetting costs a shuffle, never an answer. */
    public enum Relay {
        /** Each. */
        EACH,
        /** Of one entity and address the earliest, and one a day. */
        FIRST_PER_ADDRESS,
        /** Of one entity the earliest of each slot. */
        FIRST_PER_SLOT,
        /** Each, and it makes the entity known to the cluster, for a later stage that names none. */
        MADE_KNOWN,
        /** Each; one that names no entity counts for every entity made known. */
        EVERY_KNOWN
    }

    /** A stage of single events. */
    public static SignalRule match(String stage, Entity per, Predicate<SecurityEvent> when) {
        return new SignalRule(stage, when, per, null, Newness.IGNORED, Relay.EACH);
    }

    /** A stage that counts distinct values, each with weight 1. */
    public static SignalRule rate(
            String stage,
            Entity per,
            Predicate<SecurityEvent> when,
            Function<SecurityEvent, @Nullable String> distinct,
            int threshold,
            Duration window) {
        Rate rate = new Rate(distinct, event -> 1, threshold, window, false);
        return new SignalRule(stage, when, per, rate, Newness.IGNORED, Relay.EACH);
    }

    /** The same rule, for events whose address is new to their identity. */
    public SignalRule whereNew(Newness newness) {
        return new SignalRule(stage, when, per, rate, newness, relay);
    }

    /** The same rule, with values that count by weight. */
    public SignalRule weighing(ToIntFunction<SecurityEvent> weight) {
        Rate counting = counting();
        Rate weighed = new Rate(
                counting.distinct(), weight, counting.threshold(), counting.window(), counting.aboveBaseline());
        return new SignalRule(stage, when, per, weighed, newness, relay);
    }

    /** The same rule, silent up to what is usual for the entity. */
    public SignalRule aboveBaseline() {
        Rate counting = counting();
        Rate above = new Rate(counting.distinct(), counting.weight(), counting.threshold(), counting.window(), true);
        return new SignalRule(stage, when, per, above, newness, relay);
    }

    /** The same rule, with another relay. */
    public SignalRule relaying(Relay relay) {
        return new SignalRule(stage, when, per, rate, newness, relay);
    }

    private Rate counting() {
        if (rate == null) {
            throw new IllegalStateException("stage " + stage + " does not count");
        }
        return rate;
    }
}
