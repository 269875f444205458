package io.tocsin.sigma.match;

import java.util.Set;

/** Whether a field is there at all. */
final class PresenceQuestion extends Question {
    private final boolean evenNull;

    /**
     * A question.
     *
     * @param evenNull whether null is enough
     */
    PresenceQuestion(Values values, boolean evenNull) {
        super(values);
        this.evenNull = evenNull;
    }

    @Override
    boolean ask() {
        return evenNull ? values.isThere() : values.isNotNull();
    }

    @Override
    int cost() {
        return 1;
    }

    @Override
    Boolean answerFor(String folded) {
        return true;
    }

    @Override
    Boolean answerForOther(Set<String> folded) {
        return true;
    }
}
