package io.tocsin.sigma.match;

import io.tocsin.event.Content.Leaf;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The elements of an array in the content; each is asked on its own. */
final class Elements {
    private final Scope outer;
    private final String path;
    private final int dots;
    private final List<Leaf> leaves = new ArrayList<>();
    private long readAt;
    private long groupedAt;
    private Collection<List<Leaf>> groups = List.of();

    /** What is asked of an element. */
    final ElementScope scope;

    Elements(Scope outer, String path) {
        this.outer = outer;
        this.path = path;
        this.scope = new ElementScope(path);
        this.dots = (int) path.chars().filter(c -> c == '.').count();
    }

    /** Takes a value of the content, at the array's path or below. */
    void add(Leaf leaf) {
        if (readAt != outer.now()) {
            readAt = outer.now();
            leaves.clear();
        }
        // An array that is null or empty has no element.
        if (leaf.path().length() != path.length() || !leaf.at().equals(leaf.path())) {
            leaves.add(leaf);
        }
    }

    /** Whether a condition, of this array's scope, holds of any element. */
    boolean any(Condition condition) {
        if (outer.readContent() != readAt) {
            return false;
        }
        if (groupedAt != readAt) {
            groupedAt = readAt;
            groups = group();
        }
        for (List<Leaf> element : groups) {
            scope.take(element);
            if (condition.holds()) {
                return true;
            }
        }
        return false;
    }

    private Collection<List<Leaf>> group() {
        Map<String, List<Leaf>> byPlace = new LinkedHashMap<>();
        String place = null;
        List<Leaf> element = List.of();
        for (int i = 0; i < leaves.size(); i++) {
            String at = leaves.get(i).at();
            int end = end(at);
            if (!isPlace(place, at, end)) {
                place = at.substring(0, end);
                element = byPlace.computeIfAbsent(place, p -> new ArrayList<>());
            }
            element.add(leaves.get(i));
        }
        return byPlace.values();
    }

    private static boolean isPlace(@Nullable String place, String at, int end) {
        return place != null && place.length() == end && at.startsWith(place);
    }

    /** Where the element's own place ends: keys are the same in path and place, so as many dots as in the array's path. */
    private int end(String at) {
        int end = at.indexOf('.');
        for (int i = 0; i < dots && end >= 0; i++) {
            end = at.indexOf('.', end + 1);
        }
        return end < 0 ? at.length() : end;
    }
}
