package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the members of one object by brackets and strings alone, so that a bad value costs no more than itself. A value costs
 * nothing before somebody asks where it ends or goes on to the next member.
 */
public final class JsonMembers {
    private static final int LONGEST_NAME = 64;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private int valueEnd;
    /** Whether {@link #valueEnd} is still to be found. */
    private boolean open;

    private boolean whole;

    /**
     * @param start where the object's opening brace is
     * @param end where the input ends
     */
    public JsonMembers(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.end = end;
        this.at = start + 1;
        this.valueEnd = at;
    }

    /** Goes to the next member; false at the object's end, and where it is cut or no object. */
    public boolean next() {
        close();
        if (valueEnd == JsonScanner.CUT) {
            return false;
        }
        at = JsonScanner.skipSpace(bytes, valueEnd, end);
        if (at < end && bytes[at] == ',') {
            at = JsonScanner.skipSpace(bytes, at + 1, end);
        }
        if (at >= end || bytes[at] != '"') {
            whole = at < end && bytes[at] == '}';
            valueEnd = JsonScanner.CUT;
            return false;
        }
        nameStart = at + 1;
        int close = JsonScanner.valueEnd(bytes, at, end);
        if (close == JsonScanner.CUT) {
            valueEnd = JsonScanner.CUT;
            return false;
        }
        nameEnd = close - 1;
        int colon = JsonScanner.skipSpace(bytes, close, end);
        if (colon >= end || bytes[colon] != ':') {
            valueEnd = JsonScanner.CUT;
            return false;
        }
        valueStart = JsonScanner.skipSpace(bytes, colon + 1, end);
        open = true;
        return valueStart < end;
    }

    private void close() {
        if (open) {
            valueEnd = JsonScanner.valueEnd(bytes, valueStart, end);
            open = false;
        }
    }

    /** The member's name, as it is written; the empty string for one too long to be of interest. */
    public String name() {
        int length = nameEnd - nameStart;
        return length > LONGEST_NAME ? "" : new String(bytes, nameStart, length, StandardCharsets.UTF_8);
    }

    /** What the member's name stands for, as it is written; null if it is none of these. */
    <T> @Nullable T in(NamesByBytes<T> names) {
        return names.get(bytes, nameStart, nameEnd);
    }

    public int valueStart() {
        return valueStart;
    }

    /** The position after the value; the end of the input if the value is cut. */
    public int valueEnd() {
        close();
        return valueEnd == JsonScanner.CUT ? end : valueEnd;
    }

    /** Whether the input ends inside the value. */
    public boolean valueCut() {
        close();
        return valueEnd == JsonScanner.CUT;
    }

    /** The position after the object, once {@link #next()} returned false; {@link JsonScanner#CUT} if it is cut or broken. */
    public int objectEnd() {
        return whole ? at + 1 : JsonScanner.CUT;
    }
}
