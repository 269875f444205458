package io.tocsin.job.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.job.decode.ProjectedMembers.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    private final JsonValues values;
    private final ProjectedMembers members;

    /**
     * A projection.
     *
     * @param paths the members wanted; one may hold others
     */
    public Projection(DecoderOptions options, JsonValues values, String... paths) {
        this.values = values;
        this.members = new ProjectedMembers(options.maxRecordBytes(), values, paths);
    }

    /**
     * Reads the object at the record's start. Afterwards {@link #end()} says where it ends, whatever became of it.
     *
     * @throws BadRecord if it is no JSON, or a member comes twice; not if the input ends inside it: what came before is then there,
     *     and {@link #truncated()} says so
     */
    public void read(RecordBytes object) throws BadRecord {
        members.read(object);
    }

    /** Where the object ends that was read, or the line if it is cut or broken. */
    public int end() {
        return members.end();
    }

    /** Whether the input ended inside the object. */
    public boolean truncated() {
        return members.truncated();
    }

    /** Whether the member is there and not null. */
    public boolean has(String path) {
        return !members.isNone(members.slot(path));
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
        int slot = members.slot(path);
        String text = members.text(slot);
        if (members.kind(slot) == Kind.STRING && text != null) {
            return text.isEmpty() ? null : JsonValues.cut(text, maxLength);
        }
        require(members.isNone(slot), slot, path, "a string");
        return null;
    }

    /** A string that comes again and again, cut at {@link ValueReader#SHORT} characters. */
    public @Nullable String name(String path) throws BadRecord {
        int slot = members.slot(path);
        if (members.isPlain(slot)) {
            int length = Math.min(members.end(slot) - members.start(slot), ValueReader.SHORT);
            return length == 0 ? null : values.recurring().of(members.record().bytes(), members.start(slot), length);
        }
        String text = text(path, ValueReader.SHORT);
        return text == null ? null : values.recurring().of(text);
    }

    /** A string, number or boolean as text; null if it is not there, null or empty. */
    public @Nullable String scalar(String path) throws BadRecord {
        int slot = members.slot(path);
        String text = members.text(slot);
        if (text != null) {
            return text.isEmpty() ? null : JsonValues.cut(text, ValueReader.LONG);
        }
        require(members.isNone(slot), slot, path, "a string or a number");
        return null;
    }

    /** A whole number, or a string that is one, as protobuf writes 64 bits. */
    public long integer(String path, long min, long max, long absent) throws BadRecord {
        int slot = members.slot(path);
        String text = members.text(slot);
        if (text == null || text.isEmpty()) {
            require(text != null || members.isNone(slot), slot, path, "a whole number");
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
        int slot = members.slot(path);
        require(members.kind(slot) == Kind.BOOLEAN || members.isNone(slot), slot, path, "true or false");
        return members.kind(slot) == Kind.BOOLEAN && members.record().bytes()[members.start(slot)] == 't';
    }

    /** An RFC 3339 time; the zero time of Go is none. */
    public @Nullable Instant time(String path) throws BadRecord {
        String text = text(path, ValueReader.SHORT);
        if (text == null) {
            return null;
        }
        Instant time = Rfc3339.parse(text);
        if (time == null) {
            throw bad(members.slot(path), path, "an RFC 3339 time");
        }
        return time.getEpochSecond() <= 0 ? null : time;
    }

    /** An array of strings, of which at most 1,024 are kept; empty if it is not there or null. */
    public List<String> texts(String path) throws BadRecord {
        int slot = members.slot(path);
        if (members.isNone(slot)) {
            return List.of();
        }
        require(members.kind(slot) == Kind.ARRAY, slot, path, "an array of strings");
        List<String> all = new ArrayList<>();
        try (JsonParser p = values.parser(members.record().bytes(), members.start(slot), members.end(slot))) {
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
        int slot = members.slot(path);
        require(members.kind(slot) == Kind.OBJECT || members.isNone(slot), slot, path, "an object");
        return structure(slot);
    }

    /** The bytes of an array; null if it is not there or null. */
    public @Nullable RecordBytes array(String path) throws BadRecord {
        int slot = members.slot(path);
        require(members.kind(slot) == Kind.ARRAY || members.isNone(slot), slot, path, "an array");
        return structure(slot);
    }

    /** Whether the member is an object. */
    public boolean isObject(String path) {
        return members.kind(members.slot(path)) == Kind.OBJECT;
    }

    /** Whether the member is an array. */
    public boolean isArray(String path) {
        return members.kind(members.slot(path)) == Kind.ARRAY;
    }

    /** Whether the member is a string. */
    public boolean isText(String path) {
        return members.kind(members.slot(path)) == Kind.STRING;
    }

    private @Nullable RecordBytes structure(int slot) {
        return members.kind(slot) == Kind.OBJECT || members.kind(slot) == Kind.ARRAY
                ? new RecordBytes(
                        members.record().bytes(),
                        members.start(slot),
                        members.end(slot),
                        false,
                        members.record().origin())
                : null;
    }

    private void require(boolean holds, int slot, String path, String expected) throws BadRecord {
        if (!holds) {
            throw bad(slot, path, expected);
        }
    }

    private BadRecord bad(int slot, String path, String expected) {
        String text = members.text(slot);
        String given =
                switch (members.kind(slot)) {
                    case OBJECT -> "an object";
                    case ARRAY -> "an array";
                    case STRING ->
                        Excerpt.of("\"" + JsonValues.cut(text == null ? "" : text, 2 * Excerpt.MAX_LENGTH) + "\"");
                    default -> Excerpt.of(JsonValues.cut(String.valueOf(text), 2 * Excerpt.MAX_LENGTH));
                };
        return new BadRecord(path + " must be " + expected + ": " + given);
    }
}
