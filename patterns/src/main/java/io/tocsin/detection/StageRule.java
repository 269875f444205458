package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
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

    /** Hands on the signals of an event of this stage. */
    void emit(SecurityEvent event, ProcessFunction<SecurityEvent, Signal>.Context context) {
        Recall asked = rule.newness().recall();
        if (asked == Recall.NEWS || asked == Recall.PRESENCE) {
            tellOnceADay(event, context);
        } else {
            ask(event, context);
        }
    }

    private void tellOnceADay(SecurityEvent event, ProcessFunction<SecurityEvent, Signal>.Context context) {
        String value = rule.alike() == null ? "" : rule.alike().apply(event);
        for (String key : rule.per().of(event)) {
            // The length keeps value and key apart, whatever they are.
            String said = info.id() + "|" + rule.stage() + "|" + value.length() + "|" + value + key;
            if (desk.days().mayBeFirst(said, event.time())) {
                String owner = Keys.of(event.scope(), "news", info.id(), key);
                send(event, key, rule.newness().recall(), owner, value, 1, context);
            }
        }
    }

    private void ask(SecurityEvent event, ProcessFunction<SecurityEvent, Signal>.Context context) {
        String value = null;
        int weight = 1;
        if (rule.rate() != null) {
            value = rule.rate().distinct().apply(event);
            if (value == null) {
                return;
            }
            weight = rule.rate().weight().applyAsInt(event);
        } else if (rule.alike() != null) {
            value = rule.alike().apply(event);
        }
        List<String> keys = rule.per().of(event);
        Recall recall = rule.newness().recall();
        if (recall == Recall.CAUSE || recall == Recall.EFFECT) {
            cause(event, keys, value, context);
            return;
        }
        String owner = null;
        if (recall == Recall.LESSON || recall == Recall.STRANGER) {
            owner = among(event);
            boolean lesson = recall == Recall.LESSON;
            if (lesson && (owner == null || event.peer() == null || !isLesson(owner, event.peer(), event.time()))) {
                return;
            }
        } else if (recall == Recall.FIRST) {
            String among = among(event);
            owner = among == null ? null : Keys.of(event.scope(), "done", info.id(), rule.stage(), among);
            if (owner != null && !isNews(owner, value, event.time())) {
                return;
            }
        } else if (recall == Recall.ELSEWHERE) {
            Uses.Use use =
                    rule.newness().uses() == null ? null : rule.newness().uses().of(event);
            if (use == null || !isTold(use, event.time())) {
                return;
            }
            owner = use.owner();
            value = Places.value(use);
        } else if (rule.newness().asks(event)) {
            AddressOwner asked = rule.newness().ofUse() ? AddressOwner.ofUse(event) : AddressOwner.of(event);
            LearnedEgress learned = asked.equals(AddressOwner.ALWAYS_NEW) ? desk.egress() : null;
            if (learned != null && LearnedEgress.isAsked(event)) {
                if (learned.knows(event)) {
                    return;
                }
                owner = LearnedEgress.owner(event);
                recall = Recall.OUTSIDE;
            } else if (!asked.maybeNew() || !mayMatter(event, asked)) {
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
                return;
            }
            recall = rule.relay() == Relay.MADE_KNOWN ? Recall.KEY : Recall.EVERY_KEY;
            keys = keys.isEmpty() ? List.of(owner) : keys;
        }
        for (String key : keys) {
            boolean news = recall == Recall.ELSEWHERE || (recall == Recall.FIRST && owner != null);
            if (news || mayBeFirst(event, key, value, owner)) {
                send(event, key, owner == null ? Recall.NOTHING : recall, owner, value, weight, context);
            }
        }
    }

    private boolean isNews(String owner, @Nullable String value, Instant time) {
        return seen.owner(Keys.of(owner, value == null ? "" : value)).hear("", time, REFRESH);
    }

    /** Whether a use is the earliest of its span that this task has seen, in a span that is told. */
    private boolean isTold(Uses.Use use, Instant time) {
        SeenBefore.Owner carrier = seen.owner(Keys.of(use.owner(), use.carrier()));
        carrier.hear(use.where(), time, REFRESH);
        boolean told = carrier.indexOf(use.where()) < 0 || Places.isTold(carrier.first(use.where()), time);
        return told && firsts.mayBeFirst(Keys.of(use.owner(), use.carrier(), use.where()), time, Places.grainMillis());
    }

    /** Causes and effects meet in the history of what is changed. Each is sent: what is so now may have been otherwise. */
    private void cause(
            SecurityEvent event,
            List<String> keys,
            @Nullable String value,
            ProcessFunction<SecurityEvent, Signal>.Context context) {
        String among = among(event);
        if (among == null) {
            return;
        }
        boolean told = rule.newness().anyway().test(event);
        boolean cause = rule.newness().recall() == Recall.CAUSE;
        Recall recall = cause ? told ? Recall.STANDING : Recall.CAUSE : told ? Recall.EFFECT : Recall.EFFECT_IF_CAUSED;
        String owner = Keys.of(event.scope(), "changed", info.id(), among);
        for (String key : keys) {
            send(event, key, recall, owner, value, 1, context);
        }
    }

    private boolean isLesson(String owner, String address, Instant time) {
        return seen.owner(owner).hear(address, time, REFRESH);
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
            ProcessFunction<SecurityEvent, Signal>.Context context) {
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
        Join join = rule.join();
        String from = join == null ? null : join.from().apply(event);
        if (join == null) {
            context.output(owner == null ? direct : questions, signal);
        } else if (from != null) {
            context.output(lookups, Lookup.question(join.kind(), from, signal));
        } else {
            return;
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
    private boolean mayMatter(SecurityEvent event, AddressOwner asked) {
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
        boolean news = owner.hear(address, time, REFRESH);
        if (rule.newness().ofUse()) {
            return news;
        }
        if (news && !(asked.credential() && owner.size() == 1 && desk.isSighted(event, info.clockGroup()))) {
            return true;
        }
        // An owner with too many addresses doesn't remember this one.
        boolean young = owner.indexOf(address) < 0
                || time.isBefore(owner.first(address).plus(rule.newness().knownAfter()));
        return young && (!asked.credential() || owner.size() > 1 || owner.refusedSince(time.minus(REFUSED_LATELY)));
    }

    private boolean mayBeFirst(SecurityEvent event, String key, @Nullable String value, @Nullable String owner) {
        if (value != null) {
            // Behind an opener a value counts anew: one before it must not hide the one after.
            long grain = rule.rate() == null || later
                    ? Slots.SLOT_MILLIS
                    : rule.rate().grainMillis();
            return firsts.mayBeFirst(Keys.of(key, value), event.time(), grain);
        }
        if (owner != null && rule.newness().ofUse() && addresses.owner(owner).size() < SeenBefore.VALUES) {
            return true; // only news come this far, and history has to hear all of them
        }
        if (rule.relay() == Relay.FIRST_PER_SLOT) {
            return firsts.mayBeFirst(key, event.time(), Slots.SLOT_MILLIS);
        }
        if (rule.relay() != Relay.FIRST_PER_ADDRESS) {
            return true;
        }
        String address = event.peer();
        if (address == null) {
            return false;
        }
        if (event.credentialPodUid() != null) {
            // A pod's tokens come and go every hour: those used where the pod's first was used say nothing new.
            SeenBefore.Owner pod = seen.owner(Keys.of(event.scope(), "pod", event.credentialPodUid()));
            boolean usual = pod.indexOf(address) == 0;
            boolean news = pod.hear(address, event.time(), REFRESH);
            if (usual || news) {
                return news;
            }
        }
        return seen.owner(key).hear(address, event.time(), REFRESH);
    }
}
