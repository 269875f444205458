package io.tocsin.event;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rules read of a record beyond the flat event: the values at the paths they name, and nothing else. Filled only where some
 * enabled rule reads it ({@link ContentPlan}); never written to an alert as it is.
 *
 * @param leaves the values, in the record's order
 * @param text the record as it was logged, cut at 64 Ki characters; null unless a rule searches it for keywords
 */
public record Content(List<Leaf> leaves, @Nullable String text) {
    /** Nothing is read. */
    public static final Content NONE = new Content(List.of(), null);

    /**
     * A value: a string, or a number or boolean as it is written.
     *
     * @param path where it stands, without indices: {@code requestObject.rules.verbs}
     * @param at where exactly: {@code requestObject.rules[2].verbs[0]}; the same as {@code path} outside arrays
     * @param value null for JSON's null; for an object or array that has nothing in it, the empty string
     */
    public record Leaf(String path, String at, @Nullable String value) {}

    public Content {
        leaves = leaves == null ? List.of() : leaves;
    }

    /** All values at a path that are not null. */
    public List<String> values(String path) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            Leaf leaf = leaves.get(i);
            if (leaf.value() != null && leaf.path().equals(path)) {
                values.add(leaf.value());
            }
        }
        return values;
    }

    /** Whether there is a value at a path, null or not. */
    public boolean has(String path) {
        for (int i = 0; i < leaves.size(); i++) {
            if (leaves.get(i).path().equals(path)) {
                return true;
            }
        }
        return false;
    }
}
