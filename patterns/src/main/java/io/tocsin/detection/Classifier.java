package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Decides in the source's own task chain what an event means: alerts of single events, and signals. It keeps no state that an
 * answer depends on; what it remembers only spares shuffles. Late events raise single-event alerts and become no signal.
 */
final class Classifier extends ProcessFunction<SecurityEvent, Signal> implements StageRule.Desk {
    private static final long serialVersionUID = 1L;
    private static final Need[] NEEDS = Need.values();
    private static final int DAILY = 65_536;

    private final List<Configured<?>> configured;
    private final Identities identities;
    private final Exemptions exemptions;
    private final boolean learnEgress;
    private final Set<Source> carries;

    private transient List<StageRule> rules;
    private transient List<SingleEvent<?>> singles;
    private transient RuleMatches matches;
    private transient Map<String, List<StageRule>> sightings;
    private transient @Nullable LearnedEgress egress;
    private transient Map<String, OutputTag<Signal>> learning;
    /** Shared by all that history is told once a day. */
    private transient FirstOfDay days;

    private transient Counts counts;
    private transient @Nullable String currentId;
    private transient Map<String, Set<Need>> carried;
    private transient Map<String, LinkLessons> lessons;

    /**
     * A classifier of one input.
     *
     * @param carries the sources whose records it can carry: rules about others are not looked at
     */
    Classifier(
            List<Configured<?>> configured,
            Identities identities,
            Exemptions exemptions,
            boolean learnEgress,
            Set<Source> carries) {
        this.configured = configured;
        this.identities = identities;
        this.exemptions = exemptions;
        this.learnEgress = learnEgress;
        this.carries = Set.copyOf(carries);
    }

    @Override
    public void open(OpenContext context) {
        counts = new Counts(getRuntimeContext());
        carried = new HashMap<>();
        egress = learnEgress ? new LearnedEgress() : null;
        learning = new TreeMap<>();
        days = new FirstOfDay(DAILY);
        rules = new ArrayList<>();
        sightings = new HashMap<>();
        singles = new ArrayList<>();
        matches = new RuleMatches(MatchedRules.of(configured, identities, carries), configured);
        for (Configured<?> detection : configured) {
            if (detection.enabled()) {
                add(detection);
            }
        }
        lessons = new HashMap<>();
        Joins.kinds(configured, identities).forEach((group, kinds) -> lessons.put(group, new LinkLessons(kinds)));
    }

    private <P extends Detection.Params> void add(Configured<P> detection) {
        if (detection.detection() instanceof MatchDetection<P> match && !(match instanceof RuleDetection)) {
            singles.add(new SingleEvent<>(
                    detection, match, Outputs.matches(detection.info().clockGroup())));
        }
        SeenBefore addresses = StageRule.addresses();
        boolean sequence = detection.detection() instanceof SequenceDetection;
        List<SignalRule> stages = detection.rules(identities);
        int rank = 0;
        for (SignalRule rule : stages) {
            boolean later = sequence && !rule.stage().equals(stages.get(0).stage());
            StageRule stage = new StageRule(detection.info(), rule, rank++, later, addresses, this);
            rules.add(stage);
            Recall recall = rule.newness().recall();
            if (recall == Recall.REFUSAL || recall == Recall.SUCCESS || recall == Recall.NEW_ADDRESS) {
                String group = detection.info().clockGroup();
                learning.put(group, Outputs.questions(group));
            }
            if (rule.relay() == Relay.FIRST_PER_ADDRESS) {
                sightings
                        .computeIfAbsent(detection.info().clockGroup(), any -> new ArrayList<>())
                        .add(stage);
            }
        }
        for (SignalRule cause : detection.causes(identities)) {
            rules.add(new StageRule(detection.info(), cause, rank++, false, addresses, this));
        }
    }

    @Override
    public void processElement(SecurityEvent event, Context context, Collector<Signal> out) {
        noteNeeds(event);
        currentId = null;
        matches.look(event, identities);
        tellMatches(event, context);
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
        lessons.forEach((group, links) -> links.of(
                event,
                identities.isDeployer(event),
                link -> context.output(Outputs.lookups(group), Lookup.lesson(link))));
        learnEgress(event, context);
        // An event may stand for several stages of one detection, whose rules follow one another: it is exempt, and
        // counted, once.
        String asked = "";
        boolean admitted = false;
        for (int i = 0; i < rules.size(); i++) {
            StageRule rule = rules.get(i);
            if (rule.isOf(event)) {
                if (!asked.equals(rule.detection())) {
                    asked = rule.detection();
                    admitted = exemptions.admit(asked, event, counts);
                }
                if (admitted) {
                    rule.emit(event, context);
                }
            }
        }
    }

    private void tellMatches(SecurityEvent event, Context context) {
        for (int i = 0; i < matches.count(); i++) {
            RuleMatches.Raising raising = matches.raising(i);
            if (raising != null && exemptions.admit(raising.configured().info().id(), event, counts)) {
                Alert alert = Alerts.of(raising.configured(), event, matches.finding(i, raising), identities);
                context.output(raising.output(), alert);
            }
        }
    }

    /** Where nodes call from outside is a lesson to every history that is asked whether an address is new. */
    private void learnEgress(SecurityEvent event, Context context) {
        Signal lesson = egress == null || learning.isEmpty() ? null : egress.lesson(event);
        if (lesson == null) {
            return;
        }
        for (OutputTag<Signal> questions : learning.values()) {
            counts.add(Counts.SIGNALS);
            context.output(questions, lesson);
        }
    }

    @Override
    public boolean isSighted(SecurityEvent event, String clockGroup) {
        List<StageRule> ofGroup = sightings.getOrDefault(clockGroup, List.of());
        for (int i = 0; i < ofGroup.size(); i++) {
            if (ofGroup.get(i).isOf(event)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean matches(String rule) {
        return matches.matches(rule);
    }

    @Override
    public FirstOfDay days() {
        return days;
    }

    @Override
    public @Nullable LearnedEgress egress() {
        return egress;
    }

    @Override
    public Counts counts() {
        return counts;
    }

    @Override
    public String idOf(SecurityEvent event) {
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

    /** A detection of single events. */
    private record SingleEvent<P extends Detection.Params>(
            Configured<P> configured, MatchDetection<P> detection, OutputTag<Alert> output) {
        @Nullable
        Alert alert(SecurityEvent event, Identities identities) {
            MatchDetection.Finding finding = detection.find(event, configured.params(), identities);
            return finding == null ? null : Alerts.of(configured, event, finding, identities);
        }
    }
}
