package io.tocsin.job.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of the fields we want, each with its type checked: what the parser stands on, or a {@link BadRecord} that
 * names the field. JSON null is null everywhere. Strings are cut at a length given by the caller.
 */
public final class JsonValues {
    /** As deep as Go's decoder, and so the API server, lets a request be. */
    public static final int MAX_DEPTH = 10_000;

    private final JsonFactory json = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    // Names and numbers of any length may stand in a patch that a client sent: no reason to lose the
                    // event.
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();
    private final RecurringStrings recurring = new RecurringStrings(1 << 13);
    private final PlainValues plain = new PlainValues(recurring);
    private final ArrayList<String> list = new ArrayList<>();

    /** A parser of UTF-8 JSON whose first byte is no white space. */
    public JsonParser parser(byte[] bytes, int start, int end) throws IOException {
        if (end - start > 1 && (bytes[start] == 0 || bytes[start + 1] == 0)) {
            // Jackson would take this for another encoding.
            throw new JsonParseException(null, "Illegal character ((CTRL-CHAR, code 0))");
        }
        return json.createParser(bytes, start, end - start);
    }

    /** A reader of the objects that nearly all are, for whoever is done with one before the next. */
    public PlainValues plain() {
        return plain;
    }

    public RecurringStrings recurring() {
        return recurring;
    }

    /** A string that is kept as it is. */
    @Nullable
    public String text(JsonParser p, String field, int maxLength) throws IOException, BadRecord {
        if (p.currentToken() != JsonToken.VALUE_STRING) {
            requireNull(p, field, "a string");
            return null;
        }
        int length = Math.min(p.getTextLength(), maxLength);
        return new String(p.getTextCharacters(), p.getTextOffset(), whole(p, length));
    }

    /** A string that comes again and again. */
    @Nullable
    public String name(JsonParser p, String field) throws IOException, BadRecord {
        if (p.currentToken() != JsonToken.VALUE_STRING) {
            requireNull(p, field, "a string");
            return null;
        }
        int length = Math.min(p.getTextLength(), ValueReader.SHORT);
        return recurring.of(p.getTextCharacters(), p.getTextOffset(), whole(p, length));
    }

    /** A string that is kept only if it contains {@code part}. */
    @Nullable
    public String textWith(JsonParser p, String field, String part, int maxLength) throws IOException, BadRecord {
        if (p.currentToken() != JsonToken.VALUE_STRING) {
            requireNull(p, field, "a string");
            return null;
        }
        String all = p.getText();
        return all.contains(part) ? cut(all, maxLength) : null;
    }

    /** A time; the zero time of Go is none. */
    @Nullable
    public Instant time(JsonParser p, String field) throws IOException, BadRecord {
        if (p.currentToken() != JsonToken.VALUE_STRING) {
            requireNull(p, field, "a string");
            return null;
        }
        Instant time = Rfc3339.parse(p.getTextCharacters(), p.getTextOffset(), p.getTextLength());
        if (time == null) {
            throw unexpected(p, field, "an RFC 3339 time");
        }
        return time.getEpochSecond() <= 0 ? null : time;
    }

    /** A whole number from {@code min} to {@code max}; {@code absent} where it is null. */
    public long integer(JsonParser p, String field, long min, long max, long absent) throws IOException, BadRecord {
        if (p.currentToken() == JsonToken.VALUE_NULL) {
            return absent;
        }
        if (p.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw unexpected(p, field, "a whole number");
        }
        long value;
        try {
            // Eighteen digits never overflow; a longer number is not even converted.
            value = p.getTextLength() > 18 ? Long.MAX_VALUE : p.getLongValue();
        } catch (JsonProcessingException e) {
            value = Long.MAX_VALUE;
        }
        if (value < min || value > max) {
            throw unexpected(p, field, "a whole number from " + min + " to " + max);
        }
        return value;
    }

    /** An array of strings, of which at most {@code maxCount} are kept. */
    public List<String> names(JsonParser p, String field, int maxCount) throws IOException, BadRecord {
        if (!enterArray(p, field, "an array of strings")) {
            return List.of();
        }
        list.clear();
        while (p.nextToken() != JsonToken.END_ARRAY) {
            String element = elementName(p, field);
            if (list.size() < maxCount) {
                list.add(element);
            }
        }
        return recurring.of(list);
    }

    /** The first string of an array of strings. */
    @Nullable
    public String firstName(JsonParser p, String field) throws IOException, BadRecord {
        if (!enterArray(p, field, "an array of strings")) {
            return null;
        }
        String first = null;
        while (p.nextToken() != JsonToken.END_ARRAY) {
            if (p.currentToken() != JsonToken.VALUE_STRING) {
                throw unexpected(p, field, "an array of strings");
            }
            first = first == null ? elementName(p, field) : first;
        }
        return first;
    }

    /**
     * The last strings of an array of strings, at most {@code maxCount}; the result is valid until the next call.
     */
    public List<String> lastTexts(JsonParser p, String field, int maxCount) throws IOException, BadRecord {
        list.clear();
        if (!enterArray(p, field, "an array of strings")) {
            return list;
        }
        while (p.nextToken() != JsonToken.END_ARRAY) {
            if (list.size() == 2 * maxCount) {
                list.subList(0, maxCount).clear();
            }
            list.add(elementName(p, field));
        }
        if (list.size() > maxCount) {
            list.subList(0, list.size() - maxCount).clear();
        }
        return list;
    }

    private String elementName(JsonParser p, String field) throws IOException, BadRecord {
        String element = p.currentToken() == JsonToken.VALUE_STRING ? name(p, field) : null;
        if (element == null) {
            throw unexpected(p, field, "an array of strings");
        }
        return element;
    }

    /** Whether the parser stands on an array: else it is null. */
    public boolean enterArray(JsonParser p, String field, String expected) throws IOException, BadRecord {
        if (p.currentToken() == JsonToken.START_ARRAY) {
            return true;
        }
        requireNull(p, field, expected);
        return false;
    }

    /** Whether the parser stands on an object: else it is null. */
    public boolean enterObject(JsonParser p, String field) throws IOException, BadRecord {
        if (p.currentToken() == JsonToken.START_OBJECT) {
            return true;
        }
        requireNull(p, field, "an object");
        return false;
    }

    private static void requireNull(JsonParser p, String field, String expected) throws IOException, BadRecord {
        if (p.currentToken() != JsonToken.VALUE_NULL) {
            throw unexpected(p, field, expected);
        }
    }

    /** Says of the value the parser stands on that it is not what the field needs. */
    public static BadRecord unexpected(JsonParser p, String field, String expected) throws IOException {
        JsonToken token = p.currentToken();
        String given;
        if (token == null) {
            given = "nothing";
        } else if (token == JsonToken.START_OBJECT) {
            given = "an object";
        } else if (token == JsonToken.START_ARRAY) {
            given = "an array";
        } else if (token == JsonToken.VALUE_STRING) {
            given = Excerpt.of("\"" + cut(p.getText(), 2 * Excerpt.MAX_LENGTH) + "\"");
        } else {
            given = Excerpt.of(cut(p.getText(), 2 * Excerpt.MAX_LENGTH));
        }
        return new BadRecord(field + " must be " + expected + ": " + given);
    }

    /** Marks a field as read. A field that comes twice means two things to two readers. */
    public static int once(int seen, int bit, String field) throws BadRecord {
        if ((seen & bit) != 0) {
            throw new BadRecord("duplicate field: " + field);
        }
        return seen | bit;
    }

    /** Whether the parser stumbled over the end of the input: it says so with more than one exception. */
    public static boolean isEndOfInput(JsonParseException e) {
        return e instanceof JsonEOFException || e.getOriginalMessage().startsWith("Unexpected end-of-input");
    }

    /** What the parser stumbled over, in the words of a dead letter. */
    public static String reason(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return "nested deeper than " + MAX_DEPTH;
        }
        String message =
                e instanceof JsonProcessingException p ? p.getOriginalMessage() : String.valueOf(e.getMessage());
        String where = e instanceof JsonParseException p && p.getLocation() != null
                ? " at byte " + p.getLocation().getByteOffset()
                : "";
        if (message.startsWith("Invalid UTF-8")) {
            return "not UTF-8" + where;
        }
        if (message.startsWith("Illegal unquoted character") || message.startsWith("Illegal character ((CTRL-CHAR")) {
            return (message.contains("code 0)") ? "NUL byte" : "control character") + where;
        }
        return "not JSON" + where + ": " + Excerpt.of(message);
    }

    public static String cut(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength);
    }

    /** The length, or one less where it would split a character. */
    private static int whole(JsonParser p, int length) throws IOException {
        if (length == 0 || length == p.getTextLength()) {
            return length;
        }
        return Character.isHighSurrogate(p.getTextCharacters()[p.getTextOffset() + length - 1]) ? length - 1 : length;
    }
}
