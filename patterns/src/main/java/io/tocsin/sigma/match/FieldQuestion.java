package io.tocsin.sigma.match;

import io.tocsin.sigma.Comparison.Where;
import io.tocsin.sigma.compare.Fold;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether any value of a field is, starts with, ends with or contains any value of another. */
final class FieldQuestion extends Question {
    /** An attacker who sends two long arrays gets no more comparisons than this. Equality needs no such bound. */
    private static final int MOST = 1 << 14;

    private final Values others;
    private final Where where;
    private final boolean cased;

    FieldQuestion(Values values, Values others, Where where, boolean cased) {
        super(values);
        this.others = others;
        this.where = where;
        this.cased = cased;
    }

    @Override
    boolean ask() {
        List<String> mine = values.list();
        List<String> theirs = others.list();
        if (mine.isEmpty() || theirs.isEmpty()) {
            return false;
        }
        if (where == Where.IS && mine.size() > 1) {
            return share(mine, theirs);
        }
        int left = MOST;
        for (int i = 0; i < theirs.size(); i++) {
            String text = fold(theirs.get(i));
            for (int j = 0; j < mine.size() && left > 0; j++, left--) {
                if (Questions.stands(where, fold(mine.get(j)), text)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean share(List<String> mine, List<String> theirs) {
        Set<String> set = new HashSet<>();
        for (int i = 0; i < mine.size(); i++) {
            set.add(fold(mine.get(i)));
        }
        for (int i = 0; i < theirs.size(); i++) {
            if (set.contains(fold(theirs.get(i)))) {
                return true;
            }
        }
        return false;
    }

    private String fold(String value) {
        return cased ? value : Fold.fold(value);
    }

    @Override
    int cost() {
        return 50;
    }
}
