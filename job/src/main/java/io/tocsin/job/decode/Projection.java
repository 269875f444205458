package io.tocsin.job.decode;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a JSON object that a format wants in one pass, and skips the rest without building anything. Members are
 * named by their path, {@code process/pod/name}; the separator is a slash since names hold dots. What is read is held until the
 * next read.
 *
 * <p>Types are checked when a value is asked for, so that a format decides what must be what. A member that comes twice means two
 * things to two readers, and is an error.
 */
public final class Projection {
    private static final int MAX_ELEMENTS = 1_024;

    private enum Kind {
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
     * @param paths the members wanted; one may hold others
     */
    public Projection(DecoderOptions options, JsonValues values, String... paths) {
        this.values = values;
        this.maxRecordBytes = options.maxRecordBytes();
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
    public void read(RecordBytes object) throws BadRecord {
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

    /** The text of a string, number or boolean; null of anything else. */
    private @Nullable String text(int slot) {
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
    public int end() {
        return end;
    }

    /** Whether the input ended inside the object. */
    public boolean truncated() {
        return truncated;
    }

    /** Whether the member is there and not null. */
    public boolean has(String path) {
        Kind kind = kinds[slot(path)];
        return kind != Kind.ABSENT && kind != Kind.NULL;
    }

    /**
     * A string, cut at {@link ValueReader#LONG} characters; null if it is not there, null or empty.
     *
     * @throws BadRecord if it is something else
     */
    public @Nullable String text(String path) throws BadRecord {
        return text(path, ValueReader.LONG);
    }

    /** The same, cut at another length. */
    public @Nullable String text(String path, int maxLength) throws BadRecord {
        int slot = slot(path);
        String text = text(slot);
        if (kinds[slot] == Kind.STRING && text != null) {
            return text.isEmpty() ? null : JsonValues.cut(text, maxLength);
        }
        require(kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL, slot, path, "a string");
        return null;
    }

    /** A string that comes again and again, cut at {@link ValueReader#SHORT} characters. */
    public @Nullable String name(String path) throws BadRecord {
        int slot = slot(path);
        if (kinds[slot] == Kind.STRING && texts[slot] == null) {
            int length = Math.min(ends[slot] - starts[slot], ValueReader.SHORT);
            return length == 0 ? null : values.recurring().of(record.bytes(), starts[slot], length);
        }
        String text = text(path, ValueReader.SHORT);
        return text == null ? null : values.recurring().of(text);
    }

    /** A string, number or boolean as text; null if it is not there, null or empty. */
    public @Nullable String scalar(String path) throws BadRecord {
        int slot = slot(path);
        String text = text(slot);
        if (text != null) {
            return text.isEmpty() ? null : JsonValues.cut(text, ValueReader.LONG);
        }
        require(kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL, slot, path, "a string or a number");
        return null;
    }

    /** A whole number, or a string that is one, as protobuf writes 64 bits. */
    public long integer(String path, long min, long max, long absent) throws BadRecord {
        int slot = slot(path);
        String text = text(slot);
        if (text == null || text.isEmpty()) {
            require(
                    text != null || kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL,
                    slot,
                    path,
                    "a whole number");
            return absent;
        }
        String expected = "a whole number from " + min + " to " + max;
        try {
            boolean whole = text.length() <= 20 && isWhole(text);
            long value = whole ? Long.parseLong(text) : 0;
            require(whole && value >= min && value <= max, slot, path, expected);
            return value;
        } catch (NumberFormatException e) {
            throw bad(slot, path, expected);
        }
    }

    /** Whether these are ASCII digits, perhaps behind a minus. */
    private static boolean isWhole(String text) {
        int first = text.charAt(0) == '-' ? 1 : 0;
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > first;
    }

    /** Whether a boolean is there and true. */
    public boolean flag(String path) throws BadRecord {
        int slot = slot(path);
        require(
                kinds[slot] == Kind.BOOLEAN || kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL,
                slot,
                path,
                "true or false");
        return kinds[slot] == Kind.BOOLEAN && record.bytes()[starts[slot]] == 't';
    }

    /** An RFC 3339 time; the zero time of Go is none. */
    public @Nullable Instant time(String path) throws BadRecord {
        String text = text(path, ValueReader.SHORT);
        if (text == null) {
            return null;
        }
        Instant time = Rfc3339.parse(text);
        if (time == null) {
            throw bad(slot(path), path, "an RFC 3339 time");
        }
        return time.getEpochSecond() <= 0 ? null : time;
    }

    /** An array of strings, of which at most 1,024 are kept; empty if it is not there or null. */
    public List<String> texts(String path) throws BadRecord {
        int slot = slot(path);
        if (kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL) {
            return List.of();
        }
        require(kinds[slot] == Kind.ARRAY, slot, path, "an array of strings");
        List<String> all = new ArrayList<>();
        try (JsonParser p = values.parser(record.bytes(), starts[slot], ends[slot])) {
            p.nextToken();
            while (p.nextToken() != JsonToken.END_ARRAY) {
                if (p.currentToken() != JsonToken.VALUE_STRING) {
                    throw JsonValues.unexpected(p, path, "an array of strings");
                }
                if (all.size() < MAX_ELEMENTS) {
                    all.add(values.recurring().of(JsonValues.cut(p.getText(), ValueReader.SHORT)));
                }
            }
        } catch (IOException e) {
            throw new BadRecord(JsonValues.reason(e));
        }
        return all;
    }

    /** The bytes of an object; null if it is not there or null. */
    public @Nullable RecordBytes object(String path) throws BadRecord {
        int slot = slot(path);
        require(
                kinds[slot] == Kind.OBJECT || kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL,
                slot,
                path,
                "an object");
        return structure(slot);
    }

    /** The bytes of an array; null if it is not there or null. */
    public @Nullable RecordBytes array(String path) throws BadRecord {
        int slot = slot(path);
        require(
                kinds[slot] == Kind.ARRAY || kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL,
                slot,
                path,
                "an array");
        return structure(slot);
    }

    /** Whether the member is an object. */
    public boolean isObject(String path) {
        return kinds[slot(path)] == Kind.OBJECT;
    }

    /** Whether the member is an array. */
    public boolean isArray(String path) {
        return kinds[slot(path)] == Kind.ARRAY;
    }

    /** Whether the member is a string. */
    public boolean isText(String path) {
        return kinds[slot(path)] == Kind.STRING;
    }

    private @Nullable RecordBytes structure(int slot) {
        return kinds[slot] == Kind.OBJECT || kinds[slot] == Kind.ARRAY
                ? new RecordBytes(record.bytes(), starts[slot], ends[slot], false, record.origin())
                : null;
    }

    private int slot(String path) {
        Integer slot = slots.get(path);
        if (slot == null) {
            throw new IllegalArgumentException("not among the members wanted: " + path);
        }
        return slot;
    }

    private void require(boolean holds, int slot, String path, String expected) throws BadRecord {
        if (!holds) {
            throw bad(slot, path, expected);
        }
    }

    private BadRecord bad(int slot, String path, String expected) {
        String text = text(slot);
        String given =
                switch (kinds[slot]) {
                    case OBJECT -> "an object";
                    case ARRAY -> "an array";
                    case STRING ->
                        Excerpt.of("\"" + JsonValues.cut(text == null ? "" : text, 2 * Excerpt.MAX_LENGTH) + "\"");
                    default -> Excerpt.of(JsonValues.cut(String.valueOf(text), 2 * Excerpt.MAX_LENGTH));
                };
        return new BadRecord(path + " must be " + expected + ": " + given);
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
