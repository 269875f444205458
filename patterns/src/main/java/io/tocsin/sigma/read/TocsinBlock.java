package io.tocsin.sigma.read;

import io.tocsin.alert.Severity;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.SigmaRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule says under {@code tocsin}: how its alerts are graded, grouped and told.
 *
 * @param grades in file order
 * @param suppressFor null: as usual
 */
record TocsinBlock(
        List<SigmaRule.Grade> grades,
        List<SigmaRule.OncePer> oncePer,
        @Nullable Duration suppressFor,
        String response,
        String misses) {
    private static final String LEVELS = "levels";
    private static final String ONCE_PER = "once-per";
    private static final String SUPPRESS_FOR = "suppress-for";
    private static final String RESPONSE = "response";
    private static final String MISSES = "misses";
    private static final List<String> KEYS = List.of(LEVELS, ONCE_PER, SUPPRESS_FOR, RESPONSE, MISSES);
    private static final int LONGEST_TEXT = 65_535;

    /** What holds for a rule without it. */
    private static final TocsinBlock NONE = new TocsinBlock(List.of(), List.of(), null, "", "");

    TocsinBlock {
        grades = List.copyOf(grades);
        oncePer = List.copyOf(oncePer);
    }

    /**
     * Reads it.
     *
     * @param mapping null if the rule has none
     * @param hasFields whether the rule names fields
     */
    static TocsinBlock read(
            YamlNode.@Nullable Mapping mapping, boolean hasFields, ConditionReader conditions, Problems problems) {
        if (mapping == null) {
            return NONE;
        }
        KeyReader keys = new KeyReader(mapping, "tocsin.", problems);
        keys.refuseOthers(KEYS);
        String response = keys.text(RESPONSE, LONGEST_TEXT);
        String misses = keys.text(MISSES, LONGEST_TEXT);
        return new TocsinBlock(
                grades(keys.mapping(LEVELS, "a level and its condition each"), conditions, problems),
                oncePer(keys, hasFields, problems),
                suppressFor(keys, problems),
                response == null ? "" : response,
                misses == null ? "" : misses);
    }

    private static List<SigmaRule.Grade> grades(
            YamlNode.@Nullable Mapping levels, ConditionReader conditions, Problems problems) {
        List<SigmaRule.Grade> grades = new ArrayList<>();
        if (levels == null) {
            return grades;
        }
        for (YamlNode.Entry entry : levels.entries()) {
            Severity level = severity(entry.key());
            if (level == null) {
                problems.add(
                        entry.line(),
                        "tocsin.levels: a level must be one of %s: %s%s"
                                .formatted(
                                        String.join(", ", severities()),
                                        entry.key(),
                                        Problems.meant(entry.key(), severities())));
            }
            Expression when = conditions.read(entry.value(), "tocsin.levels." + entry.key());
            if (level != null && when != null) {
                grades.add(new SigmaRule.Grade(level, when));
            }
        }
        return grades;
    }

    private static List<SigmaRule.OncePer> oncePer(KeyReader keys, boolean hasFields, Problems problems) {
        Map<String, SigmaRule.OncePer> words = new LinkedHashMap<>();
        for (SigmaRule.OncePer one : SigmaRule.OncePer.values()) {
            words.put(one.name().toLowerCase(Locale.ROOT), one);
        }
        List<SigmaRule.OncePer> oncePer = new ArrayList<>();
        for (String word : keys.texts(ONCE_PER, true, 1)) {
            SigmaRule.OncePer one = words.get(word);
            if (one == null) {
                problems.add(
                        keys.line(ONCE_PER),
                        "tocsin.once-per must be of %s: %s%s"
                                .formatted(
                                        String.join(", ", words.keySet()), word, Problems.meant(word, words.keySet())));
                continue;
            }
            oncePer.add(one);
            if (one == SigmaRule.OncePer.FIELDS && !hasFields) {
                problems.add(keys.line(ONCE_PER), "tocsin.once-per names fields, but the rule has no list of fields");
            }
        }
        if (keys.has(ONCE_PER) && oncePer.isEmpty()) {
            problems.add(
                    keys.line(ONCE_PER),
                    "tocsin.once-per must name at least one of " + String.join(", ", words.keySet()));
        }
        return oncePer;
    }

    private static @Nullable Duration suppressFor(KeyReader keys, Problems problems) {
        String text = keys.text(SUPPRESS_FOR, 100);
        if (text == null) {
            return null;
        }
        Duration duration = RuleDuration.parse(text);
        if (duration == null) {
            problems.add(
                    keys.line(SUPPRESS_FOR),
                    "tocsin.suppress-for must be a duration from 1 s to 366 d, such as 14d, 24 h or 30 min: " + text);
        }
        return duration;
    }

    /** The severity of a level's word; null if there is none. */
    static @Nullable Severity severity(String word) {
        for (Severity severity : Severity.values()) {
            if (severity.name().toLowerCase(Locale.ROOT).equals(word)) {
                return severity;
            }
        }
        return null;
    }

    /** The words of all levels. */
    static List<String> severities() {
        List<String> words = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            words.add(severity.name().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
