package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.event.SecurityEvent;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.match.RuleMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** The rules that one task matches, and those that the event being looked at matches. */
final class RuleMatches {
    private final Rules steady;
    private final Rules varying;
    /** By id; a rule that is but a stage raises nothing. */
    private final Map<String, Raising> raising = new HashMap<>();

    private final List<Matched> matched = new ArrayList<>();

    /**
     * Who raises alerts of a rule's matches.
     *
     * @param configured with the parameters of this run
     * @param detection the same, as the rule it is
     * @param output where its alerts go
     */
    record Raising(Configured<?> configured, RuleDetection detection, OutputTag<Alert> output) {}

    private record Matched(String rule, Severity level, Subject subject) {}

    /** Rules and what matches them. */
    private record Rules(List<SigmaRule> rules, RuleMatcher matcher) {
        static Rules of(List<SigmaRule> rules) {
            return new Rules(rules, new RuleMatcher(rules));
        }

        void match(Subject subject, List<Matched> matched) {
            if (!rules.isEmpty()) {
                matcher.match(
                        subject,
                        (rule, level) -> matched.add(new Matched(rules.get(rule).id(), level, subject)));
            }
        }
    }

    /**
     * Compiles rules.
     *
     * @param rules those to match
     * @param configured the detections, these rules among them
     */
    RuleMatches(List<SigmaRule> rules, List<Configured<?>> configured) {
        this.steady =
                Rules.of(rules.stream().filter(rule -> !RuleFields.vary(rule)).toList());
        this.varying = Rules.of(rules.stream().filter(RuleFields::vary).toList());
        for (Configured<?> detection : configured) {
            if (detection.enabled() && detection.detection() instanceof RuleDetection rule) {
                OutputTag<Alert> output = Outputs.matches(detection.info().clockGroup());
                raising.put(rule.rule().id(), new Raising(detection, rule, output));
            }
        }
    }

    /** Looks at an event, and at no other before it. */
    void look(SecurityEvent event, Identities identities) {
        matched.clear();
        Subject subject = new Subject(event, identities);
        steady.match(subject, matched);
        varying.match(subject, matched);
    }

    /** The same for an event that differs in nothing but time and ids from one that matched no rule. */
    void lookAgain(SecurityEvent event, Identities identities) {
        matched.clear();
        if (!varying.rules().isEmpty()) {
            varying.match(new Subject(event, identities), matched);
        }
    }

    /** Whether another time or id of an event could change whether it matches the rule of this id. */
    boolean vary(String rule) {
        return varying.rules().stream().anyMatch(one -> one.id().equals(rule));
    }

    /** Whether another query of the event's URI could change which rules it matches. */
    boolean dependOnQuery() {
        return steady.matcher().readQuery();
    }

    /** How many rules it matches. */
    int count() {
        return matched.size();
    }

    /** Who raises an alert of one of them; null if nobody does. */
    @Nullable
    Raising raising(int match) {
        return raising.get(matched.get(match).rule());
    }

    /** What is found. */
    MatchDetection.Finding finding(int match, Raising raising) {
        return raising.detection()
                .finding(matched.get(match).subject(), matched.get(match).level());
    }

    /** Whether it matches the rule of this id. */
    boolean matches(String rule) {
        for (int i = 0; i < matched.size(); i++) {
            if (matched.get(i).rule().equals(rule)) {
                return true;
            }
        }
        return false;
    }
}
