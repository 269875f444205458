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
 * @param alike set if of the events that say the same of an entity within a slot, by this answer, the earliest is enough
 * @param join set if a part of the keys, {@link Join#UNKNOWN}, is told by another record
 * @param matching set if events must match the match rule of this id, too
 * @param looksAtIds set if anything here depends on an event's time or ids; else events that differ in nothing else are the same to
 *     it, and a repeated one is not looked at again
 */
public record SignalRule(
        String stage,
        Predicate<SecurityEvent> when,
        Entity per,
        @Nullable Rate rate,
        Newness newness,
        Relay relay,
        @Nullable Function<SecurityEvent, String> alike,
        @Nullable Join join,
        @Nullable String matching,
        boolean looksAtIds) {

    /**
     * A count over a window.
     *
     * @param distinct what is counted: each distinct value once; null values are not counted
     * @param weight how much a value counts
     * @param threshold the weight at which the rate speaks
     * @param window the span in which values count; at least one slot
     * @param aboveBaseline whether the count must also exceed what is usual for the entity: the median over its closed days of the
     *     largest count of each day
     * @param baselineFactor how many times what is usual the count must exceed; 1 or more
     * @param grains into how many spans the window is cut, in each of which a value counts once
     */
    public record Rate(
            Function<SecurityEvent, @Nullable String> distinct,
            ToIntFunction<SecurityEvent> weight,
            int threshold,
            Duration window,
            boolean aboveBaseline,
            int baselineFactor,
            int grains) {
        private static final int FINE = 16;
        private static final int COARSE = 4;

        /** One with the usual grain that, if it asks for what is usual, is silent up to that. */
        public Rate(
                Function<SecurityEvent, @Nullable String> distinct,
                ToIntFunction<SecurityEvent> weight,
                int threshold,
                Duration window,
                boolean aboveBaseline) {
            this(distinct, weight, threshold, window, aboveBaseline, 1, FINE);
        }

        /**
         * A value repeated within so many ms counts at its earliest observation: a slot, or that part of the window, in whole slots.
         */
        public long grainMillis() {
            long slots = window.toMillis() / grains / Slots.SLOT_MILLIS;
            return Math.max(1, slots) * Slots.SLOT_MILLIS;
        }

        private Rate weighing(ToIntFunction<SecurityEvent> by) {
            return new Rate(distinct, by, threshold, window, aboveBaseline, baselineFactor, grains);
        }

        private Rate aboveBaseline(int factor) {
            return new Rate(distinct, weight, threshold, window, true, factor, grains);
        }

        private Rate coarsely() {
            return new Rate(distinct, weight, threshold, window, aboveBaseline, baselineFactor, COARSE);
        }
    }

    /**
     * What a history is asked about an event's address.
     *
     * @param recall {@link Recall#REFUSAL}, {@link Recall#SUCCESS}, {@link Recall#LESSON}, {@link Recall#STRANGER},
     *     {@link Recall#FIRST}, {@link Recall#NEW_USE}, {@link Recall#NEW_OR_OUTSIDE_USE}, {@link Recall#FIRST_USE},
     *     {@link Recall#ELSEWHERE}, {@link Recall#PRESENCE}, {@link Recall#NEWS}, {@link Recall#NEW_ADDRESS} or
     *     {@link Recall#NOTHING}
     * @param knownAfter how long after its first counted success an address stays new; of uses and news: how long after its first an
     *     owner has nothing that is new
     * @param among whose history is taught by a lesson and asked about a stranger, and about what is done for the first time; to
     *     whom {@link Relay#MADE_KNOWN} makes an entity known, where null is the cluster
     * @param anyway events that count whatever history says, and teach it nothing
     * @param uses what is followed from place to place
     */
    public record Newness(
            Recall recall,
            Duration knownAfter,
            @Nullable Entity among,
            Predicate<SecurityEvent> anyway,
            @Nullable Uses uses) {
        /** No history is asked. */
        public static final Newness IGNORED = new Newness(Recall.NOTHING, Duration.ZERO);

        /** Of an address. */
        public Newness(Recall recall, Duration knownAfter) {
            this(recall, knownAfter, null, event -> false, null);
        }

        /** Of what is done, or by whom, among some. */
        public Newness(Recall recall, Duration knownAfter, @Nullable Entity among) {
            this(recall, knownAfter, among, event -> false, null);
        }

        /** The same, but for events that count whatever history says. */
        public Newness butAlways(Predicate<SecurityEvent> counting) {
            return new Newness(recall, knownAfter, among, counting, uses);
        }

        /** Whether history is asked about this event. */
        public boolean asks(SecurityEvent event) {
            return recall != Recall.NOTHING && !anyway.test(event);
        }

        /** Whether it is asked where a credential or a node was used, and not where an identity was let in. */
        public boolean ofUse() {
            return recall == Recall.NEW_USE || recall == Recall.NEW_OR_OUTSIDE_USE || recall == Recall.FIRST_USE;
        }
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
        return new SignalRule(stage, when, per, null, Newness.IGNORED, Relay.EACH, null, null, null, false);
    }

    /** A stage of single events that match a match rule, whether or not that raises alerts of its own. */
    public static SignalRule rule(String stage, Entity per, String rule) {
        return match(stage, per, event -> true).matching(rule);
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
        return new SignalRule(stage, when, per, rate, Newness.IGNORED, Relay.EACH, null, null, null, false);
    }

    /** A stage that counts events, each with weight 1. */
    public static SignalRule events(
            String stage, Entity per, Predicate<SecurityEvent> when, int threshold, Duration window) {
        return rate(stage, per, when, SecurityEvent::id, threshold, window).lookingAtIds();
    }

    /** The same rule, for events whose address is new to their identity. */
    public SignalRule whereNew(Newness newness) {
        return new SignalRule(stage, when, per, rate, newness, relay, alike, join, matching, looksAtIds);
    }

    /** The same rule, for events that match a match rule, too, whether or not that raises alerts of its own. */
    public SignalRule matching(String rule) {
        return new SignalRule(stage, when, per, rate, newness, relay, alike, join, rule, looksAtIds);
    }

    /**
     * The same rule, which tells events apart by their times or ids: by {@link SecurityEvent#time()}, {@link SecurityEvent#id()} or
     * what that is made of. Without this it sees them only on the first of events that differ in nothing else.
     */
    public SignalRule lookingAtIds() {
        return new SignalRule(stage, when, per, rate, newness, relay, alike, join, matching, true);
    }

    /** The same rule, with values that count by weight. */
    public SignalRule weighing(ToIntFunction<SecurityEvent> weight) {
        return counting(counting().weighing(weight));
    }

    /** The same rule, silent up to what is usual for the entity. */
    public SignalRule aboveBaseline() {
        return aboveBaseline(1);
    }

    /** The same rule, silent up to so many times what is usual for the entity. */
    public SignalRule aboveBaseline(int factor) {
        return counting(counting().aboveBaseline(factor));
    }

    /**
     * The same rule, whose values, repeated within a quarter of the window, count at the earliest. For values that everybody repeats
     * all day: it keeps signals rare, and a value whose last observation is older than three quarters of the window may be
     * forgotten.
     */
    public SignalRule coarsely() {
        return counting(counting().coarsely());
    }

    /** The same rule, with another relay. */
    public SignalRule relaying(Relay relay) {
        return new SignalRule(stage, when, per, rate, newness, relay, alike, join, matching, looksAtIds);
    }

    /**
     * The same rule, with another relay, of {@link Relay#MADE_KNOWN} and {@link Relay#EVERY_KNOWN}: what is made known among some
     * counts for these only, such as those of one namespace. An event that is among none has no say.
     */
    public SignalRule relaying(Relay relay, Entity among) {
        Newness knowing = new Newness(newness.recall(), newness.knownAfter(), among);
        return new SignalRule(stage, when, per, rate, knowing, relay, alike, join, matching, looksAtIds);
    }

    /** The same rule, of whose events that agree in this the earliest of each slot is enough; for a stage that does not count. */
    public SignalRule oncePerSlot(Function<SecurityEvent, String> alike) {
        return new SignalRule(stage, when, per, rate, newness, relay, alike, join, matching, looksAtIds);
    }

    /**
     * No stage but what a detection has to know beside its stages: where these entities call from. Of an entity and an address
     * one a day leaves its task.
     */
    public static SignalRule lesson(String name, Entity of, Predicate<SecurityEvent> when) {
        Newness lesson = new Newness(Recall.LESSON, Duration.ZERO, of);
        return new SignalRule(name, when, of, null, lesson, Relay.EACH, null, null, null, false);
    }

    /** The same rule, for events from where the entity, if there is one, is not known by {@link #lesson} to call from. */
    public SignalRule fromElsewhereThan(Entity entity) {
        return whereNew(new Newness(Recall.STRANGER, Duration.ZERO, entity));
    }

    /**
     * No stage but what brings about the effects of a stage: a cause known under another key than they are.
     *
     * @param of what is changed: where cause and effects meet
     * @param says what it brings about, comma-separated; the empty string for nothing
     * @param standing of which events nobody brought it about: they only tell how it is
     */
    public static SignalRule cause(
            String name,
            Entity of,
            Predicate<SecurityEvent> when,
            Function<SecurityEvent, String> says,
            Predicate<SecurityEvent> standing) {
        Newness cause = new Newness(Recall.CAUSE, Duration.ZERO, of).butAlways(standing);
        return new SignalRule(name, when, of, null, cause, Relay.EACH, says, null, null, false);
    }

    /**
     * The same rule, whose events are effects of what was brought about by a {@link #cause}, before or after. Where that is known
     * to be nothing they don't count; else they do, with what is said of it as {@link Signal#caused}. The signal begins where both
     * happened within the window: {@link Signal#since()} is then the earlier one, and its evidence holds both.
     *
     * @param among where cause and effects meet
     * @param says what the effect itself is; the value of its signal
     * @param always of which events it counts too where nothing is known
     */
    public SignalRule causedIn(Entity among, Function<SecurityEvent, String> says, Predicate<SecurityEvent> always) {
        Newness effect = new Newness(Recall.EFFECT, Duration.ZERO, among).butAlways(always);
        return new SignalRule(stage, when, per, rate, effect, relay, says, join, matching, looksAtIds);
    }

    /**
     * The same rule, of whose values those that are not new to this entity are left out, where there is one: what it did before is
     * what it does all day. Values are what a rate counts, or what makes events {@link #oncePerSlot alike}; they are remembered as
     * long as any history, at most some thousand of an entity. Of an entity and a value one a day leaves its task.
     */
    public SignalRule onlyNewTo(Entity entity) {
        return whereNew(new Newness(Recall.FIRST, Duration.ZERO, entity));
    }

    /**
     * The same rule, for uses of what is in use at another place, too.
     *
     * @param knownAfter how long after its first use there a place is no longer news
     */
    public SignalRule whereUsedElsewhere(Uses uses, Duration knownAfter) {
        return whereNew(new Newness(Recall.ELSEWHERE, knownAfter, null, event -> false, uses));
    }

    /** The same rule, the missing part of whose keys is what this leads to. */
    public SignalRule joining(Join by) {
        return new SignalRule(stage, when, per, rate, newness, relay, alike, by, matching, looksAtIds);
    }

    /**
     * What may be new to an entity that has a history. Of an entity and a thing one a day leaves its task.
     *
     * @param what what is remembered; not null of events it is asked about
     * @param minHistory how long the entity must be known
     */
    public static SignalRule news(
            String stage,
            Entity of,
            Predicate<SecurityEvent> when,
            Function<SecurityEvent, String> what,
            Duration minHistory) {
        return new SignalRule(
                stage, when, of, null, new Newness(Recall.NEWS, minHistory), Relay.EACH, what, null, null, false);
    }

    /** No stage but what shows, beside its {@link #news}, that an entity is there. Of an entity one a day leaves its task. */
    public static SignalRule presence(String name, Entity of, Predicate<SecurityEvent> when) {
        Newness presence = new Newness(Recall.PRESENCE, Duration.ZERO);
        return new SignalRule(name, when, of, null, presence, Relay.EACH, event -> "", null, null, false);
    }

    private SignalRule counting(Rate counted) {
        return new SignalRule(stage, when, per, counted, newness, relay, alike, join, matching, looksAtIds);
    }

    private Rate counting() {
        if (rate == null) {
            throw new IllegalStateException("stage " + stage + " does not count");
        }
        return rate;
    }
}
