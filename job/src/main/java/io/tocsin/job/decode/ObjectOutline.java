package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object by brackets and strings alone, read in one pass over its bytes: where each name and each value
 * stands. It judges no value. Read again for the next object; belongs to one thread.
 */
public final class ObjectOutline {
    /** There is no such member. */
    public static final int NONE = -1;
    /** Whether there is such a member can't be told without decoding. */
    public static final int UNCLEAR = -2;

    private static final int MOST_MEMBERS = 128;
    private static final int LONGEST_SCALAR = 64;

    private final int[] nameStarts = new int[MOST_MEMBERS];
    private final int[] nameEnds = new int[MOST_MEMBERS];
    private final int[] values = new int[MOST_MEMBERS];
    private byte[] bytes = new byte[0];
    private int to;
    private int count;

    /** A member's name, to be looked for. */
    public static byte[] name(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    /** The names of several members. */
    public static byte[][] names(String... ascii) {
        byte[][] names = new byte[ascii.length][];
        for (int i = 0; i < ascii.length; i++) {
            names[i] = name(ascii[i]);
        }
        return names;
    }

    /**
     * Whether the bytes are one object from the first to the last, told by brackets and strings. False too for what is unusual:
     * escapes in a name, control characters in a string, nested very deeply, very many members.
     */
    public boolean read(byte[] all, int from, int end) {
        bytes = all;
        to = end;
        count = 0;
        if (from >= end || all[from] != '{' || all[end - 1] != '}') {
            return false;
        }
        int at = JsonScanner.skipSpace(all, from + 1, end);
        if (at < end && all[at] == '}') {
            return at == end - 1;
        }
        while (true) {
            int close = nameEnd(at);
            int value = close < 0 ? end : valueAfter(close);
            if (value >= end || count == MOST_MEMBERS) {
                return false;
            }
            nameStarts[count] = at + 1;
            nameEnds[count] = close;
            values[count++] = value;
            int behind = StringEnds.valueEnd(all, value, end);
            if (behind < 0) {
                return false;
            }
            at = JsonScanner.skipSpace(all, behind, end);
            if (at == end - 1) {
                return all[at] == '}';
            }
            if (at >= end || all[at] != ',') {
                return false;
            }
            at = JsonScanner.skipSpace(all, at + 1, end);
        }
    }

    /** Where the value of the first member of this name starts, or {@link #NONE}. */
    public int find(byte[] name) {
        for (int i = 0; i < count; i++) {
            if (nameEnds[i] - nameStarts[i] == name.length && isAt(nameStarts[i], name)) {
                return values[i];
            }
        }
        return NONE;
    }

    /**
     * The same for a member of an object that is a value of this one, or lies deeper.
     *
     * @param object where that object starts
     */
    public int find(int object, byte[] name) {
        if (bytes[object] != '{') {
            return UNCLEAR;
        }
        int at = JsonScanner.skipSpace(bytes, object + 1, to);
        if (at < to && bytes[at] == '}') {
            return NONE;
        }
        while (true) {
            int close = nameEnd(at);
            int value = close < 0 ? to : valueAfter(close);
            if (value >= to) {
                return UNCLEAR;
            }
            if (close - at - 1 == name.length && isAt(at + 1, name)) {
                return value;
            }
            int behind = StringEnds.valueEnd(bytes, value, to);
            at = behind < 0 ? to : JsonScanner.skipSpace(bytes, behind, to);
            if (at < to && bytes[at] == '}') {
                return NONE;
            }
            if (at >= to || bytes[at] != ',') {
                return UNCLEAR;
            }
            at = JsonScanner.skipSpace(bytes, at + 1, to);
        }
    }

    /** Whether all members have one of these names. */
    public boolean hasOnly(byte[]... names) {
        for (int i = 0; i < count; i++) {
            boolean known = false;
            for (byte[] name : names) {
                known |= nameEnds[i] - nameStarts[i] == name.length && isAt(nameStarts[i], name);
            }
            if (!known) {
                return false;
            }
        }
        return true;
    }

    /** Whether the value is a string. */
    public boolean isText(int value) {
        return value >= 0 && bytes[value] == '"';
    }

    /** Whether the value is null. */
    public boolean isNull(int value) {
        return value >= 0 && bytes[value] == 'n';
    }

    /** A string that needs no escape, or a number, of at most 64 bytes; null if the value is something else. */
    public @Nullable String scalar(int value) {
        if (value < 0) {
            return null;
        }
        boolean text = isText(value);
        int from = text ? value + 1 : value;
        int end = text ? StringEnds.special(bytes, from, to) : StringEnds.valueEnd(bytes, value, to);
        boolean plain = text ? end < to && bytes[end] == '"' : bytes[value] >= '0' && bytes[value] <= '9';
        return plain && end - from <= LONGEST_SCALAR
                ? new String(bytes, from, end - from, StandardCharsets.ISO_8859_1)
                : null;
    }

    /** The time in ms since 1970 that the value is if it is RFC 3339 and after 1970, else {@link DocumentDecoder#UNTOLD}. */
    public long time(int value) {
        int end = isText(value) ? StringEnds.special(bytes, value + 1, to) : to;
        boolean plain = end < to && bytes[end] == '"';
        long millis = plain ? Rfc3339.millis(bytes, value + 1, end) : DocumentDecoder.UNTOLD;
        return millis < 1_000 ? DocumentDecoder.UNTOLD : millis;
    }

    /** The time of the first of these members that is there, see {@link #time(int)}. */
    public long timeOfFirst(byte[]... names) {
        for (byte[] name : names) {
            int value = find(name);
            if (value != NONE) {
                return time(value);
            }
        }
        return DocumentDecoder.UNTOLD;
    }

    /** Where the quote stands that ends the name at {@code at}; -1 if there is no plain name. */
    private int nameEnd(int at) {
        if (at >= to || bytes[at] != '"') {
            return -1;
        }
        int close = StringEnds.special(bytes, at + 1, to);
        return close < to && bytes[close] == '"' ? close : -1;
    }

    /** Where the value starts behind a name, or {@link #to}. */
    private int valueAfter(int nameEnd) {
        int colon = JsonScanner.skipSpace(bytes, nameEnd + 1, to);
        return colon < to && bytes[colon] == ':' ? JsonScanner.skipSpace(bytes, colon + 1, to) : to;
    }

    private boolean isAt(int from, byte[] name) {
        return Arrays.equals(bytes, from, from + name.length, name, 0, name.length);
    }
}
