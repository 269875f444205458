package io.tocsin.sigma.match;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A test of a field, asked by however many rules and answered at most once for what the scope has at hand. */
abstract class Question {
    final Values values;
    private long answeredAt;
    private boolean answer;

    Question(Values values) {
        this.values = values;
    }

    /** The answer. */
    final boolean answer() {
        long now = values.scope.now();
        if (answeredAt != now) {
            answer = ask();
            answeredAt = now;
        }
        return answer;
    }

    abstract boolean ask();

    /** What asking costs, very roughly. */
    abstract int cost();

    /** The answer where the field has no value. */
    Boolean answerForNone() {
        return false;
    }

    /** The answer where the field has one value, which in lower case is this; null if that does not tell. */
    @Nullable
    Boolean answerFor(String folded) {
        return null;
    }

    /** The answer where the field has one value, which in lower case is none of these; null if that does not tell. */
    @Nullable
    Boolean answerForOther(Set<String> folded) {
        return null;
    }
}
