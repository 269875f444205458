package io.tocsin.sigma.link;

import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Gives the fields of one document their own names, and tells those that the logs it reads don't have. */
final class FieldNames {
    private final Set<Source> sources;
    private final String file;
    private final List<SigmaProblem> problems;
    private final Set<String> unknown = new HashSet<>();

    FieldNames(Set<Source> sources, String file, List<SigmaProblem> problems) {
        this.sources = new TreeSet<>(sources);
        this.file = file;
        this.problems = problems;
    }

    /** The condition with own names. */
    Expression in(Expression expression) {
        if (expression instanceof Expression.All all) {
            return new Expression.All(all.of().stream().map(this::in).toList());
        }
        if (expression instanceof Expression.Any any) {
            return new Expression.Any(any.of().stream().map(this::in).toList());
        }
        if (expression instanceof Expression.Not not) {
            return new Expression.Not(in(not.of()));
        }
        if (expression instanceof Expression.Element element) {
            return in(element);
        }
        return expression instanceof Expression.Test test ? in(test) : expression;
    }

    private Expression in(Expression.Test test) {
        if (test.field().equals(Expression.KEYWORDS)) {
            return test;
        }
        List<Expression> tests = new ArrayList<>();
        for (String name : own(test.field(), test.line())) {
            if (test.is() instanceof Comparison.Field other) {
                for (String with : own(other.field(), test.line())) {
                    Comparison same = new Comparison.Field(with, other.where(), other.cased());
                    tests.add(new Expression.Test(name, same, test.line()));
                }
            } else {
                tests.add(new Expression.Test(name, test.is(), test.line()));
            }
        }
        if (tests.size() == 1) {
            return tests.get(0);
        }
        // Logs that have it by different names: each has only its own, the others are absent there.
        return test.is() instanceof Comparison.IsNull ? new Expression.All(tests) : new Expression.Any(tests);
    }

    private Expression in(Expression.Element element) {
        Set<String> arrays = own(element.array(), element.line());
        Expression inner = relative(element.holds());
        List<Expression> any = new ArrayList<>();
        for (String array : arrays) {
            any.add(new Expression.Element(array, inner, element.line()));
        }
        for (Source source : sources) {
            Field field = FieldCatalog.find(element.array(), source);
            if (field != null && !field.content().equals(field.name())) {
                problem(
                        element.line(),
                        "%s has no elements with names: only lists of objects in a record's own content have, such as"
                                        .formatted(element.array())
                                + " requestObject.rules[] and pod.containers[]");
                break;
            }
        }
        return any.size() == 1 ? any.get(0) : new Expression.Any(any);
    }

    /** Names from an element on are taken as they are. */
    private static Expression relative(Expression expression) {
        if (expression instanceof Expression.All all) {
            return new Expression.All(
                    all.of().stream().map(FieldNames::relative).toList());
        }
        if (expression instanceof Expression.Any any) {
            return new Expression.Any(
                    any.of().stream().map(FieldNames::relative).toList());
        }
        if (expression instanceof Expression.Not not) {
            return new Expression.Not(relative(not.of()));
        }
        if (expression instanceof Expression.Element element) {
            return new Expression.Element(bare(element.array()), relative(element.holds()), element.line());
        }
        if (expression instanceof Expression.Test test) {
            Comparison is = test.is() instanceof Comparison.Field other
                    ? new Comparison.Field(bare(other.field()), other.where(), other.cased())
                    : test.is();
            return new Expression.Test(bare(test.field()), is, test.line());
        }
        return expression;
    }

    private static String bare(String name) {
        return name.replace("[]", "");
    }

    /** The own names of a field: one, unless logs call it differently. Of an unknown field what was written, and a problem. */
    Set<String> own(String name, int line) {
        Set<String> names = new LinkedHashSet<>();
        for (Source source : sources) {
            Field field = FieldCatalog.find(name, source);
            if (field != null) {
                names.add(field.name());
            }
        }
        if (names.isEmpty()) {
            if (unknown.add(name)) {
                problem(line, FieldAdvice.unknown(name, sources));
            }
            names.add(bare(name));
        }
        return names;
    }

    private void problem(int line, String reason) {
        SigmaProblem problem = new SigmaProblem(file, line, reason);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }
}
