package io.tocsin.detection;

import io.tocsin.event.EventField;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.Field.Varies;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Which fields a rule reads, and which of them it can't match without. */
final class RuleFields {
    private RuleFields() {}

    /** What has to be decoded for a rule beside its content. */
    static Set<EventField> costs(SigmaRule rule) {
        Set<EventField> costs = EnumSet.noneOf(EventField.class);
        for (String name : read(rule)) {
            for (Source source : rule.sources()) {
                Field field = FieldCatalog.find(name, source);
                if (field != null) {
                    costs.addAll(field.costs());
                }
            }
        }
        return costs;
    }

    /** Whether events that differ in nothing but time and ids may differ in whether they match. */
    static boolean vary(SigmaRule rule) {
        for (String name : read(rule)) {
            for (Source source : rule.sources()) {
                Field field = FieldCatalog.find(name, source);
                if (field != null && field.varies() == Varies.WITH_IDS) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<String> read(SigmaRule rule) {
        Set<String> names = new TreeSet<>(rule.fields());
        read(rule.when(), names);
        rule.grades().forEach(grade -> read(grade.when(), names));
        return names;
    }

    private static void read(Expression expression, Set<String> names) {
        if (expression instanceof Expression.All all) {
            all.of().forEach(one -> read(one, names));
        } else if (expression instanceof Expression.Any any) {
            any.of().forEach(one -> read(one, names));
        } else if (expression instanceof Expression.Not not) {
            read(not.of(), names);
        } else if (expression instanceof Expression.Test test) {
            names.add(test.field());
            if (test.is() instanceof Comparison.Field other) {
                names.add(other.field());
            }
        } else if (expression instanceof Expression.Element element) {
            names.add(element.array());
        }
    }

    /** Whether every way to match asks for something: a field with a value, or one element of an array. */
    static boolean requires(Expression expression, Predicate<Expression> something) {
        if (expression instanceof Expression.All all) {
            return all.of().stream().anyMatch(one -> requires(one, something));
        }
        if (expression instanceof Expression.Any any) {
            return !any.of().isEmpty() && any.of().stream().allMatch(one -> requires(one, something));
        }
        if (expression instanceof Expression.Not || (expression instanceof Expression.Test test && isAbsence(test))) {
            return false;
        }
        return something.test(expression);
    }

    private static boolean isAbsence(Expression.Test test) {
        return test.is() instanceof Comparison.IsNull;
    }
}
