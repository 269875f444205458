package io.tocsin.sigma;

import java.io.Serializable;
import java.util.List;

/** What a rule asks of an event: its condition with the search identifiers put in their places. */
public sealed interface Expression extends Serializable {
    /** All hold; of none: true. */
    record All(List<Expression> of) implements Expression {
        public All {
            of = List.copyOf(of);
        }
    }

    /** At least one holds; of none: false. */
    record Any(List<Expression> of) implements Expression {
        public Any {
            of = List.copyOf(of);
        }
    }

    /** It does not hold. */
    record Not(Expression of) implements Expression {}

    /**
     * A value of a field is as it should be; of a field with several values any of them.
     *
     * @param field its name; {@link #KEYWORDS} for the whole record
     * @param is what it should be
     * @param line where the rule says so, from 1
     */
    record Test(String field, Comparison is, int line) implements Expression {}

    /**
     * One and the same element of an array has all that is asked: {@code requestObject.rules[]: {verbs: get, resources: secrets}}.
     *
     * @param array the array's field, without {@code []}
     * @param holds its fields are named from the element on
     * @param line where the rule says so, from 1
     */
    record Element(String array, Expression holds, int line) implements Expression {}

    /** What a keyword is searched in. */
    String KEYWORDS = "*";
}
