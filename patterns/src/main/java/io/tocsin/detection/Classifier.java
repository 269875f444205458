package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import java.util.ArrayList;
import java.util.EnumMap;
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
    private final boolean severalClusters;

    /** By source, those that look at its events. */
    private transient Map<Source, StageRule[]> rules;

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
    private transient List<GroupLessons> lessons;
    private transient Repeats repeats;
    private transient Repeat draft;
    private transient Exempt exempt;

    /**
     * A classifier of one input.
     *
     * @param carries the sources whose records it can carry: rules about others are not looked at
     * @param severalClusters whether the inputs together can carry records of more than one cluster
     */
    Classifier(
            List<Configured<?>> configured,
            Identities identities,
            Exemptions exemptions,
            boolean learnEgress,
            Set<Source> carries,
            boolean severalClusters) {
        this.configured = configured;
        this.identities = identities;
        this.exemptions = exemptions;
        this.learnEgress = learnEgress;
        this.carries = Set.copyOf(carries);
        this.severalClusters = severalClusters;
    }

    @Override
    public void open(OpenContext context) {
        counts = new Counts(getRuntimeContext());
        carried = new HashMap<>();
        egress = learnEgress ? new LearnedEgress() : null;
        learning = new TreeMap<>();
        days = new FirstOfDay(DAILY);
        List<StageRule> all = new ArrayList<>();
        sightings = new HashMap<>();
        singles = new ArrayList<>();
        matches = new RuleMatches(MatchedRules.of(configured, identities, carries), configured);
        for (Configured<?> detection : configured) {
            if (detection.enabled()
                    && (severalClusters || !detection.detection().comparesClusters())) {
                add(detection, all);
            }
        }
        rules = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            rules.put(
                    source,
                    all.stream().filter(rule -> rule.sources().contains(source)).toArray(StageRule[]::new));
        }
        lessons = new ArrayList<>();
        Joins.kinds(configured, identities)
                .forEach((group, kinds) ->
                        lessons.add(new GroupLessons(new LinkLessons(kinds), Outputs.lookups(group))));
        repeats = new Repeats();
        draft = Repeat.draft();
        exempt = new Exempt();
    }

    private <P extends Detection.Params> void add(Configured<P> detection, List<StageRule> rules) {
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
        currentId = null;
        boolean late = event.time().toEpochMilli() <= context.timerService().currentWatermark();
        Repeat known = repeats.find(event);
        if (known != null) {
            matches.lookAgain(event, identities);
            tellMatches(event, context);
            tellSingles(event, context); // written in Java, they may look at time and ids
            if (!late) {
                tell(event, known, context);
            }
            return;
        }
        noteNeeds(event);
        matches.look(event, identities);
        boolean told = tellMatches(event, context);
        told |= tellSingles(event, context);
        if (late) {
            return;
        }
        draft.clear();
        for (StageRule rule : rulesOf(event)) {
            if (rule.looksAtIds() || rule.isOf(event)) {
                draft.add(rule);
            }
        }
        tell(event, draft, context);
        if (!told) {
            repeats.hold(event, draft, matches.dependOnQuery());
        }
    }

    private StageRule[] rulesOf(SecurityEvent event) {
        StageRule[] ofSource = rules.get(event.source());
        return ofSource == null ? new StageRule[0] : ofSource;
    }

    /** Tells what an event means that is not late, to those who may not know. */
    private void tell(SecurityEvent event, Repeat known, Context context) {
        long millis = event.time().toEpochMilli();
        if (known.isQuiet(millis)) {
            tellBecauseOfIds(event, known, context);
            return;
        }
        if (!known.learning.holds(millis)) {
            learn(event, known.learning, context);
        }
        exempt.start(event);
        boolean nobodySpoke = true;
        for (int i = 0; i < known.size(); i++) {
            StageRule rule = known.rule(i);
            Quiet quiet = known.quiet(i);
            if (!quiet.holds(millis) && (!rule.looksAtIds() || rule.isOf(event))) {
                tell(event, rule, quiet, context);
                nobodySpoke &= rule.looksAtIds();
            }
        }
        if (known != draft) {
            known.settle(nobodySpoke && known.learning.holds(millis));
        }
    }

    private void tellBecauseOfIds(SecurityEvent event, Repeat known, Context context) {
        exempt.start(event);
        for (int place : known.lookingAtIds()) {
            StageRule rule = known.rule(place);
            if (rule.isOf(event)) {
                tell(event, rule, known.quiet(place), context);
            }
        }
    }

    private void tell(SecurityEvent event, StageRule rule, Quiet quiet, Context context) {
        exempt.ask(rule.detection());
        if (exempt.admitted) {
            rule.emit(event, context, quiet);
        }
        if (exempt.exemptible) {
            quiet.spoke(); // it is counted
        }
    }

    private void learn(SecurityEvent event, Quiet quiet, Context context) {
        quiet.start();
        boolean deployer = !lessons.isEmpty() && identities.isDeployer(event);
        for (int i = 0; i < lessons.size(); i++) {
            GroupLessons ofGroup = lessons.get(i);
            ofGroup.lessons().of(event, deployer, link -> context.output(ofGroup.output(), Lookup.lesson(link)), quiet);
        }
        learnEgress(event, quiet, context);
    }

    private boolean tellSingles(SecurityEvent event, Context context) {
        boolean told = false;
        for (int i = 0; i < singles.size(); i++) {
            SingleEvent<?> single = singles.get(i);
            Alert alert = single.alert(event, identities);
            told |= alert != null;
            if (alert != null && exemptions.admit(alert.detection(), event, counts)) {
                context.output(single.output(), alert);
            }
        }
        return told;
    }

    private boolean tellMatches(SecurityEvent event, Context context) {
        for (int i = 0; i < matches.count(); i++) {
            RuleMatches.Raising raising = matches.raising(i);
            if (raising != null && exemptions.admit(raising.configured().info().id(), event, counts)) {
                Alert alert = Alerts.of(raising.configured(), event, matches.finding(i, raising), identities);
                context.output(raising.output(), alert);
            }
        }
        return matches.count() > 0;
    }

    /** Where nodes call from outside is a lesson to every history that is asked whether an address is new. */
    private void learnEgress(SecurityEvent event, Quiet quiet, Context context) {
        if (egress == null || learning.isEmpty()) {
            quiet.always();
            return;
        }
        Signal lesson = egress.lesson(event);
        if (lesson == null) {
            egress.tellNoLesson(event, quiet);
            return;
        }
        quiet.spoke();
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
    public boolean matchesVary(String rule) {
        return matches.vary(rule);
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

    /**
     * Whether the event being looked at is exempt from a detection. It may stand for several stages of one, whose rules follow one
     * another: it is exempt, and counted, once.
     */
    private final class Exempt {
        private @Nullable SecurityEvent event;
        private String asked = "";
        boolean admitted;
        boolean exemptible;

        void start(SecurityEvent next) {
            event = next;
            asked = "";
        }

        void ask(String detection) {
            if (event != null && !asked.equals(detection)) {
                asked = detection;
                admitted = exemptions.admit(detection, event, counts);
                exemptible = exemptions.cover(detection, event);
            }
        }
    }

    /** What the histories of a clock group are taught of links, and where it goes. */
    private record GroupLessons(LinkLessons lessons, OutputTag<Lookup> output) {}

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
