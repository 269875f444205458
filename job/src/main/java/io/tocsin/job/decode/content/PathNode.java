package io.tocsin.job.decode.content;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in the tree of the paths that are read: member names lead from one to the next. */
public final class PathNode {
    /** Stands for a wish where there is none. */
    static final int NONE = -1;

    private static final int CONTAINERS = 1_000_000;
    /** Where containers may stand in the spec of a pod, which all of them are {@code containers} to rules. */
    private static final List<String> CONTAINER_LISTS = List.of("containers", "initContainers", "ephemeralContainers");

    private final Map<String, PathNode> children;
    /** As leaves are told, without indices. */
    final String path;
    /** What coming here adds to that; null if nothing: the way to what a root stands for. */
    final @Nullable String label;
    /** The number of the path that is wanted here; {@link #NONE} if only one below. */
    int wish;
    /** Whether elements go on counting where those of another array of the same path stopped. */
    final boolean counted;
    /** Where counting starts if only a part of the array is known. */
    final int first;

    private PathNode(
            Map<String, PathNode> children, String path, @Nullable String label, int wish, boolean counted, int first) {
        this.children = children;
        this.path = path;
        this.label = label;
        this.wish = wish;
        this.counted = counted;
        this.first = first;
    }

    /** Where all paths start. */
    static PathNode root() {
        return new PathNode(new HashMap<>(), "", null, NONE, false, 0);
    }

    /** What stands for these names, and below them; null if nothing is wanted there. */
    public @Nullable PathNode child(String name) {
        return children.get(name);
    }

    /** Wants a path, of names parted by dots. */
    void want(String wanted, int number) {
        PathNode node = this;
        int at = 0;
        while (at <= wanted.length()) {
            int dot = wanted.indexOf('.', at);
            int to = dot < 0 ? wanted.length() : dot;
            String name = wanted.substring(at, to);
            PathNode child = node.children.get(name);
            if (child == null) {
                child = new PathNode(new HashMap<>(), wanted.substring(0, to), name, NONE, false, 0);
                node.children.put(name, child);
            }
            node = child;
            at = to + 1;
        }
        node.wish = number;
    }

    /** The tree of an object in which this stands at a place: leaves are told as if it were the object. */
    public PathNode within(String place) {
        PathNode node = this;
        for (int end = place.length(); end >= 0; ) {
            int dot = place.lastIndexOf('.', end - 1);
            PathNode around = root();
            around.children.put(place.substring(dot + 1, end), node);
            node = around;
            end = dot;
        }
        return node;
    }

    /** This, a pod's spec, with its lists of containers told as one. */
    public PathNode ofPodSpec() {
        Map<String, PathNode> members = new HashMap<>(children);
        PathNode named = children.get(CONTAINER_LISTS.get(0));
        if (named != null || wish != NONE) {
            PathNode list = named != null ? named : below(CONTAINER_LISTS.get(0));
            for (int i = 0; i < CONTAINER_LISTS.size(); i++) {
                members.put(
                        CONTAINER_LISTS.get(i),
                        new PathNode(list.children, list.path, list.label, list.wish, true, i * CONTAINERS));
            }
        }
        return new PathNode(members, path, path, wish, false, 0);
    }

    private PathNode below(String name) {
        return new PathNode(new HashMap<>(), path + '.' + name, name, NONE, false, 0);
    }

    /** Whether it is told by the name it has in the record. */
    boolean isNamed(String name) {
        return name.equals(label);
    }
}
