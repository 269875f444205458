package io.tocsin.sigma.match;

import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.match.Condition.Constant;
import java.util.ArrayList;
import java.util.List;

/** Makes conditions of expressions, so that equal tests are one question. */
final class Compiler {
    private Compiler() {}

    static Condition compile(Expression expression, Scope scope) {
        if (expression instanceof Expression.All all) {
            return several(true, all.of(), scope);
        } else if (expression instanceof Expression.Any any) {
            return several(false, any.of(), scope);
        } else if (expression instanceof Expression.Not not) {
            return Condition.not(compile(not.of(), scope));
        } else if (expression instanceof Expression.Test test) {
            Values values = scope.values(test.field());
            return values != null
                    ? scope.questions.test(values, test.is())
                    : Constant.of(test.is() instanceof Comparison.IsNull);
        } else {
            return element((Expression.Element) expression, scope);
        }
    }

    private static Condition several(boolean all, List<Expression> of, Scope scope) {
        List<Condition> parts = new ArrayList<>(of.size());
        for (Expression part : of) {
            parts.add(compile(part, scope));
        }
        return Condition.several(all, parts);
    }

    /** An element can have it all only if all is somewhere in the array, which is cheap to tell and tells most events apart. */
    private static Condition element(Expression.Element element, Scope scope) {
        String path = scope.arrayPath(element.array());
        if (path == null) {
            return Constant.FALSE;
        }
        Condition inner = compile(element.holds(), scope.array(path).scope);
        Condition whole = inner == Constant.FALSE
                ? Constant.FALSE
                : scope.questions.element(path, withoutLines(element.holds()), inner);
        return Condition.several(true, List.of(somewhere(element.holds(), path, scope), whole));
    }

    /** What must hold of the array as a whole if something holds of one of its elements. */
    private static Condition somewhere(Expression expression, String path, Scope scope) {
        if (expression instanceof Expression.All all) {
            return somewhere(true, all.of(), path, scope);
        } else if (expression instanceof Expression.Any any) {
            return somewhere(false, any.of(), path, scope);
        } else if (expression instanceof Expression.Element element) {
            return somewhere(element.holds(), below(path, element.array()), scope);
        } else if (expression instanceof Expression.Test test
                && !(test.is() instanceof Comparison.IsNull)
                && !(test.is() instanceof Comparison.Field)) {
            return scope.questions.test(scope.content(below(path, test.field())), test.is());
        } else {
            return Constant.TRUE;
        }
    }

    private static Condition somewhere(boolean all, List<Expression> of, String path, Scope scope) {
        List<Condition> parts = new ArrayList<>(of.size());
        for (Expression part : of) {
            parts.add(somewhere(part, path, scope));
        }
        return Condition.several(all, parts);
    }

    /** The path of a field that is named from an element of an array on. */
    static String below(String array, String field) {
        String name = Scope.plain(field);
        return name.isEmpty() ? array : array + "." + name;
    }

    private static Expression withoutLines(Expression expression) {
        if (expression instanceof Expression.All all) {
            return new Expression.All(withoutLines(all.of()));
        } else if (expression instanceof Expression.Any any) {
            return new Expression.Any(withoutLines(any.of()));
        } else if (expression instanceof Expression.Not not) {
            return new Expression.Not(withoutLines(not.of()));
        } else if (expression instanceof Expression.Test test) {
            return new Expression.Test(test.field(), test.is(), 0);
        } else {
            Expression.Element element = (Expression.Element) expression;
            return new Expression.Element(element.array(), withoutLines(element.holds()), 0);
        }
    }

    private static List<Expression> withoutLines(List<Expression> expressions) {
        List<Expression> without = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            without.add(withoutLines(expression));
        }
        return without;
    }
}
