package io.tocsin.detection;

import io.tocsin.event.EventField;
import io.tocsin.event.Source;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.signal.SignalRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which rules a run has to match: those that are enabled, and those that an enabled detection has for a stage. */
public final class MatchedRules {
    private MatchedRules() {}

    /** All of them, in the order of the detections. */
    public static List<SigmaRule> of(List<Configured<?>> configured, Identities identities) {
        return of(configured, identities, Set.of(Source.values()));
    }

    /** The costly event fields that the enabled detections read, and the rules that are their stages. */
    public static Set<EventField> fields(List<Configured<?>> configured, Identities identities) {
        Set<EventField> fields = EnumSet.noneOf(EventField.class);
        for (Configured<?> detection : configured) {
            if (detection.enabled()) {
                fields.addAll(detection.detection().fields());
            }
        }
        of(configured, identities).forEach(rule -> fields.addAll(RuleFields.costs(rule)));
        return fields;
    }

    /** Those about a log that an input can carry. */
    static List<SigmaRule> of(List<Configured<?>> configured, Identities identities, Collection<Source> carries) {
        Set<String> stages = new HashSet<>();
        for (Configured<?> detection : configured) {
            if (detection.enabled()) {
                stages(detection, identities).forEach(stage -> stages.add(stage.matching()));
            }
        }
        List<SigmaRule> rules = new ArrayList<>();
        for (Configured<?> detection : configured) {
            SigmaRule rule = ruleOf(detection);
            if (rule != null
                    && (detection.enabled() || stages.contains(rule.id()))
                    && !Collections.disjoint(rule.sources(), carries)) {
                rules.add(rule);
            }
        }
        return rules;
    }

    /**
     * Looks whether the stages that name rules name rules there are, about logs the detection waits for.
     *
     * @throws IllegalArgumentException naming the detection, the stage and the rule
     */
    static void check(List<Configured<?>> configured, Identities identities) {
        Map<String, SigmaRule> rules = new HashMap<>();
        for (Configured<?> detection : configured) {
            SigmaRule rule = ruleOf(detection);
            if (rule != null) {
                rules.put(rule.id(), rule);
            }
        }
        for (Configured<?> detection : configured) {
            for (SignalRule stage : stages(detection, identities)) {
                SigmaRule rule = rules.get(stage.matching());
                if (rule == null) {
                    throw new IllegalArgumentException("%s: stage %s names a rule that is not there: %s"
                            .formatted(detection.info().id(), stage.stage(), stage.matching()));
                }
                if (!detection.info().sources().containsAll(rule.sources())) {
                    throw new IllegalArgumentException(
                            "%s: stage %s names the rule %s, which reads %s; it reads only %s"
                                    .formatted(
                                            detection.info().id(),
                                            stage.stage(),
                                            rule.id(),
                                            names(rule.sources()),
                                            names(detection.info().sources())));
                }
            }
        }
    }

    private static String names(Set<Source> sources) {
        return String.join(", ", sources.stream().map(Source::id).sorted().toList());
    }

    private static List<SignalRule> stages(Configured<?> detection, Identities identities) {
        List<SignalRule> stages = new ArrayList<>(detection.rules(identities));
        stages.addAll(detection.causes(identities));
        stages.removeIf(stage -> stage.matching() == null);
        return stages;
    }

    private static @Nullable SigmaRule ruleOf(Configured<?> detection) {
        return detection.detection() instanceof SigmaDetection sigma ? sigma.rule() : null;
    }
}
