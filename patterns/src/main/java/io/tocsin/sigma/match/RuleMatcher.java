package io.tocsin.sigma.match;

import io.tocsin.alert.Severity;
import io.tocsin.event.Source;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells which of many rules an event matches; what rules have in common is asked once. Belongs to one thread.
 *
 * <p>Tests that several rules make are one question, answered at most once an event. A tree over the fields of which rules name
 * whole values (verb, resource, outcome) leaves those that can match at all and simplifies them. All texts that are searched in a
 * field are searched in one pass, and a rule is looked at only where a text or a field comes up without which it can't match. So
 * a rule that does not match costs next to nothing, and memory is bounded whatever is sent.
 */
public final class RuleMatcher {
    /** Takes a match. */
    @FunctionalInterface
    public interface Matches {
        /**
         * An event matches.
         *
         * @param rule the rule's place in the list
         * @param level the severity of this event
         */
        void match(int rule, Severity level);
    }

    /** Some 10 MB a source. */
    private static final int LARGEST = 1 << 21;

    private final Map<Source, SourceRules> bySource = new EnumMap<>(Source.class);
    private @Nullable SourceRules last;

    /**
     * Compiles rules.
     *
     * @param rules linked
     */
    public RuleMatcher(List<SigmaRule> rules) {
        this(rules, FieldCatalog::find);
    }

    RuleMatcher(List<SigmaRule> rules, BiFunction<String, Source, @Nullable Field> fields) {
        this(rules, fields, LARGEST);
    }

    /**
     * Compiles rules.
     *
     * @param fields finds a field by its name; null where a log has none of this name
     * @param largest what the tree of a source may hold, in references
     */
    RuleMatcher(List<SigmaRule> rules, BiFunction<String, Source, @Nullable Field> fields, int largest) {
        Map<Source, List<Integer>> places = new EnumMap<>(Source.class);
        for (int i = 0; i < rules.size(); i++) {
            for (Source source : rules.get(i).sources()) {
                places.computeIfAbsent(source, s -> new ArrayList<>()).add(i);
            }
        }
        places.forEach((source, of) ->
                bySource.put(source, new SourceRules(rules, of, name -> fields.apply(name, source), largest)));
    }

    /** Tells the rules that match, in their order. */
    public void match(Subject subject, Matches matches) {
        SourceRules rules = bySource.get(subject.event().source());
        last = rules;
        if (rules != null) {
            rules.match(subject, matches);
        }
    }

    /** Whether which rules the last event matches may depend on the query of its URI. */
    public boolean readQuery() {
        return last != null && last.readQuery();
    }
}
