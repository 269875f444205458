package io.tocsin.sigma.match;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A question that is only worth asking where one of its texts is in a value; often that is already the answer. */
final class SearchedQuestion extends Question {
    /** When a text of it was found last. */
    long foundAt;
    /** How long its shortest text is; longer ones are rarer. */
    int worth = Integer.MAX_VALUE;
    /** This question's place among those of its source. */
    final int number;

    private final @Nullable ValueTest verify;
    private final int cost;
    private final @Nullable ValueTest folded;
    private final @Nullable String whole;

    /**
     * A question.
     *
     * @param number its place
     * @param verify what a value still has to pass; null if having the text is the answer
     * @param cost what asking costs
     * @param folded tells the answer from a value in lower case; null if that does not do
     * @param whole in lower case what the whole value must be; null if it may be more
     */
    SearchedQuestion(
            Values values,
            int number,
            @Nullable ValueTest verify,
            int cost,
            @Nullable ValueTest folded,
            @Nullable String whole) {
        super(values);
        this.number = number;
        this.verify = verify;
        this.cost = cost;
        this.folded = folded;
        this.whole = whole;
    }

    /** Whether it is about the value as a whole. */
    boolean isWhole() {
        return whole != null;
    }

    @Override
    boolean ask() {
        values.texts.search();
        return foundAt == values.scope.now() && (verify == null || verify.isTrueOfAny(values.list()));
    }

    @Override
    int cost() {
        return cost;
    }

    @Override
    @Nullable
    Boolean answerFor(String value) {
        return folded == null ? null : folded.isTrue(value);
    }

    @Override
    @Nullable
    Boolean answerForOther(Set<String> named) {
        return (whole != null && named.contains(whole)) ? Boolean.FALSE : null;
    }
}
