package io.tocsin.detection;

import io.tocsin.alert.Tactic;
import io.tocsin.event.Source;
import io.tocsin.sigma.SigmaRule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a person needs to know of a detection that is a rule. */
final class RuleInfo {
    private static final Duration SUPPRESS_FOR = Duration.ofHours(24);
    private static final String ATTACK = "attack.";
    private static final Pattern TECHNIQUE = Pattern.compile("attack\\.t\\d{4}(\\.\\d{3})?");

    private RuleInfo() {}

    static DetectionInfo of(SigmaRule rule) {
        return new DetectionInfo(
                rule.id(),
                1,
                rule.title(),
                rule.level(),
                rule.suppressFor() == null ? SUPPRESS_FOR : rule.suppressFor(),
                techniques(rule.tags()),
                rule.sources(),
                RuleNeeds.of(rule),
                rule.description().isBlank() ? rule.title() + "." : rule.description(),
                "one record of " + sources(rule.sources()),
                rule.misses(),
                rule.response(),
                falsePositives(rule.falsePositives()));
    }

    private static List<String> techniques(List<String> tags) {
        return tags.stream()
                .filter(tag -> TECHNIQUE.matcher(tag).matches())
                .map(tag -> tag.substring(ATTACK.length()).toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    private static String sources(Set<Source> sources) {
        return sources.stream().map(Source::id).sorted().collect(Collectors.joining(", "));
    }

    /** The list as sentences. */
    private static String falsePositives(List<String> all) {
        return all.stream()
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .map(one -> one.endsWith(".") ? one : one + ".")
                .collect(Collectors.joining(" "));
    }

    /** A rule's own tags and those of its techniques. */
    static Set<String> tags(SigmaRule rule, DetectionInfo info) {
        Set<String> tags = tags(info);
        for (String tag : rule.tags()) {
            tags.add(tag);
            tags.add(tag.replace('_', '-')); // as tactics were written before Sigma 2
        }
        return tags;
    }

    /** The tags that Sigma would give a detection: techniques and the tactics they serve, {@code attack.t1611}. */
    static Set<String> tags(DetectionInfo info) {
        Set<String> tags = new TreeSet<>();
        for (String technique : info.techniques()) {
            tags.add(ATTACK + technique.toLowerCase(Locale.ROOT));
            Tactic tactic = Tactic.of(technique);
            if (tactic != null) {
                tags.add(ATTACK + tactic.label().replace(' ', '-'));
            }
        }
        return tags;
    }
}
