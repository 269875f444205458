package io.tocsin.event;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What enabled rules read of records beyond the flat event, so that decoders read that and skip the rest. */
public record ContentPlan(List<Wish> wishes) implements Serializable {
    /** Nothing. */
    public static final ContentPlan NONE = new ContentPlan(List.of());

    /**
     * What some rule reads.
     *
     * @param source of which log
     * @param verbs of records with these verbs; empty: any
     * @param resources of records about these resources; empty: any
     * @param paths the values it reads, as in {@link Content.Leaf#path}; with what is below them. The first name is a root the
     *     format of the source tells
     * @param text whether it searches the record's text
     */
    public record Wish(Source source, Set<String> verbs, Set<String> resources, Set<String> paths, boolean text)
            implements Serializable {
        public Wish {
            verbs = Set.copyOf(verbs);
            resources = Set.copyOf(resources);
            paths = Set.copyOf(paths);
        }

        boolean isOf(Source other, @Nullable String verb, @Nullable String resource) {
            return source == other
                    && (verbs.isEmpty() || (verb != null && verbs.contains(verb)))
                    && (resources.isEmpty() || (resource != null && resources.contains(resource)));
        }
    }

    public ContentPlan {
        wishes = List.copyOf(wishes);
    }

    /** The paths that are read of such records, sorted. Costs a search: ask once for each kind of record. */
    public Set<String> paths(Source source, @Nullable String verb, @Nullable String resource) {
        Set<String> paths = new TreeSet<>();
        for (Wish wish : wishes) {
            if (wish.isOf(source, verb, resource)) {
                paths.addAll(wish.paths());
            }
        }
        return paths;
    }

    /** Whether the text of such records is searched. */
    public boolean text(Source source, @Nullable String verb, @Nullable String resource) {
        for (Wish wish : wishes) {
            if (wish.text() && wish.isOf(source, verb, resource)) {
                return true;
            }
        }
        return false;
    }
}
