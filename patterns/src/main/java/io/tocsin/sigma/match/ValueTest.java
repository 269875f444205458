package io.tocsin.sigma.match;

import java.util.List;

/** A test of one value. */
@FunctionalInterface
interface ValueTest {
    boolean isTrue(String value);

    /** Whether a value passes. */
    default boolean isTrueOfAny(List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (isTrue(values.get(i))) {
                return true;
            }
        }
        return false;
    }
}
