package io.tocsin.sigma.link;

import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The exact values that fields must have for a condition to hold, and where two demands on one field exclude each other. */
final class ExactValues {
    /** A field that can't be both. */
    record Contradiction(String field, int line, Set<String> one, Set<String> other) {}

    private record Asked(Set<String> values, int line) {}

    private final Predicate<String> single;
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private final Set<String> absent = new HashSet<>();
    private final List<Contradiction> contradictions = new ArrayList<>();

    /**
     * @param single whether a field has one value at most
     */
    ExactValues(Predicate<String> single) {
        this.single = single;
    }

    /** Takes what must hold. */
    void of(Expression.All all) {
        for (Expression term : all.of()) {
            if (term instanceof Expression.All inner) {
                of(inner);
            } else {
                take(term);
            }
        }
    }

    private void take(Expression term) {
        if (term instanceof Expression.Test test && test.is() instanceof Comparison.IsNull) {
            absent.add(test.field());
            return;
        }
        Set<String> values = new HashSet<>();
        Expression.Test first = collect(term, null, values);
        if (first == null || values.isEmpty() || !single.test(first.field())) {
            return;
        }
        Asked before = asked.putIfAbsent(first.field(), new Asked(values, first.line()));
        if (before != null) {
            Set<String> both = new HashSet<>(before.values());
            both.retainAll(values);
            if (both.isEmpty()) {
                contradictions.add(new Contradiction(first.field(), first.line(), before.values(), values));
            } else {
                asked.put(first.field(), new Asked(both, first.line()));
            }
        }
    }

    /** Collects the values of a test, or of alternatives that are all about one field; null if it is anything else. */
    private static Expression.@Nullable Test collect(
            Expression term, Expression.@Nullable Test first, Set<String> values) {
        if (term instanceof Expression.Test test
                && test.is() instanceof Comparison.Text text
                && text.where() == Comparison.Where.IS
                && (first == null || first.field().equals(test.field()))) {
            values.add(text.text().toLowerCase(Locale.ROOT));
            return test;
        }
        if (term instanceof Expression.Any any) {
            Expression.Test last = first;
            for (Expression alternative : any.of()) {
                last = collect(alternative, last, values);
                if (last == null) {
                    return null;
                }
            }
            return last;
        }
        return null;
    }

    List<Contradiction> contradictions() {
        return List.copyOf(contradictions);
    }

    /** What a field must be, in lower case; empty if it may be anything. */
    Set<String> of(String field) {
        Asked values = asked.get(field);
        return values == null ? Set.of() : values.values();
    }

    /** Whether a field must be absent. */
    boolean isAbsent(String field) {
        return absent.contains(field);
    }

    /** The line of the first of these fields that is asked for; 0 if none is. */
    int line(String... fields) {
        for (String field : fields) {
            Asked values = asked.get(field);
            if (values != null) {
                return values.line();
            }
        }
        return 0;
    }
}
