package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The numbers behind an alert, by name: {@code needed} and {@code counted}, {@code window}, {@code taken}, {@code usual}. Where
 * several stages of a sequence count, the names of the stages follow: {@code counted_kinds}. {@code sensitive_apps} are those of the list that the records are
 * about.
 */
final class AlertFacts {
    private AlertFacts() {}

    /**
     * Of a sequence.
     *
     * @param rules its stages
     * @param window the longest it may take
     */
    static Map<String, String> of(Match match, List<SignalRule> rules, Duration window) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("window", window.toString());
        facts.put(
                "taken",
                Duration.between(match.first().since(), match.last().time()).toString());
        List<SignalRule> counting = new ArrayList<>();
        for (SignalRule rule : rules) {
            if (rule.rate() != null && match.has(rule.stage())) {
                counting.add(rule);
            }
        }
        for (SignalRule rule : counting) {
            SignalRule.Rate rate = rule.rate();
            if (rate == null) {
                continue;
            }
            String of = counting.size() == 1 ? "" : "_" + rule.stage().replace('-', '_');
            Signal counted = match.signal(rule.stage());
            facts.put("needed" + of, Integer.toString(rate.threshold()));
            facts.put("counted" + of, Long.toString(counted.count()));
            if (!rate.window().equals(window)) {
                facts.put("counted_within" + of, rate.window().toString());
            }
        }
        // An opener that came again and again is let through once; what follows it tells how often.
        if (counting.isEmpty() && match.last().count() > 1) {
            facts.put("counted", Long.toString(match.last().count()));
        }
        return facts;
    }

    /** Which of the cluster's sensitive apps the records are about, if any. */
    static void addSensitiveApps(List<Evidence> evidence, Identities identities, Map<String, String> facts) {
        Set<String> apps = new TreeSet<>();
        for (Evidence record : evidence) {
            String app = identities.sensitiveApps(record.cluster()).of(record.namespace(), record.name());
            if (app != null) {
                apps.add(app);
            }
        }
        if (!apps.isEmpty()) {
            facts.put("sensitive_apps", String.join(", ", apps));
        }
    }

    /** What is usual, in words where nothing is known yet. */
    static String usual(double usual) {
        if (usual == 0) {
            return "no closed day yet";
        }
        return usual == Math.rint(usual) ? Long.toString((long) usual) : String.format(Locale.ROOT, "%.1f", usual);
    }
}
