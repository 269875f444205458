package io.tocsin.job.decode;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the wanted members of a record stand and what they are: read in one pass by {@link PlainValues}, and where those find
 * something unusual again by the parser, which says what is wrong.
 */
final class ProjectedMembers {
    /** What a member is. */
    enum Kind {
        ABSENT,
        NULL,
        STRING,
        NUMBER,
        BOOLEAN,
        OBJECT,
        ARRAY
    }

    private static final class Node {
        final Map<String, Node> children = new HashMap<>();
        NamesByBytes<Node> named = new NamesByBytes<>(Map.of());
        final String path;
        final int id;
        int slot = -1;

        Node(String path, int id) {
            this.path = path;
            this.id = id;
        }

        void close() {
            named = new NamesByBytes<>(children);
            children.values().forEach(Node::close);
        }
    }

    private final JsonValues values;
    private final int maxRecordBytes;
    private final Node root = new Node("", 0);
    private final Map<String, Integer> slots = new HashMap<>();
    private final Kind[] kinds;
    /** Null of a string or a number without escapes before it is asked for: it stands between its start and its end. */
    private final @Nullable String[] texts;

    private final int[] starts;
    private final int[] ends;
    private final BitSet seen = new BitSet();
    private RecordBytes record = new RecordBytes(new byte[0], 0, 0, false, Origin.of(DecoderOptions.of("")));
    private int limit;
    private int end;
    private boolean truncated;

    /**
     * Members to be read.
     *
     * @param maxRecordBytes more of a record is not looked at
     * @param paths the members wanted; one may hold others
     */
    ProjectedMembers(int maxRecordBytes, JsonValues values, String... paths) {
        this.values = values;
        this.maxRecordBytes = maxRecordBytes;
        int nodes = 1;
        for (String path : paths) {
            Node node = root;
            int at = 0;
            while (at <= path.length()) {
                int slash = path.indexOf('/', at);
                int to = slash < 0 ? path.length() : slash;
                Node child = node.children.get(path.substring(at, to));
                if (child == null) {
                    child = new Node(path.substring(0, to), nodes++);
                    node.children.put(path.substring(at, to), child);
                }
                node = child;
                at = to + 1;
            }
            if (node.slot < 0) {
                node.slot = slots.size();
                slots.put(path, node.slot);
            }
        }
        root.close();
        kinds = new Kind[slots.size()];
        texts = new String[slots.size()];
        starts = new int[slots.size()];
        ends = new int[slots.size()];
    }

    /**
     * Reads the object at the record's start. Afterwards {@link #end()} says where it ends, whatever became of it.
     *
     * @throws BadRecord if it is no JSON, or a member comes twice; not if the input ends inside it: what came before is then there,
     *     and {@link #truncated()} says so
     */
    void read(RecordBytes object) throws BadRecord {
        record = object;
        truncated = false;
        limit = (int) Math.min(object.end(), (long) object.start() + maxRecordBytes);
        clear();
        if (!object.cut() && readPlain(object)) {
            return;
        }
        clear();
        try (JsonParser p = values.parser(object.bytes(), object.start(), limit)) {
            end = object.end();
            if (p.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRecord("not a JSON object: " + excerpt());
            }
            members(p, root);
            end = object.start() + (int) p.currentLocation().getByteOffset();
            truncated = object.cut() && JsonScanner.skipSpace(object.bytes(), end, object.end()) == object.end();
        } catch (JsonParseException e) {
            end = endOf(object);
            boolean brokenLine = end < object.end() && object.bytes()[end] == '\n' && limit > end;
            if (!JsonValues.isEndOfInput(e)
                    && !brokenLine
                    && !CutScalar.endsInput(object.bytes(), object.start(), limit, e.getLocation())) {
                throw new BadRecord(JsonValues.reason(e));
            }
            truncated = true;
        } catch (BadRecord e) {
            end = endOf(object);
            throw e;
        } catch (IOException e) {
            end = endOf(object);
            throw new BadRecord(JsonValues.reason(e));
        }
    }

    private void clear() {
        Arrays.fill(kinds, Kind.ABSENT);
        Arrays.fill(texts, null);
        seen.clear();
    }

    /** Reads it as nearly all are; false where it is unusual, which the parser judges. */
    private boolean readPlain(RecordBytes object) {
        PlainValues in = values.plain();
        try {
            in.reset(object.bytes(), object.start(), limit);
            members(in, root);
        } catch (BadRecord e) {
            return false;
        }
        end = object.start() + in.position();
        return true;
    }

    private void members(PlainValues in, Node node) throws BadRecord {
        while (in.next()) {
            Node child = in.in(node.named);
            if (child == null) {
                in.skip();
                continue;
            }
            if (seen.get(child.id)) {
                throw PlainValues.UNUSUAL;
            }
            seen.set(child.id);
            value(in, child);
        }
    }

    private void value(PlainValues in, Node node) throws BadRecord {
        int slot = node.slot;
        int start = record.start() + in.valueStart();
        byte first = in.firstByte();
        if (first == '{' && !node.children.isEmpty()) {
            in.enterObject(node.path);
            members(in, node);
        } else if (first == '"') {
            // Where it holds escapes, what they stand for.
            String unescaped = in.escapedText();
            if (slot >= 0) {
                texts[slot] = unescaped;
            }
        } else {
            in.skip();
        }
        if (slot < 0) {
            if (first != '{' && first != 'n') {
                throw PlainValues.UNUSUAL;
            }
            return;
        }
        int to = record.start() + in.position();
        boolean string = first == '"';
        starts[slot] = string ? start + 1 : start;
        ends[slot] = string ? to - 1 : to;
        kinds[slot] = switch (first) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 'n' -> Kind.NULL;
            case 't', 'f' -> Kind.BOOLEAN;
            default -> Kind.NUMBER;
        };
    }

    private void members(JsonParser p, Node node) throws IOException, BadRecord {
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            JsonToken token = p.nextToken();
            Node child = node.children.get(name);
            if (child == null) {
                p.skipChildren();
                continue;
            }
            if (seen.get(child.id)) {
                throw new BadRecord("duplicate field: " + child.path);
            }
            seen.set(child.id);
            value(p, token, child);
        }
    }

    private void value(JsonParser p, @Nullable JsonToken token, Node node) throws IOException, BadRecord {
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            boolean object = token == JsonToken.START_OBJECT;
            if (!object && node.slot < 0) {
                throw JsonValues.unexpected(p, node.path, "an object");
            }
            int start = record.start() + (int) p.currentTokenLocation().getByteOffset();
            if (object && !node.children.isEmpty()) {
                members(p, node);
            } else {
                p.skipChildren();
            }
            if (node.slot >= 0) {
                kinds[node.slot] = object ? Kind.OBJECT : Kind.ARRAY;
                starts[node.slot] = start;
                ends[node.slot] = record.start() + (int) p.currentLocation().getByteOffset();
            }
            return;
        }
        if (node.slot < 0) {
            if (token != JsonToken.VALUE_NULL) {
                throw JsonValues.unexpected(p, node.path, "an object");
            }
            return;
        }
        // First: where the input ends inside a string, this throws, and the member is not there.
        String text = token == JsonToken.VALUE_NULL ? null : p.getText();
        Kind kind = token == JsonToken.VALUE_STRING
                ? Kind.STRING
                : token == JsonToken.VALUE_NULL
                        ? Kind.NULL
                        : token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE ? Kind.BOOLEAN : Kind.NUMBER;
        if (kind == Kind.NUMBER && record.start() + (int) p.currentLocation().getByteOffset() >= limit) {
            // Nothing follows, so digits may be missing: half a number is another one.
            return;
        }
        kinds[node.slot] = kind;
        texts[node.slot] = text;
        starts[node.slot] = record.start() + (int) p.currentTokenLocation().getByteOffset();
    }

    /** Where the object ends that was read, or the line if it is cut or broken. */
    int end() {
        return end;
    }

    /** Whether the input ended inside the object. */
    boolean truncated() {
        return truncated;
    }

    /** What a member is. */
    Kind kind(int slot) {
        return kinds[slot];
    }

    /** Whether it is absent or null. */
    boolean isNone(int slot) {
        return kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL;
    }

    /** Whether it is a string without escapes of which no text was made yet. */
    boolean isPlain(int slot) {
        return kinds[slot] == Kind.STRING && texts[slot] == null;
    }

    /** Where a value starts. */
    int start(int slot) {
        return starts[slot];
    }

    /** Where an object, an array or a plain string ends. */
    int end(int slot) {
        return ends[slot];
    }

    /** The record that was read last. */
    RecordBytes record() {
        return record;
    }

    /** The text of a string, number or boolean; null of anything else. */
    @Nullable
    String text(int slot) {
        String text = texts[slot];
        if (text == null && isScalar(kinds[slot])) {
            text = new String(record.bytes(), starts[slot], ends[slot] - starts[slot], StandardCharsets.ISO_8859_1);
            texts[slot] = text;
        }
        return text;
    }

    private static boolean isScalar(Kind kind) {
        return kind == Kind.STRING || kind == Kind.NUMBER || kind == Kind.BOOLEAN;
    }

    /** The place of a member; it must be wanted. */
    int slot(String path) {
        Integer slot = slots.get(path);
        if (slot == null) {
            throw new IllegalArgumentException("not among the members wanted: " + path);
        }
        return slot;
    }

    private String excerpt() {
        return Excerpt.of(record.bytes(), record.start(), record.end());
    }

    /** Where an object ends that could not be read to its end. */
    private static int endOf(RecordBytes object) {
        int close = JsonScanner.valueEndInLine(object.bytes(), object.start(), object.end());
        return close == JsonScanner.CUT ? object.end() : close;
    }
}
