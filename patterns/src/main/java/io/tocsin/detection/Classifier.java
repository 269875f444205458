package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Decides in the source's own task chain what an event means: alerts of single events, and signals. It keeps no state that an
 * answer depends on; what it remembers only spares shuffles. Late events raise single-event alerts and become no signal.
 */
final class Classifier extends ProcessFunction<SecurityEvent, Signal> {
    private static final long serialVersionUID = 1L;
    private static final Need[] NEEDS = Need.values();
    private static final int OWNERS = 50_000;
    private static final Duration REFRESH = Duration.ofDays(1);
    private static final Duration REFUSED_LATELY = Duration.ofHours(1);

    private final List<Configured<?>> configured;
    private final Identities identities;
    private final Exemptions exemptions;

    private transient List<Rule> rules;
    private transient List<SingleEvent<?>> singles;
    private transient List<SignalRule> sightings;
    private transient Counts counts;
    private transient @Nullable String currentId;
    private transient Map<String, Set<Need>> carried;

    Classifier(List<Configured<?>> configured, Identities identities, Exemptions exemptions) {
        this.configured = configured;
        this.identities = identities;
        this.exemptions = exemptions;
    }

    @Override
    public void open(OpenContext context) {
        counts = new Counts(getRuntimeContext());
        carried = new HashMap<>();
        rules = new ArrayList<>();
        sightings = new ArrayList<>();
        singles = new ArrayList<>();
        for (Configured<?> detection : configured) {
            if (detection.enabled()) {
                add(detection);
            }
        }
    }

    private <P extends Detection.Params> void add(Configured<P> detection) {
        if (detection.detection() instanceof MatchDetection<P> match) {
            singles.add(new SingleEvent<>(
                    detection, match, Outputs.matches(detection.info().clockGroup())));
        }
        SeenBefore addresses = new SeenBefore(OWNERS);
        int rank = 0;
        for (SignalRule rule : detection.rules(identities)) {
            rules.add(new Rule(detection.info(), rule, rank++, addresses));
            if (rule.relay() == Relay.FIRST_PER_ADDRESS) {
                sightings.add(rule);
            }
        }
    }

    @Override
    public void processElement(SecurityEvent event, Context context, Collector<Signal> out) {
        noteNeeds(event);
        currentId = null;
        for (int i = 0; i < singles.size(); i++) {
            SingleEvent<?> single = singles.get(i);
            Alert alert = single.alert(event, identities);
            if (alert != null && exemptions.admit(alert.detection(), event, counts)) {
                context.output(single.output(), alert);
            }
        }
        if (event.time().toEpochMilli() <= context.timerService().currentWatermark()) {
            return;
        }
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.rule.when().test(event) && exemptions.admit(rule.info.id(), event, counts)) {
                rule.emit(event, context);
            }
        }
    }

    /** Whether a detection has the use of this event's credential sighted. */
    private boolean isSighted(SecurityEvent event) {
        for (int i = 0; i < sightings.size(); i++) {
            if (sightings.get(i).when().test(event)) {
                return true;
            }
        }
        return false;
    }

    /** The event's id, made once and only of an event that becomes a signal. */
    private String idOf(SecurityEvent event) {
        if (currentId == null) {
            currentId = event.id();
        }
        return currentId;
    }

    private void noteNeeds(SecurityEvent event) {
        Set<Need> known = carried.get(event.cluster());
        if (known == null) {
            known = EnumSet.noneOf(Need.class);
            carried.put(event.cluster(), known);
        }
        if (known.size() == NEEDS.length) {
            return;
        }
        for (Need need : NEEDS) {
            if (!known.contains(need) && need.seenIn(event)) {
                known.add(need);
                counts.add(Counts.SEEN + need.name() + "|" + event.cluster());
            }
        }
    }

    /** One rule with what it remembers. */
    private final class Rule {
        private final OutputTag<Signal> direct;
        private final OutputTag<Signal> questions;
        private final String signalsOfDetection;
        private final DetectionInfo info;
        private final SignalRule rule;
        private final int rank;
        private final SeenBefore addresses;
        private final SeenBefore seen = new SeenBefore(OWNERS);
        private final FirstOfSlot firsts = new FirstOfSlot();

        Rule(DetectionInfo info, SignalRule rule, int rank, SeenBefore addresses) {
            this.direct = Outputs.signals(info.clockGroup());
            this.questions = Outputs.questions(info.clockGroup());
            this.signalsOfDetection = Counts.SIGNALS + "|" + info.id();
            this.info = info;
            this.rule = rule;
            this.rank = rank;
            this.addresses = addresses;
        }

        void emit(SecurityEvent event, Context context) {
            String value = null;
            int weight = 1;
            if (rule.rate() != null) {
                value = rule.rate().distinct().apply(event);
                if (value == null) {
                    return;
                }
                weight = rule.rate().weight().applyAsInt(event);
            }
            List<String> keys = rule.per().of(event);
            Recall recall = rule.newness().recall();
            String owner = null;
            if (recall != Recall.NOTHING) {
                AddressOwner asked = AddressOwner.of(event);
                if (!asked.maybeNew() || !mayMatter(event, asked)) {
                    return;
                }
                owner = asked.key();
            } else if (rule.relay() == Relay.FIRST_PER_ADDRESS) {
                AddressOwner asked = AddressOwner.of(event);
                owner = asked.credential() ? asked.key() : null;
                recall = Recall.SIGHTING;
            } else if (rule.relay() == Relay.MADE_KNOWN || (rule.relay() == Relay.EVERY_KNOWN && keys.isEmpty())) {
                owner = Keys.of(event.scope(), "known", info.id());
                recall = rule.relay() == Relay.MADE_KNOWN ? Recall.KEY : Recall.EVERY_KEY;
                keys = keys.isEmpty() ? List.of(owner) : keys;
            }
            for (String key : keys) {
                if (mayBeFirst(event, key, value)) {
                    send(event, key, owner == null ? Recall.NOTHING : recall, owner, value, weight, context);
                }
            }
        }

        private void send(
                SecurityEvent event,
                String key,
                Recall recall,
                @Nullable String owner,
                @Nullable String value,
                int weight,
                Context context) {
            String id = idOf(event);
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
                    event.peer(),
                    weight,
                    1,
                    event.time(),
                    List.of(Evidence.of(event, id, rule.stage())));
            counts.add(Counts.SIGNALS);
            counts.add(signalsOfDetection);
            context.output(owner == null ? direct : questions, signal);
        }

        /**
         * Whether history needs to hear of this. A refusal always. A success not if this task has handed its address on long
         * enough ago: then the history knows the address, and the success neither counts nor teaches. Of a credential inside the
         * cluster the first success from each address is enough, until a second address is seen or a request is refused; and not
         * even that is needed of its home where another detection has credentials sighted.
         */
        private boolean mayMatter(SecurityEvent event, AddressOwner asked) {
            String address = event.peer();
            if (asked.key() == null || address == null) {
                return true;
            }
            SeenBefore.Owner owner = addresses.owner(asked.key());
            Instant time = event.time();
            if (rule.newness().recall() == Recall.REFUSAL) {
                owner.refusedAt(time);
                return true;
            }
            boolean news = owner.hear(address, time, REFRESH);
            if (news && !(asked.credential() && owner.size() == 1 && isSighted(event))) {
                return true;
            }
            // An owner with too many addresses doesn't remember this one.
            boolean young = owner.indexOf(address) < 0
                    || time.isBefore(owner.first(address).plus(rule.newness().knownAfter()));
            return young && (!asked.credential() || owner.size() > 1 || owner.refusedSince(time.minus(REFUSED_LATELY)));
        }

        private boolean mayBeFirst(SecurityEvent event, String key, @Nullable String value) {
            if (rule.rate() != null && value != null) {
                return firsts.mayBeFirst(
                        Keys.of(key, value), event.time(), rule.rate().grainMillis());
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

    /** A detection of single events. */
    private record SingleEvent<P extends Detection.Params>(
            Configured<P> configured, MatchDetection<P> detection, OutputTag<Alert> output) {
        @Nullable
        Alert alert(SecurityEvent event, Identities identities) {
            MatchDetection.Finding finding = detection.find(event, configured.params(), identities);
            return finding == null ? null : Alerts.of(configured, event, finding);
        }
    }
}
