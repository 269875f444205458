package io.tocsin.sigma.match;

import java.util.List;
import java.util.function.Predicate;

/** Whether any value of a field that is a number, an address or a time passes a test. */
final class ParsedQuestion<T> extends Question {
    private final ParsedValues<T> parsed;
    private final Predicate<T> test;

    ParsedQuestion(Values values, ParsedValues<T> parsed, Predicate<T> test) {
        super(values);
        this.parsed = parsed;
        this.test = test;
    }

    @Override
    boolean ask() {
        List<T> list = parsed.list();
        for (int i = 0; i < list.size(); i++) {
            if (test.test(list.get(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    int cost() {
        return 4;
    }
}
