package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.match.RuleMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/** A Sigma rule as a detection. A job matches all of its rules at once and asks this one only what a match means. */
public final class RuleDetection implements MatchDetection<RuleDetection.Params>, SigmaDetection {
    private static final long serialVersionUID = 1L;

    private final SigmaRule rule;
    private final DetectionInfo info;

    /** A detection of a rule, which is linked. */
    public RuleDetection(SigmaRule rule) {
        this.rule = rule;
        this.info = RuleInfo.of(rule);
    }

    /** It has none: what it asks is in the rule. */
    public record Params() implements Detection.Params {}

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
    public Params params(ReadableConfig config) {
        return new Params();
    }

    @Override
    public Set<EventField> fields() {
        return RuleFields.costs(rule);
    }

    @Override
    public Set<String> tags() {
        return RuleInfo.tags(rule, info);
    }

    /** What is found in this event, or null. Compiles the rule anew: for one event, not for many. */
    @Override
    public @Nullable Finding find(SecurityEvent event, Params params, Identities identities) {
        Subject subject = new Subject(event, identities);
        List<Severity> levels = new ArrayList<>();
        new RuleMatcher(List.of(rule)).match(subject, (index, level) -> levels.add(level));
        return levels.isEmpty() ? null : finding(subject, levels.get(0));
    }

    /** What it means that this event matches. */
    Finding finding(Subject subject, Severity level) {
        RuleValues values = RuleValues.of(rule, subject);
        return new Finding(
                RuleSentence.of(rule, subject.event(), values),
                RuleStory.of(rule, subject.event(), values),
                level,
                values.facts());
    }
}
