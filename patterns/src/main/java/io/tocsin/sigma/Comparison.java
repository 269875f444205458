package io.tocsin.sigma;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one value of a field is compared with. Texts are compared without regard to case unless {@code cased}. */
public sealed interface Comparison extends Serializable {
    /** Where a text stands in the value. */
    enum Where {
        IS,
        STARTS,
        ENDS,
        CONTAINS
    }

    /** The value is, starts with, ends with or contains a text; without wildcards, which are taken as they are. */
    record Text(Where where, String text, boolean cased) implements Comparison {}

    /**
     * The value as a whole is of a shape.
     *
     * @param parts what follows one another
     */
    record Wildcard(List<Part> parts, boolean cased) implements Comparison {
        public Wildcard {
            parts = List.copyOf(parts);
        }
    }

    /**
     * A part of a shape.
     *
     * @param text literal text; null for a wildcard
     * @param any of a wildcard: whether it stands for any number of characters ({@code *}), else for exactly one ({@code ?})
     */
    record Part(@Nullable String text, boolean any) implements Serializable {}

    /** The value holds a match of a regular expression (RE2 syntax, so that it costs time linear in the value's length). */
    record Regex(String pattern, boolean ignoreCase, boolean multiLine, boolean dotAll) implements Comparison {}

    /** The value is an address in a range. */
    record Cidr(String range) implements Comparison {}

    /** The value is a number that stands in this order to another. */
    record Numeric(Order order, BigDecimal than) implements Comparison {}

    /** How numbers stand to one another. */
    enum Order {
        LESS,
        AT_MOST,
        MORE,
        AT_LEAST,
        EQUAL
    }

    /** The field is absent, or null. */
    record IsNull() implements Comparison {}

    /** The field is there, whatever its value. */
    record Exists() implements Comparison {}

    /** The value is, starts with, ends with or contains a value of another field. */
    record Field(String field, Where where, boolean cased) implements Comparison {}

    /** A part of a time, in UTC, is a number. */
    record TimePart(Unit unit, int is) implements Comparison {}

    /** A part of a time. */
    enum Unit {
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        YEAR
    }
}
