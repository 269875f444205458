package io.tocsin.job.decode.content;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.event.Content;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of JSON that stand at wanted paths, in one pass, and skips the rest without building anything. Names that hold
 * dots are several names of a path. A wanted path that stands on an object or array takes all below it. Of what is cut or broken
 * the values in front of that are read; of what is too much, or nested deeper than {@value #MAX_DEPTH}, the rest is left out.
 * Never throws because of what the bytes are. Belongs to one thread.
 */
public final class ContentReader {
    static final int MAX_DEPTH = 64;
    /** The index of the first element that a patch adds at a list's end, which nobody knows; each operation has its own. */
    private static final int APPENDED = 10_000_000;

    private final Parsers parsers;
    private final Leaves leaves = new Leaves();
    private final Position position = new Position();
    private Set<String> withheld = Set.of();
    private boolean capitalised;
    /** How many elements of counted arrays were met; -1 where only parts of them are known. */
    private int counted;
    /** Where the input ends, counted from its start, if what stands there may be cut. */
    private long limit;

    public ContentReader(Parsers parsers) {
        this.parsers = parsers;
    }

    /** Starts over with another record. */
    public void begin(Reading reading) {
        leaves.begin(reading.wishes());
        withheld = Set.of();
        capitalised = false;
    }

    /** From now on, all that is below members of these names is told as the empty string. */
    public void withhold(Set<String> names) {
        withheld = names;
    }

    /** Whether from now on the members of the value itself may be capitalised, as Go marshals structs without their tags. */
    public void capitalised(boolean may) {
        capitalised = may;
    }

    /** Reads a value that stands at this root. */
    public void read(PathNode root, byte[] bytes, int start, int end) {
        position.start(root);
        counted = 0;
        limit = (long) end - start;
        try (JsonParser p = parsers.of(bytes, start, end)) {
            p.nextToken();
            value(p, root, position.wanted(), false, 0);
        } catch (IOException e) {
            // What stands in front of it was read.
            return;
        }
    }

    /** Adds a text that a record of another shape tells as the member of this name. */
    public void add(PathNode root, String name, @Nullable String value) {
        position.start(root);
        if (value != null && position.enter(root, position.wanted(), name)) {
            add(position.node(), position.wanted(), value);
        }
    }

    /** The same of elements of an array. */
    public void add(PathNode root, String name, List<String> values) {
        position.start(root);
        if (!position.enter(root, position.wanted(), name)) {
            return;
        }
        int pathLength = position.pathLength();
        int placeLength = position.placeLength();
        for (int i = 0; i < values.size(); i++) {
            position.index(i);
            add(position.node(), position.wanted(), values.get(i));
            position.back(pathLength, placeLength);
        }
    }

    /** Reads what a JSON patch adds and replaces, as if it stood in the object at this root. */
    public void readPatch(PathNode root, byte[] bytes, int start, int end) {
        counted = -1;
        // A value whose operation ends behind it is whole.
        limit = Long.MAX_VALUE;
        try (JsonParser p = parsers.of(bytes, start, end)) {
            if (p.nextToken() != JsonToken.START_ARRAY) {
                return;
            }
            int number = 0;
            for (JsonToken token = p.nextToken();
                    token != null && token != JsonToken.END_ARRAY;
                    token = p.nextToken()) {
                PatchOperation operation = token == JsonToken.START_OBJECT ? PatchOperation.read(p, start) : null;
                if (operation != null) {
                    write(root, operation, APPENDED + number++, bytes);
                } else {
                    p.skipChildren();
                }
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Whether nothing was read since the beginning. */
    public boolean isEmpty() {
        return leaves.isEmpty();
    }

    /** What was read since the beginning, in the record's order. */
    public List<Content.Leaf> take() {
        return leaves.take();
    }

    private void write(PathNode root, PatchOperation operation, int appended, byte[] bytes) throws IOException {
        position.start(root);
        PathNode node = root;
        PathNode wanted = position.wanted();
        boolean hidden = false;
        int depth = 0;
        int length = operation.pointer().length();
        for (int at = operation.next(0); at <= length; at = operation.next(at)) {
            String name = operation.name(at);
            if (++depth > MAX_DEPTH) {
                return;
            }
            if (PatchOperation.isIndex(name) && (node == null || node.child(name) == null)) {
                int first = node != null && node.counted ? node.first : 0;
                position.index(first + (name.equals("-") ? appended : Integer.parseInt(name)));
                continue;
            }
            if (!position.enter(node, wanted, name)) {
                return;
            }
            hidden |= withheld.contains(name);
            node = position.node();
            wanted = position.wanted();
        }
        try (JsonParser p = parsers.of(bytes, operation.start(), operation.end())) {
            p.nextToken();
            value(p, node, wanted, hidden, depth);
        }
    }

    /**
     * Reads the value the parser stands on.
     *
     * @param node where in the tree; null below a wanted path
     * @param wanted the wanted path it is at or below; null if there is none
     */
    private void value(JsonParser p, @Nullable PathNode node, @Nullable PathNode wanted, boolean hidden, int depth)
            throws IOException {
        JsonToken token = p.currentToken();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            if (depth >= MAX_DEPTH) {
                p.skipChildren();
            } else if (token == JsonToken.START_OBJECT) {
                object(p, node, wanted, hidden, depth);
            } else {
                array(p, node, wanted, hidden, depth);
            }
        } else if (wanted != null && token != null) {
            scalar(p, token, node, wanted, hidden, depth);
        }
    }

    private void object(JsonParser p, @Nullable PathNode node, @Nullable PathNode wanted, boolean hidden, int depth)
            throws IOException {
        int pathLength = position.pathLength();
        int placeLength = position.placeLength();
        boolean empty = true;
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            empty = false;
            p.nextToken();
            if (position.enter(node, wanted, depth == 0 && capitalised ? decapitalised(name) : name)) {
                value(p, position.node(), position.wanted(), hidden || withheld.contains(name), depth + 1);
                position.back(pathLength, placeLength);
            } else {
                p.skipChildren();
            }
        }
        if (empty) {
            add(node, wanted, "");
        }
    }

    private void array(JsonParser p, @Nullable PathNode node, @Nullable PathNode wanted, boolean hidden, int depth)
            throws IOException {
        if (node != null && node.label == null && depth > 0) {
            // On the way to what a root stands for there are objects only.
            p.skipChildren();
            return;
        }
        boolean counts = node != null && node.counted;
        int index = node == null || !counts ? 0 : counted < 0 ? node.first : counted;
        int pathLength = position.pathLength();
        int placeLength = position.placeLength();
        boolean empty = true;
        while (p.nextToken() != JsonToken.END_ARRAY) {
            empty = false;
            position.index(index++);
            value(p, node, wanted, hidden, depth + 1);
            position.back(pathLength, placeLength);
        }
        if (counts && counted >= 0) {
            counted = index;
        }
        if (empty) {
            add(node, wanted, "");
        }
    }

    private static String decapitalised(String name) {
        return switch (name) {
            case "UID" -> "uid";
            case "APIGroup" -> "apiGroup";
            case "APIVersion" -> "apiVersion";
            default ->
                name.isEmpty() || name.charAt(0) < 'A' || name.charAt(0) > 'Z'
                        ? name
                        : (char) (name.charAt(0) | 0x20) + name.substring(1);
        };
    }

    private void scalar(
            JsonParser p, JsonToken token, @Nullable PathNode node, PathNode wanted, boolean hidden, int depth)
            throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            add(node, wanted, null);
            return;
        }
        int length = p.getTextLength();
        if (token.isNumeric() && depth > 0 && p.currentLocation().getByteOffset() >= limit) {
            // Nothing follows, so digits may be missing: half a number is another one.
            return;
        }
        if (hidden) {
            add(node, wanted, "");
            return;
        }
        int around = position.around(wanted);
        int room = leaves.room(wanted.wish, around, length);
        if (room >= 0) {
            char[] text = p.getTextCharacters();
            int from = p.getTextOffset();
            boolean splits = room < length && room > 0 && Character.isHighSurrogate(text[from + room - 1]);
            String value = new String(text, from, splits ? room - 1 : room);
            leaves.add(wanted.wish, around, position.leaf(node, value));
        }
    }

    private void add(@Nullable PathNode node, @Nullable PathNode wanted, @Nullable String value) {
        if (wanted == null) {
            return;
        }
        int around = position.around(wanted);
        int length = value == null ? 0 : value.length();
        int room = leaves.room(wanted.wish, around, length);
        if (room >= 0) {
            String kept = value == null || room == length ? value : value.substring(0, room);
            leaves.add(wanted.wish, around, position.leaf(node, kept));
        }
    }
}
