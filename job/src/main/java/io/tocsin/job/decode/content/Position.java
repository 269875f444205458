package io.tocsin.job.decode.content;

import io.tocsin.event.Content;
import org.jspecify.annotations.Nullable;

/** Where in a record reading has come to, as leaves tell it, and what is wanted there. */
final class Position {
    private final StringBuilder path = new StringBuilder();
    private final StringBuilder at = new StringBuilder();
    private @Nullable PathNode node;
    private @Nullable PathNode wanted;

    /** Goes to a root. */
    void start(PathNode root) {
        path.setLength(0);
        at.setLength(0);
        path.append(root.path);
        at.append(root.path);
        node = root;
        wanted = nearest(root, null);
    }

    /** Where in the tree it is after {@link #start} or {@link #enter}; null below a wanted path. */
    @Nullable
    PathNode node() {
        return node;
    }

    /** The wanted path it is at or below; null if there is none. */
    @Nullable
    PathNode wanted() {
        return wanted;
    }

    /**
     * Goes from a place to a member of what stands there.
     *
     * @param from where in the tree the place is; null below a wanted path
     * @param above the wanted path the place is at or below; null if there is none
     * @return false if nothing is wanted there or below, and nothing has changed
     */
    boolean enter(@Nullable PathNode from, @Nullable PathNode above, String name) {
        boolean dotted = name.indexOf('.') >= 0;
        PathNode to = from == null || dotted ? from : from.child(name);
        PathNode near = above;
        if (dotted) {
            for (int start = 0; to != null && start <= name.length(); ) {
                int dot = name.indexOf('.', start);
                String part = name.substring(start, dot < 0 ? name.length() : dot);
                to = to.child(part);
                to = to != null && to.isNamed(part) ? to : null;
                near = to == null ? near : nearest(to, near);
                start += part.length() + 1;
            }
        } else if (to != null) {
            near = nearest(to, near);
        }
        if (to == null && near == null) {
            return false;
        }
        String label = to == null || dotted ? name : to.label;
        if (label != null) {
            if (path.length() > 0) {
                path.append('.');
                at.append('.');
            }
            path.append(label);
            at.append(label);
        }
        node = to;
        wanted = near;
        return true;
    }

    private static @Nullable PathNode nearest(PathNode node, @Nullable PathNode above) {
        return node.wish == PathNode.NONE ? above : node;
    }

    /** Goes to an element of what stands here. */
    void index(int index) {
        at.append('[').append(index).append(']');
    }

    int pathLength() {
        return path.length();
    }

    int placeLength() {
        return at.length();
    }

    /** Goes back to where these were the lengths. */
    void back(int pathLength, int placeLength) {
        path.setLength(pathLength);
        at.setLength(placeLength);
    }

    /** How many characters a leaf here takes besides its value and the path that is wanted. */
    int around(PathNode wish) {
        return path.length() + at.length() - 2 * wish.path.length();
    }

    /** A leaf here. */
    Content.Leaf leaf(@Nullable PathNode here, @Nullable String value) {
        String told = here == null ? path.toString() : here.path;
        return new Content.Leaf(told, at.length() == told.length() ? told : at.toString(), value);
    }
}
