package io.tocsin.sigma.link;

import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.field.ActorFields;
import java.util.ArrayList;
import java.util.List;

/**
 * A condition without its question for a new address. That asks a history, which is known only where the identity's events meet; so
 * it may only narrow what the rest of the condition finds.
 *
 * @param rest what is asked of the event itself
 * @param asked whether the address must be new
 */
record NewAddress(Expression rest, boolean asked) {
    private static final String FIELD = ActorFields.NEW_ADDRESS;

    /** Takes the question out of a condition in which it stands, if at all, as a term that must hold. */
    static NewAddress in(Expression when, String file, List<SigmaProblem> problems) {
        List<Expression> terms = new ArrayList<>();
        flatten(when, terms);
        List<Expression> rest = new ArrayList<>();
        boolean asked = false;
        for (Expression term : terms) {
            if (isPositive(term)) {
                asked = true;
            } else {
                refuse(term, "an alternative or a negation, or with another value than true", file, problems);
                rest.add(term);
            }
        }
        if (!asked) {
            return new NewAddress(when, false);
        }
        if (rest.isEmpty()) {
            problems.add(new SigmaProblem(
                    file, line(terms.get(0)), FIELD + " must stand beside others: every new address would be a match"));
        }
        return new NewAddress(rest.size() == 1 ? rest.get(0) : new Expression.All(rest), true);
    }

    private static void flatten(Expression expression, List<Expression> into) {
        if (expression instanceof Expression.All all) {
            all.of().forEach(term -> flatten(term, into));
        } else {
            into.add(expression);
        }
    }

    private static boolean isPositive(Expression term) {
        if (term instanceof Expression.Any any && any.of().size() == 1) {
            return isPositive(any.of().get(0));
        }
        return term instanceof Expression.Test test
                && test.field().equals(FIELD)
                && test.is() instanceof Comparison.Text text
                && text.where() == Comparison.Where.IS
                && text.text().equalsIgnoreCase("true");
    }

    private static int line(Expression term) {
        return term instanceof Expression.Test test ? test.line() : 0;
    }

    /** Makes it a problem if the question is asked here. */
    static void refuse(Expression expression, String where, String file, List<SigmaProblem> problems) {
        if (expression instanceof Expression.All all) {
            all.of().forEach(term -> refuse(term, where, file, problems));
        } else if (expression instanceof Expression.Any any) {
            any.of().forEach(term -> refuse(term, where, file, problems));
        } else if (expression instanceof Expression.Not not) {
            refuse(not.of(), where, file, problems);
        } else if (expression instanceof Expression.Element element) {
            refuse(element.holds(), where, file, problems);
        } else if (expression instanceof Expression.Test test && test.field().equals(FIELD)) {
            problems.add(new SigmaProblem(
                    file,
                    test.line(),
                    "%s can't be asked in %s: it must be true and hold with all the rest".formatted(FIELD, where)));
        }
    }
}
