package io.tocsin.sigma.match;

/** Whether one element of an array meets a condition. */
final class ElementQuestion extends Question {
    private final Elements elements;
    private final Condition holds;

    /**
     * A question.
     *
     * @param values the array as a field
     * @param holds of the elements' scope
     */
    ElementQuestion(Values values, Elements elements, Condition holds) {
        super(values);
        this.elements = elements;
        this.holds = holds;
    }

    @Override
    boolean ask() {
        return elements.any(holds);
    }

    @Override
    int cost() {
        return 1000;
    }
}
