package io.tocsin.sigma.match;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An expression over questions, simplified: constants only on their own, no condition of one part. Equal ones are one. */
abstract sealed class Condition {
    /** Whether it holds of what the scope has at hand. */
    abstract boolean holds();

    /** What it costs to tell, for the order of parts. */
    abstract int cost();

    /** Fields of the event, not of its content, of which it needs one of certain whole values, or none at all. */
    Set<Values> needs() {
        return Set.of();
    }

    /**
     * The same where some answers are known.
     *
     * @param answers null where a question is still open
     */
    abstract Condition given(Function<Question, @Nullable Boolean> answers);

    /** Known. */
    static final class Constant extends Condition {
        static final Constant TRUE = new Constant(true);
        static final Constant FALSE = new Constant(false);

        private final boolean holds;

        private Constant(boolean holds) {
            this.holds = holds;
        }

        static Constant of(boolean holds) {
            return holds ? TRUE : FALSE;
        }

        @Override
        boolean holds() {
            return holds;
        }

        @Override
        int cost() {
            return 0;
        }

        @Override
        Condition given(Function<Question, @Nullable Boolean> answers) {
            return this;
        }
    }

    /** The answer to a question. */
    static final class Asked extends Condition {
        final Question question;

        Asked(Question question) {
            this.question = question;
        }

        @Override
        boolean holds() {
            return question.answer();
        }

        @Override
        int cost() {
            return question.cost();
        }

        @Override
        Set<Values> needs() {
            boolean whole = question instanceof SearchedQuestion searched && searched.isWhole();
            return whole && question.values.path == null ? Set.of(question.values) : Set.of();
        }

        @Override
        Condition given(Function<Question, @Nullable Boolean> answers) {
            Boolean answer = answers.apply(question);
            return answer == null ? this : Constant.of(answer);
        }
    }

    /** The contrary. */
    static final class Not extends Condition {
        final Condition of;

        private Not(Condition of) {
            this.of = of;
        }

        @Override
        boolean holds() {
            return !of.holds();
        }

        @Override
        int cost() {
            return of.cost();
        }

        @Override
        Set<Values> needs() {
            boolean absent = of instanceof Asked asked
                    && asked.question instanceof PresenceQuestion presence
                    && presence.values.path == null;
            return absent ? Set.of(((Asked) of).question.values) : Set.of();
        }

        @Override
        Condition given(Function<Question, @Nullable Boolean> answers) {
            Condition given = of.given(answers);
            return Objects.equals(given, of) ? this : not(given);
        }
    }

    /** All of several, or any of several; the cheapest first. */
    static final class Several extends Condition {
        final boolean all;
        final Condition[] of;
        private final int cost;
        private final Set<Values> needs;

        private Several(boolean all, List<Condition> of) {
            this.all = all;
            this.of = of.toArray(Condition[]::new);
            int sum = 0;
            for (Condition part : of) {
                sum += part.cost();
            }
            cost = sum;
            needs = needs(all, of);
        }

        @Override
        boolean holds() {
            for (Condition part : of) {
                if (part.holds() != all) {
                    return !all;
                }
            }
            return all;
        }

        @Override
        int cost() {
            return cost;
        }

        @Override
        Set<Values> needs() {
            return needs;
        }

        private static Set<Values> needs(boolean all, List<Condition> of) {
            Set<Values> needs = new HashSet<>(of.get(0).needs());
            for (Condition part : of) {
                if (all) {
                    needs.addAll(part.needs());
                } else {
                    needs.retainAll(part.needs());
                }
            }
            return Set.copyOf(needs);
        }

        @Override
        Condition given(Function<Question, @Nullable Boolean> answers) {
            List<Condition> given = new ArrayList<>(of.length);
            boolean changed = false;
            for (Condition part : of) {
                Condition then = part.given(answers);
                changed |= !Objects.equals(then, part);
                given.add(then);
            }
            return changed ? several(all, given) : this;
        }
    }

    /** The contrary of a condition. */
    static Condition not(Condition of) {
        if (of instanceof Constant constant) {
            return Constant.of(!constant.holds);
        }
        return of instanceof Not not ? not.of : new Not(of);
    }

    /** All of these ({@code all}), or any. */
    static Condition several(boolean all, List<Condition> of) {
        List<Condition> parts = new ArrayList<>(of.size());
        Set<Question> asked = new HashSet<>();
        for (Condition part : of) {
            if (part instanceof Constant constant) {
                if (constant.holds != all) {
                    return constant;
                }
            } else if (part instanceof Several inner && inner.all == all) {
                for (Condition deep : inner.of) {
                    addOnce(deep, parts, asked);
                }
            } else {
                addOnce(part, parts, asked);
            }
        }
        if (parts.isEmpty()) {
            return Constant.of(all);
        }
        parts.sort((a, b) -> Integer.compare(a.cost(), b.cost()));
        return parts.size() == 1 ? parts.get(0) : new Several(all, parts);
    }

    private static void addOnce(Condition part, List<Condition> parts, Set<Question> asked) {
        if (!(part instanceof Asked ask) || asked.add(ask.question)) {
            parts.add(part);
        }
    }
}
