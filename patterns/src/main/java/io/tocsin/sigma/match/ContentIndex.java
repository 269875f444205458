package io.tocsin.sigma.match;

import io.tocsin.event.Content.Leaf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands the values of a content to the fields that are asked for, each value looked up once however many fields there are. */
final class ContentIndex {
    /** Attackers choose keys of labels; paths beyond these are looked up anew each time. */
    private static final int KNOWN = 1 << 12;

    private final Map<String, Values> fields = new HashMap<>();
    private final Map<String, Elements> arrays = new HashMap<>();
    private final Map<String, Readers> known = new HashMap<>();

    /**
     * Who reads values of a path.
     *
     * @param exactly the field of this path
     * @param within the fields of this path and of those above
     * @param arrays the arrays of this path and of those above
     */
    private record Readers(@Nullable Values exactly, List<Values> within, List<Elements> arrays) {}

    /** The field of a path. */
    Values field(Scope scope, String path) {
        known.clear();
        return fields.computeIfAbsent(path, p -> new Values(scope, p));
    }

    /** The array of a path. */
    Elements array(Scope scope, String path) {
        known.clear();
        return arrays.computeIfAbsent(path, p -> new Elements(scope, p));
    }

    /** Hands out all values. */
    void read(List<Leaf> leaves) {
        if (fields.isEmpty()) {
            return;
        }
        for (int i = 0; i < leaves.size(); i++) {
            Leaf leaf = leaves.get(i);
            Readers readers = known.get(leaf.path());
            if (readers == null) {
                readers = find(leaf.path());
                if (known.size() < KNOWN) {
                    known.put(leaf.path(), readers);
                }
            }
            String value = leaf.value();
            if (readers.exactly != null && value != null) {
                readers.exactly.add(value);
            }
            for (int r = 0; r < readers.within.size(); r++) {
                readers.within.get(r).there(value != null);
            }
            for (int r = 0; r < readers.arrays.size(); r++) {
                readers.arrays.get(r).add(leaf);
            }
        }
    }

    private Readers find(String path) {
        List<Values> within = new ArrayList<>();
        List<Elements> above = new ArrayList<>();
        for (int end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1)) {
            find(path.substring(0, end), within, above);
        }
        find(path, within, above);
        return new Readers(fields.get(path), List.copyOf(within), List.copyOf(above));
    }

    private void find(String path, List<Values> within, List<Elements> above) {
        Values field = fields.get(path);
        if (field != null) {
            within.add(field);
        }
        Elements array = arrays.get(path);
        if (array != null) {
            above.add(array);
        }
    }
}
