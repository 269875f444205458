package io.tocsin.sigma.match;

import org.jspecify.annotations.Nullable;

/** Whether any value of a field passes a test. */
final class ValueQuestion extends Question {
    private final ValueTest test;
    private final boolean foldable;
    private final int cost;

    /**
     * A question.
     *
     * @param foldable whether the test says the same of a value in lower case
     */
    ValueQuestion(Values values, ValueTest test, boolean foldable, int cost) {
        super(values);
        this.test = test;
        this.foldable = foldable;
        this.cost = cost;
    }

    @Override
    boolean ask() {
        return test.isTrueOfAny(values.list());
    }

    @Override
    int cost() {
        return cost;
    }

    @Override
    @Nullable
    Boolean answerFor(String folded) {
        return foldable ? test.isTrue(folded) : null;
    }
}
