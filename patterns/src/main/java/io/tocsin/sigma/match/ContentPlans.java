package io.tocsin.sigma.match;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.ContentPlan.Wish;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What decoders have to read for rules. */
public final class ContentPlans {
    private final SigmaRule rule;
    private final Source source;
    private final BiFunction<String, Source, @Nullable Field> fields;
    private final Set<String> paths = new HashSet<>();
    private boolean text;

    private ContentPlans(SigmaRule rule, Source source, BiFunction<String, Source, @Nullable Field> fields) {
        this.rule = rule;
        this.source = source;
        this.fields = fields;
    }

    /** The plan for these rules, which are linked. */
    public static ContentPlan of(List<SigmaRule> rules) {
        return of(rules, FieldCatalog::find);
    }

    /** The same with these fields. */
    static ContentPlan of(List<SigmaRule> rules, BiFunction<String, Source, @Nullable Field> fields) {
        Set<Wish> wishes = new LinkedHashSet<>();
        for (SigmaRule rule : rules) {
            for (Source source : rule.sources().stream().sorted().toList()) {
                Wish wish = new ContentPlans(rule, source, fields).wish();
                if (wish.text() || !wish.paths().isEmpty()) {
                    wishes.add(wish);
                }
            }
        }
        return new ContentPlan(new ArrayList<>(wishes));
    }

    private Wish wish() {
        collect(rule.when());
        for (SigmaRule.Grade grade : rule.grades()) {
            collect(grade.when());
        }
        for (String field : rule.fields()) {
            addField(field);
        }
        // The API server writes verbs and resources in lower case; other logs are few enough to be read whole.
        boolean narrow = source == Source.KUBERNETES_AUDIT;
        Set<String> verbs = narrow ? needed(rule.when(), "verb") : null;
        Set<String> resources = narrow ? needed(rule.when(), "objectRef.resource") : null;
        return new Wish(
                source, verbs == null ? Set.of() : verbs, resources == null ? Set.of() : resources, paths, text);
    }

    private void collect(Expression expression) {
        if (expression instanceof Expression.All all) {
            all.of().forEach(this::collect);
        } else if (expression instanceof Expression.Any any) {
            any.of().forEach(this::collect);
        } else if (expression instanceof Expression.Not not) {
            collect(not.of());
        } else if (expression instanceof Expression.Test test) {
            if (test.field().equals(Expression.KEYWORDS)) {
                text = true;
            } else {
                addField(test.field());
            }
            if (test.is() instanceof Comparison.Field other) {
                addField(other.field());
            }
        } else {
            Expression.Element element = (Expression.Element) expression;
            Field array = find(element.array());
            if (array != null && !array.content().isEmpty()) {
                addElement(array.content(), element.holds());
            }
        }
    }

    private void addField(String name) {
        Field field = find(name);
        if (field != null && !field.content().isEmpty()) {
            paths.add(field.content());
            paths.addAll(field.beside());
        }
    }

    private @Nullable Field find(String name) {
        return fields.apply(Scope.plain(name), source);
    }

    private void addElement(String array, Expression holds) {
        if (holdsOfNothing(holds)) {
            // An element that has none of the fields counts too, so all that makes elements is read.
            paths.add(array);
        }
        addBelow(array, holds);
    }

    private void addBelow(String array, Expression expression) {
        if (expression instanceof Expression.All all) {
            all.of().forEach(part -> addBelow(array, part));
        } else if (expression instanceof Expression.Any any) {
            any.of().forEach(part -> addBelow(array, part));
        } else if (expression instanceof Expression.Not not) {
            addBelow(array, not.of());
        } else if (expression instanceof Expression.Test test) {
            paths.add(Compiler.below(array, test.field()));
            if (test.is() instanceof Comparison.Field other) {
                paths.add(Compiler.below(array, other.field()));
            }
        } else {
            Expression.Element element = (Expression.Element) expression;
            addElement(Compiler.below(array, element.array()), element.holds());
        }
    }

    /** Whether it is true where no field is there. */
    private static boolean holdsOfNothing(Expression expression) {
        if (expression instanceof Expression.All all) {
            return all.of().stream().allMatch(ContentPlans::holdsOfNothing);
        } else if (expression instanceof Expression.Any any) {
            return any.of().stream().anyMatch(ContentPlans::holdsOfNothing);
        } else if (expression instanceof Expression.Not not) {
            return !holdsOfNothing(not.of());
        } else if (expression instanceof Expression.Test test) {
            return test.is() instanceof Comparison.IsNull;
        } else {
            return false;
        }
    }

    /** The values of a field without which it can't be true; null if it can be with any. */
    private @Nullable Set<String> needed(Expression expression, String name) {
        if (expression instanceof Expression.Test test) {
            Field field = find(test.field());
            return field != null
                            && field.name().equals(name)
                            && test.is() instanceof Comparison.Text text
                            && text.where() == Comparison.Where.IS
                    ? Set.of(text.text().toLowerCase(Locale.ROOT))
                    : null;
        }
        if (expression instanceof Expression.All all) {
            Set<String> common = null;
            for (Expression part : all.of()) {
                Set<String> needed = needed(part, name);
                if (needed != null && (common == null || needed.size() < common.size())) {
                    common = needed;
                }
            }
            return common;
        }
        if (expression instanceof Expression.Any any) {
            Set<String> either = new HashSet<>();
            for (Expression part : any.of()) {
                Set<String> needed = needed(part, name);
                if (needed == null) {
                    return null;
                }
                either.addAll(needed);
            }
            return either.isEmpty() ? null : either;
        }
        return null;
    }
}
