package io.tocsin.sigma.match;

import io.tocsin.sigma.match.Condition.Asked;
import io.tocsin.sigma.match.Condition.Several;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions of which at least one is answered yes wherever a condition holds, so that the condition need not be looked at before.
 *
 * @param texts questions that a search for texts brings up
 * @param fields fields that would have to be there for others
 * @param worth how rarely it comes up, roughly
 */
record Anchor(List<SearchedQuestion> texts, List<Values> fields, int worth) {
    private static final int LONGEST = 16;

    /** The best of a condition; null if it has none. */
    static @Nullable Anchor of(Condition condition) {
        if (condition instanceof Asked asked) {
            return of(asked.question);
        }
        if (condition instanceof Several several) {
            return several.all ? best(several) : union(several);
        }
        return null;
    }

    private static Anchor of(Question question) {
        // What is in the content is there in few events.
        int rare = question.values.path == null ? 0 : 2 * LONGEST;
        if (question instanceof SearchedQuestion searched) {
            return new Anchor(List.of(searched), List.of(), rare + Math.min(searched.worth, LONGEST) + 1);
        }
        return new Anchor(List.of(), List.of(question.values), rare);
    }

    private static @Nullable Anchor best(Several several) {
        Anchor best = null;
        for (Condition part : several.of) {
            Anchor anchor = of(part);
            if (anchor != null && (best == null || anchor.worth > best.worth)) {
                best = anchor;
            }
        }
        return best;
    }

    private static @Nullable Anchor union(Several several) {
        List<SearchedQuestion> texts = new ArrayList<>();
        List<Values> fields = new ArrayList<>();
        int worth = Integer.MAX_VALUE;
        for (Condition part : several.of) {
            Anchor anchor = of(part);
            if (anchor == null) {
                return null;
            }
            texts.addAll(anchor.texts);
            fields.addAll(anchor.fields);
            worth = Math.min(worth, anchor.worth);
        }
        return new Anchor(texts, fields, worth);
    }
}
