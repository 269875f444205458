package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Join;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import io.tocsin.signal.Uses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * One rule in one task, with what it remembers of what it has handed on: which events become which signals, and whom they have to ask
 * first. What it remembers spares shuffles and never changes an answer.
 */
final class StageRule {
    private static final int OWNERS = 50_000;
    private static final Duration REFRESH = Duration.ofDays(1);
    private static final Duration REFUSED_LATELY = Duration.ofHours(1);

    private final OutputTag<Signal> direct;
    private final OutputTag<Signal> questions;
    private final OutputTag<Lookup> lookups;
    private final String signalsOfStage;
    private final DetectionInfo info;
    private final SignalRule rule;
    private final int rank;
    private final boolean later;
    private final boolean looksAtIds;
    private final SeenBefore addresses;
    private final Desk desk;
    private final SeenBefore seen = new SeenBefore(OWNERS);
    private final FirstOfSlot firsts = new FirstOfSlot();

    /** What the rules of a task share. */
    interface Desk {
        /** The event's id, made once and only of an event that becomes a signal. */
        String idOf(SecurityEvent event);

        /** Whether a detection of this clock group, whose histories are its own, has the use of this event's credential sighted. */
        boolean isSighted(SecurityEvent event, String clockGroup);

        /** Whether the event being looked at matches the rule of this id. */
        boolean matches(String rule);

        /** Whether that may depend on the event's time and ids. */
        boolean matchesVary(String rule);

        /** What was told today. */
        FirstOfDay days();

        /** Which addresses outside are the cluster's own; null if that is not learned. */
        @Nullable
        LearnedEgress egress();

        Counts counts();
    }

    /**
     * A rule.
     *
     * @param rank its place in its detection
     * @param later whether it is a stage behind the opener
     * @param addresses what the rules of its detection have handed on of addresses
     */
    StageRule(DetectionInfo info, SignalRule rule, int rank, boolean later, SeenBefore addresses, Desk desk) {
        this.direct = Outputs.signals(info.clockGroup());
        this.questions = Outputs.questions(info.clockGroup());
        this.lookups = Outputs.lookups(info.clockGroup());
        this.signalsOfStage = Counts.SIGNALS_OF + info.id() + "/" + rule.stage();
        this.info = info;
        this.rule = rule;
        this.rank = rank;
        this.later = later;
        this.addresses = addresses;
        this.desk = desk;
        this.looksAtIds = rule.looksAtIds() || (rule.matching() != null && desk.matchesVary(rule.matching()));
    }

    /** What remembers the addresses of one detection's owners. */
    static SeenBefore addresses() {
        return new SeenBefore(OWNERS);
    }

    /** Whether the event is of this stage. */
    boolean isOf(SecurityEvent event) {
        return (rule.matching() == null || desk.matches(rule.matching()))
                && rule.when().test(event);
    }

    /** Whose stage it is. */
    String detection() {
        return info.id();
    }

    /** Whether an event that repeats another in all but time and ids may still be of another stage, or say something else. */
    boolean looksAtIds() {
        return looksAtIds;
    }

    /** The logs whose events can be of this stage. */
    Set<Source> sources() {
        return info.sources();
    }

    /**
     * Hands on the signals of an event of this stage.
     *
     * @param quiet hears why there are none, and so when events that repeat this one have none
     */
    void emit(SecurityEvent event, ProcessFunction<SecurityEvent, Signal>.Context context, Quiet quiet) {
        quiet.start();
        if (looksAtIds) {
            quiet.spoke();
        }
        if (isToldOnceADay()) {
            tellOnceADay(event, context, quiet);
        } else {
            ask(event, context, quiet);
        }
    }

    private boolean isToldOnceADay() {
        Recall asked = rule.newness().recall();
        return asked == Recall.NEWS || asked == Recall.PRESENCE;
    }

    private void tellOnceADay(
            SecurityEvent event, ProcessFunction<SecurityEvent, Signal>.Context context, Quiet quiet) {
        String value = rule.alike() == null ? "" : rule.alike().apply(event);
        for (String key : keys(event, quiet)) {
            FirstOfDay.Said said = new FirstOfDay.Said(signalsOfStage, value, key);
            if (desk.days().mayBeFirst(said, event.time())) {
                String owner = Keys.of(event.scope(), "news", key);
                send(event, key, rule.newness().recall(), owner, value, 1, context, quiet);
            } else {
                desk.days().tellQuiet(said, quiet);
            }
        }
    }

    /** Whom an event concerns. Of nobody there is nothing to say, unless it is remembered; of several it is not told when. */
    private List<String> keys(SecurityEvent event, Quiet quiet) {
        List<String> keys = rule.per().of(event);
        if (keys.size() > 1) {
            quiet.spoke();
        } else if (keys.isEmpty()
                && (rule.newness().recall() == Recall.NOTHING || isToldOnceADay())
                && rule.relay() != Relay.MADE_KNOWN
                && rule.relay() != Relay.EVERY_KNOWN) {
            quiet.always();
        }
        return keys;
    }

    private void ask(SecurityEvent event, ProcessFunction<SecurityEvent, Signal>.Context context, Quiet quiet) {
        String value = null;
        int weight = 1;
        if (rule.rate() != null) {
            value = rule.rate().distinct().apply(event);
            if (value == null) {
                quiet.always();
                return;
            }
            weight = rule.rate().weight().applyAsInt(event);
        } else if (rule.alike() != null) {
            value = rule.alike().apply(event);
        }
        List<String> keys = keys(event, quiet);
        Recall recall = rule.newness().recall();
        if (recall == Recall.CAUSE || recall == Recall.EFFECT) {
            cause(event, keys, value, context, quiet);
            return;
        }
        String owner = null;
        if (recall == Recall.STRANGER) {
            owner = among(event);
        } else if (recall == Recall.LESSON) {
            String peer = event.peer();
            owner = among(event);
            if (owner == null || peer == null) {
                quiet.always();
                return;
            }
            if (isKnown(seen.owner(owner), peer, event.time(), quiet)) {
                return;
            }
        } else if (recall == Recall.FIRST) {
            String among = among(event);
            owner = among == null ? null : Keys.of(event.scope(), "done", info.id(), rule.stage(), among);
            SeenBefore.Owner done = owner == null ? null : seen.owner(both(owner, value == null ? "" : value));
            if (done != null && isKnown(done, "", event.time(), quiet)) {
                return;
            }
        } else if (recall == Recall.ELSEWHERE) {
            Uses.Use use =
                    rule.newness().uses() == null ? null : rule.newness().uses().of(event);
            if (use == null) {
                quiet.always();
                return;
            }
            if (!isTold(use, event.time(), quiet)) {
                return;
            }
            owner = use.owner();
            value = Places.value(use);
        } else if (rule.newness().asks(event)) {
            AddressOwner asked = rule.newness().ofUse() ? AddressOwner.ofUse(event) : AddressOwner.of(event);
            LearnedEgress learned = asked.equals(AddressOwner.ALWAYS_NEW) ? desk.egress() : null;
            if (learned != null && LearnedEgress.isAsked(event)) {
                if (learned.knows(event)) {
                    learned.tellQuiet(event, quiet);
                    return;
                }
                owner = LearnedEgress.owner(event);
                recall = Recall.OUTSIDE;
            } else if (!asked.maybeNew()) {
                quiet.always();
                return;
            } else if (!mayMatter(event, asked, quiet)) {
                return;
            } else {
                owner = asked.key();
            }
        } else if (rule.relay() == Relay.FIRST_PER_ADDRESS) {
            AddressOwner asked = AddressOwner.of(event);
            owner = asked.credential() ? asked.key() : null;
            recall = Recall.SIGHTING;
        } else if (rule.relay() == Relay.MADE_KNOWN || (rule.relay() == Relay.EVERY_KNOWN && keys.isEmpty())) {
            owner = knowing(event);
            if (owner == null) {
                quiet.always();
                return;
            }
            recall = rule.relay() == Relay.MADE_KNOWN ? Recall.KEY : Recall.EVERY_KEY;
            keys = keys.isEmpty() ? List.of(owner) : keys;
        }
        for (String key : keys) {
            boolean news = recall == Recall.ELSEWHERE || (recall == Recall.FIRST && owner != null);
            if (news || mayBeFirst(event, key, value, owner, quiet)) {
                send(event, key, owner == null ? Recall.NOTHING : recall, owner, value, weight, context, quiet);
            }
        }
    }

    /** Whether a value of an owner is no news. */
    private static boolean isKnown(SeenBefore.Owner owner, String value, Instant time, Quiet quiet) {
        if (owner.hear(value, time, REFRESH)) {
            return false;
        }
        owner.tellQuiet(value, REFRESH, quiet);
        return true;
    }

    /** Two parts as one, for what only this task remembers: the length keeps them apart, whatever they are. */
    private static String both(String part, String other) {
        return part.length() + "|" + part + other;
    }

    /** Whether a use is the earliest of its span that this task has seen, in a span that is told. */
    private boolean isTold(Uses.Use use, Instant time, Quiet quiet) {
        String of = both(use.owner(), use.carrier());
        SeenBefore.Owner carrier = seen.owner(of);
        carrier.hear(use.where(), time, REFRESH);
        Instant first = carrier.indexOf(use.where()) < 0 ? time : carrier.first(use.where());
        long span = Places.spanMillis(first, time);
        boolean ofDay = isFirst(of, use.where(), time, Places.DAY, quiet);
        if (span == Places.DAY) {
            quiet.notBefore(first.plusMillis(Places.YOUNG));
            return ofDay;
        }
        return isFirst(of, use.where(), time, span, quiet);
    }

    private boolean isFirst(String key, String what, Instant time, long grainMillis, Quiet quiet) {
        if (firsts.mayBeFirst(key, what, time, grainMillis)) {
            return true;
        }
        firsts.tellQuiet(key, what, time, grainMillis, quiet);
        return false;
    }

    /** Causes and effects meet in the history of what is changed. Each is sent: what is so now may have been otherwise. */
    private void cause(
            SecurityEvent event,
            List<String> keys,
            @Nullable String value,
            ProcessFunction<SecurityEvent, Signal>.Context context,
            Quiet quiet) {
        String among = among(event);
        if (among == null) {
            quiet.always();
            return;
        }
        boolean told = rule.newness().anyway().test(event);
        boolean cause = rule.newness().recall() == Recall.CAUSE;
        Recall recall = cause ? told ? Recall.STANDING : Recall.CAUSE : told ? Recall.EFFECT : Recall.EFFECT_IF_CAUSED;
        String owner = Keys.of(event.scope(), "changed", info.id(), among);
        for (String key : keys) {
            send(event, key, recall, owner, value, 1, context, quiet);
        }
    }

    private @Nullable String among(SecurityEvent event) {
        List<String> among = rule.newness().among() == null
                ? List.of()
                : rule.newness().among().of(event);
        return among.isEmpty() ? null : among.get(0);
    }

    /** Whose history knows the entities of {@link Relay#MADE_KNOWN}: the cluster's, or that of some within it. */
    private @Nullable String knowing(SecurityEvent event) {
        if (rule.newness().among() == null) {
            return Keys.of(event.scope(), "known", info.id());
        }
        String among = among(event);
        return among == null ? null : Keys.of(event.scope(), "known", info.id(), among);
    }

    private void send(
            SecurityEvent event,
            String key,
            Recall recall,
            @Nullable String owner,
            @Nullable String value,
            int weight,
            ProcessFunction<SecurityEvent, Signal>.Context context,
            Quiet quiet) {
        Join join = rule.join();
        String from = join == null ? null : join.from().apply(event);
        if (join != null && from == null) {
            quiet.always();
            return;
        }
        quiet.spoke();
        String id = desk.idOf(event);
        Signal signal = new Signal(
                info.id(),
                rule.stage(),
                rank,
                event.scope(),
                key,
                event.time(),
                id,
                recall,
                owner,
                value,
                address(event, recall),
                weight,
                1,
                event.time(),
                List.of(Evidence.of(event, id, rule.stage())),
                0);
        if (join != null && from != null) {
            context.output(lookups, Lookup.question(join.kind(), from, signal));
        } else {
            context.output(owner == null ? direct : questions, signal);
        }
        desk.counts().add(Counts.SIGNALS);
        desk.counts().add(signalsOfStage);
    }

    /** What the history is asked about, as a rule the peer. */
    private @Nullable String address(SecurityEvent event, Recall recall) {
        if (recall == Recall.OUTSIDE) {
            return event.credentialNode();
        }
        boolean ofUse = recall != Recall.NOTHING && rule.newness().ofUse();
        return ofUse ? AddressOwner.used(event) : event.peer();
    }

    /**
     * Whether history needs to hear of this. A refusal always. A success not if this task has handed its address on long
     * enough ago: then the history knows the address, and the success neither counts nor teaches. Of a credential inside the
     * cluster the first success from each address is enough, until a second address is seen or a request is refused; and not
     * even that is needed of its home where another detection has credentials sighted.
     */
    private boolean mayMatter(SecurityEvent event, AddressOwner asked, Quiet quiet) {
        String address = rule.newness().ofUse() ? AddressOwner.used(event) : event.peer();
        if (asked.key() == null || address == null) {
            return true;
        }
        SeenBefore.Owner owner = addresses.owner(asked.key());
        Instant time = event.time();
        if (rule.newness().recall() == Recall.REFUSAL) {
            owner.refusedAt(time);
            return true;
        }
        if (rule.newness().recall() == Recall.NEW_ADDRESS) {
            return true; // what is asked here has taught nothing
        }
        if (rule.newness().ofUse()) {
            return !isKnown(owner, address, time, quiet);
        }
        boolean news = owner.hear(address, time, REFRESH);
        if (news && !(asked.credential() && owner.size() == 1 && desk.isSighted(event, info.clockGroup()))) {
            return true;
        }
        // An owner with too many addresses doesn't remember this one.
        boolean young = owner.indexOf(address) < 0
                || time.isBefore(owner.first(address).plus(rule.newness().knownAfter()));
        if (young && (!asked.credential() || owner.size() > 1 || owner.refusedSince(time.minus(REFUSED_LATELY)))) {
            return true;
        }
        // At a later time the address is no younger, and what was refused was refused longer ago.
        owner.tellQuiet(address, REFRESH, quiet);
        quiet.notBefore(time);
        return false;
    }

    private boolean mayBeFirst(
            SecurityEvent event, String key, @Nullable String value, @Nullable String owner, Quiet quiet) {
        if (value != null) {
            // Behind an opener a value counts anew: one before it must not hide the one after.
            long grain = rule.rate() == null || later
                    ? Slots.SLOT_MILLIS
                    : rule.rate().grainMillis();
            return isFirst(key, value, event.time(), grain, quiet);
        }
        if (owner != null && rule.newness().ofUse() && addresses.owner(owner).size() < SeenBefore.VALUES) {
            return true; // only news come this far, and history has to hear all of them
        }
        if (rule.relay() == Relay.FIRST_PER_SLOT) {
            return isFirst(key, "", event.time(), Slots.SLOT_MILLIS, quiet);
        }
        if (rule.relay() != Relay.FIRST_PER_ADDRESS) {
            return true;
        }
        String address = event.peer();
        if (address == null) {
            quiet.always();
            return false;
        }
        String carrier = AddressOwner.carrier(event);
        if (carrier != null && !carrier.equals(event.credentialId())) {
            // A pod's tokens come and go every hour: those used where the pod's first was used say nothing new.
            SeenBefore.Owner carriers = seen.owner(Keys.of(event.scope(), "carrier", carrier));
            boolean usual = carriers.indexOf(address) == 0;
            boolean news = !isKnown(carriers, address, event.time(), quiet);
            if (usual || news) {
                return news;
            }
        }
        return !isKnown(seen.owner(key), address, event.time(), quiet);
    }
}
