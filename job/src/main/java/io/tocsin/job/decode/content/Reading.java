package io.tocsin.job.decode.content;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is read of records of one kind. */
public final class Reading {
    /** Nothing. */
    public static final Reading NOTHING = new Reading(Set.of(), false);

    private final PathNode root = PathNode.root();
    private final int wishes;
    private final boolean text;

    Reading(Set<String> paths, boolean text) {
        int number = 0;
        for (String path : paths) {
            root.want(path, number++);
        }
        this.wishes = number;
        this.text = text;
    }

    /** Where paths start whose first names are members of the record. */
    public PathNode root() {
        return root;
    }

    /** Where the paths start whose first name is this; null if there are none. */
    public @Nullable PathNode root(String name) {
        return root.child(name);
    }

    /** How many paths there are. */
    int wishes() {
        return wishes;
    }

    /** Whether the record's text is read. */
    public boolean text() {
        return text;
    }
}
