package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.match.RuleMatcher;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Newness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * A Sigma rule that asks whether an address is new to an identity ({@code source.new: true}): each match asks the history of its
 * address, and is an alert if that says new. So it is a rate of one, and late events raise none. What the identity was let in with
 * teaches the history, the rule's own matches among them; an address is known a day after.
 */
public final class NewAddressRule implements RateDetection<RuleDetection.Params>, SigmaDetection {
    private static final long serialVersionUID = 1L;

    static final Duration KNOWN_AFTER = Duration.ofHours(24);

    // Stage names are state.
    private static final String FROM_NEW_ADDRESS = "from-new-address";
    private static final String LET_IN = "let-in";

    private final SigmaRule rule;
    private final DetectionInfo info;

    /** A detection of a rule, which is linked and asks for {@code source.new}. */
    public NewAddressRule(SigmaRule rule) {
        this.rule = rule;
        this.info = RuleInfo.of(rule);
    }

    @Override
    public SigmaRule rule() {
        return rule;
    }

    @Override
    public DetectionInfo info() {
        return info;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of();
    }

    @Override
    public RuleDetection.Params params(ReadableConfig config) {
        return new RuleDetection.Params();
    }

    @Override
    public Set<EventField> fields() {
        return RuleFields.costs(rule);
    }

    @Override
    public Set<String> tags() {
        return RuleInfo.tags(rule, info);
    }

    @Override
    public List<SignalRule> signals(RuleDetection.Params params, Identities identities) {
        RuleMatcher alone = new RuleMatcher(List.of(rule));
        AskedOwners asked = new AskedOwners(rule, identities);
        Entity story = event -> List.of(
                Keys.of(event.scope(), RuleStory.of(rule, event, RuleValues.of(rule, new Subject(event, identities)))));
        return List.of(
                // Behind a listed impersonator the address is its own and tells nothing of whom it stands for.
                SignalRule.rate(
                                FROM_NEW_ADDRESS,
                                story,
                                event -> !identities.isImpersonator(event),
                                event -> told(event, alone, identities),
                                1,
                                Duration.ofMillis(Slots.SLOT_MILLIS))
                        .matching(rule.id())
                        .whereNew(new Newness(Recall.NEW_ADDRESS, KNOWN_AFTER)),
                SignalRule.lesson(
                        LET_IN,
                        NewAddressRule::history,
                        event -> CountedSuccess.is(event)
                                && asked.mayBeAsked(event)
                                && !identities.isImpersonator(event)));
    }

    /** The severity, then the sentence: the signal carries what the event alone can tell. */
    private String told(SecurityEvent event, RuleMatcher alone, Identities identities) {
        Subject subject = new Subject(event, identities);
        List<Severity> levels = new ArrayList<>();
        alone.match(subject, (index, level) -> levels.add(level));
        Severity severity = levels.isEmpty() ? rule.level() : levels.get(0);
        return severity.id() + RuleSentence.of(rule, event, RuleValues.of(rule, subject));
    }

    private static List<String> history(SecurityEvent event) {
        String key = AddressOwner.of(event).key();
        return key == null ? List.of() : List.of(key);
    }

    @Override
    public Crossing crossing(Signal crossing, RuleDetection.Params params) {
        String told = crossing.value() == null ? rule.level().id() + rule.title() : crossing.value();
        return new Crossing(
                told.substring(1) + "; the address is new to it",
                List.of(crossing.key()),
                Severity.of(Character.digit(told.charAt(0), 10)));
    }
}
