package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that nearly every record is: ASCII, well-formed, every field of its type, nested a few levels. It is as strict
 * as the parser and knows no reasons: whatever it doesn't expect is {@link #UNUSUAL}, and the record is read again with {@link
 * ParsedValues}, which says what is wrong with it, if anything is. Twice as fast as the parser on audit events, since a
 * string that is known or not wanted costs neither decoding nor memory.
 */
public final class PlainValues implements ValueReader {
    /** Read the record again with the parser. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace
    public static final BadRecord UNUSUAL = new BadRecord("unusual");

    private static final int MAX_DEPTH = 64;
    private static final long QUOTES = '"' * Words.ONES;
    private static final long BACKSLASHES = '\\' * Words.ONES;
    private static final long SPACES = ' ' * Words.ONES;

    private final RecurringStrings recurring;
    /** Few, and wanted so often that they should stay in the processor's cache. */
    private final RecurringStrings memberNames = new RecurringStrings(1 << 8);

    private final ArrayList<String> list = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private final char[] time = new char[64];
    private final RecentMinute times = new RecentMinute();
    /** The last string that held escapes, without them, and its length. */
    private byte[] unescaped = new byte[256];

    private int length;
    private int start;
    private int at;
    private int end;
    private int nameStart;
    private int nameEnd;
    /** Where a step started that was not known. */
    private int stepStart;
    /** Whether the next member is the first of its object. */
    private boolean first;

    public PlainValues(RecurringStrings recurring) {
        this.recurring = recurring;
    }

    /** Enters the object at {@code from}. */
    public void reset(byte[] input, int from, int to) throws BadRecord {
        if (bytes != input) {
            bytes = input;
        }
        start = from;
        at = from;
        end = to;
        expect('{');
        first = true;
    }

    @Override
    public @Nullable String nextName() throws BadRecord {
        return next() ? memberNames.of(bytes, nameStart, nameEnd - nameStart) : null;
    }

    /** Goes to the next member of the object and stands on its value; false behind the last one. */
    public boolean next() throws BadRecord {
        int b = space();
        if (b == '}') {
            at++;
            first = false;
            return false;
        }
        if (!first) {
            if (b != ',') {
                throw UNUSUAL;
            }
            at++;
            b = space();
        }
        first = false;
        if (b != '"') {
            throw UNUSUAL;
        }
        nameStart = at + 1;
        nameEnd = plainEnd();
        space();
        expect(':');
        space();
        return true;
    }

    /** What the member's name stands for; null if it is none of these. */
    public <T> @Nullable T in(NamesByBytes<T> names) {
        return names.get(bytes, nameStart, nameEnd);
    }

    /** What stands between there and here, as text. */
    public String ascii(int from) {
        return ascii(bytes, start + from, at - start - from);
    }

    /** The first byte of the value. */
    public byte firstByte() {
        return bytes[at];
    }

    @Override
    public <P> KnownSteps.@Nullable Step<P> step(KnownSteps<P> steps) throws BadRecord {
        if (first) {
            steps.begin();
        }
        KnownSteps.Step<P> step = steps.find(bytes, at, end);
        if (step == null) {
            stepStart = at;
            return null;
        }
        first = false;
        at += step.text().length;
        if (bytes[at - 1] != '}') {
            space();
        }
        return step;
    }

    @Override
    public <P> void keepStep(KnownSteps<P> steps, int member, P passed) {
        steps.keep(bytes, stepStart, at, member, passed);
    }

    @Override
    public <T> @Nullable T known(KnownValues<T> values) {
        KnownValues.Known<T> known = values.find(bytes, at, end);
        if (known == null) {
            return null;
        }
        at += known.text.length;
        return known.value;
    }

    @Override
    public <T> void keep(KnownValues<T> values, int valueStart, T value) {
        values.keep(bytes, start + valueStart, at, value);
    }

    @Override
    public void skip() throws BadRecord {
        skip(0);
    }

    @Override
    public boolean onStructure() {
        return bytes[at] == '{' || bytes[at] == '[';
    }

    @Override
    public int valueStart() {
        return at - start;
    }

    @Override
    public int position() {
        return at - start;
    }

    @Override
    public boolean enterObject(String field) throws BadRecord {
        if (bytes[at] == '{') {
            at++;
            first = true;
            return true;
        }
        literal("null");
        return false;
    }

    @Override
    public @Nullable String text(String field, int maxLength) throws BadRecord {
        if (bytes[at] != '"') {
            literal("null");
            return null;
        }
        int from = at + 1;
        int to = asciiEnd();
        if (to >= 0) {
            return ascii(bytes, from, Math.min(to - from, maxLength));
        }
        unescape(from);
        return ascii(unescaped, 0, Math.min(length, maxLength));
    }

    /** Passes over a string: if it holds escapes, it is told without them, else null. */
    @Nullable
    String escapedText() throws BadRecord {
        int from = at + 1;
        if (asciiEnd() >= 0) {
            return null;
        }
        unescape(from);
        return ascii(unescaped, 0, length);
    }

    @Override
    public @Nullable String name(String field) throws BadRecord {
        if (bytes[at] != '"') {
            literal("null");
            return null;
        }
        int from = at + 1;
        int to = asciiEnd();
        if (to >= 0) {
            return recurring.of(bytes, from, Math.min(to - from, SHORT));
        }
        unescape(from);
        return recurring.of(unescaped, 0, Math.min(length, SHORT));
    }

    @Override
    public @Nullable String textWith(String field, String part, int maxLength) throws BadRecord {
        String all = text(field, Integer.MAX_VALUE);
        return all != null && all.contains(part) ? JsonValues.cut(all, maxLength) : null;
    }

    @Override
    public @Nullable Instant time(String field) throws BadRecord {
        if (bytes[at] != '"') {
            literal("null");
            return null;
        }
        int from = at + 1;
        Instant near = times.near(bytes, from, end);
        if (near != null) {
            at = from + RecentMinute.LENGTH + 1;
            return near;
        }
        int to = plainEnd();
        int size = to - from;
        if (size > time.length) {
            throw UNUSUAL;
        }
        for (int i = 0; i < size; i++) {
            time[i] = (char) bytes[from + i];
        }
        Instant instant = Rfc3339.parse(time, 0, size);
        if (instant == null) {
            throw UNUSUAL;
        }
        times.see(bytes, from, size, instant);
        return instant.getEpochSecond() <= 0 ? null : instant;
    }

    @Override
    public long integer(String field, long min, long max, long absent) throws BadRecord {
        int from = at;
        long value = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - from < 9) {
            value = value * 10 + bytes[at++] - '0';
        }
        boolean ends = at < end && (bytes[at] == ',' || bytes[at] == '}');
        if (at == from || !ends || (bytes[from] == '0' && at - from > 1) || value < min || value > max) {
            throw UNUSUAL;
        }
        return value;
    }

    @Override
    public List<String> names(String field, int maxCount) throws BadRecord {
        return recurring.of(array(field, maxCount));
    }

    @Override
    public @Nullable String firstName(String field) throws BadRecord {
        List<String> all = array(field, 16);
        return all.isEmpty() ? null : all.get(0);
    }

    @Override
    public List<String> lastTexts(String field, int maxCount) throws BadRecord {
        return array(field, maxCount);
    }

    private List<String> array(String field, int maxCount) throws BadRecord {
        list.clear();
        expect('[');
        int b = space();
        while (b != ']') {
            String element = b == '"' ? name(field) : null;
            if (element == null || list.size() == maxCount) {
                throw UNUSUAL;
            }
            list.add(element);
            b = space();
            if (b == ',') {
                at++;
                b = space();
                if (b == ']') {
                    throw UNUSUAL;
                }
            } else if (b != ']') {
                throw UNUSUAL;
            }
        }
        at++;
        return list;
    }

    private void skip(int depth) throws BadRecord {
        switch (bytes[at]) {
            case '"' -> skipString();
            case '{' -> skipStructure('}', depth);
            case '[' -> skipStructure(']', depth);
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void skipStructure(int close, int depth) throws BadRecord {
        if (depth == MAX_DEPTH) {
            throw UNUSUAL;
        }
        at++;
        int b = space();
        if (b == close) {
            at++;
            return;
        }
        while (true) {
            if (close == '}') {
                if (b != '"') {
                    throw UNUSUAL;
                }
                skipString();
                space();
                expect(':');
                space();
            }
            skip(depth + 1);
            b = space();
            at++;
            if (b == close) {
                return;
            }
            if (b != ',') {
                throw UNUSUAL;
            }
            b = space();
        }
    }

    private void skipString() throws BadRecord {
        int i = letters(at + 1);
        while (bytes[i] != '"') {
            if (bytes[i] != '\\') {
                throw UNUSUAL;
            }
            i = letters(escapeEnd(i + 1));
        }
        at = i + 1;
    }

    /** The position of the first byte from {@code i} on that is no plain letter of a string. */
    private int letters(int from) throws BadRecord {
        int i = from;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long eight = Words.at(bytes, i);
            // The lowest bit set is exact: what borrows from a higher byte stands above it.
            long special = Words.zeros(eight ^ QUOTES)
                    | Words.zeros(eight ^ BACKSLASHES)
                    | ((((eight - SPACES) & ~eight) | eight) & Words.HIGH_BITS);
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
        for (; i < end; i++) {
            byte b = bytes[i];
            if (b == '"' || b == '\\' || b < 0x20) {
                return i;
            }
        }
        throw UNUSUAL;
    }

    private int escapeEnd(int escaped) throws BadRecord {
        if (escaped >= end) {
            throw UNUSUAL;
        }
        switch (bytes[escaped]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return escaped + 1;
            }
            case 'u' -> {
                code(escaped + 1);
                return escaped + 5;
            }
            default -> throw UNUSUAL;
        }
    }

    private int code(int from) throws BadRecord {
        if (from + 4 > end) {
            throw UNUSUAL;
        }
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
            if (digit < 0) {
                throw UNUSUAL;
            }
            code = code << 4 | digit;
        }
        return code;
    }

    private void number() throws BadRecord {
        if (bytes[at] == '-') {
            at++;
        }
        int from = at;
        digits();
        if (bytes[from] == '0' && at - from > 1) {
            throw UNUSUAL;
        }
        if (at < end && bytes[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            digits();
        }
        if (at >= end) {
            throw UNUSUAL;
        }
    }

    private void digits() throws BadRecord {
        int from = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw UNUSUAL;
        }
    }

    private void literal(String text) throws BadRecord {
        if (end - at <= text.length()) {
            throw UNUSUAL;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                throw UNUSUAL;
            }
        }
        at += text.length();
    }

    /** Goes behind the string if it holds no escape and returns where its quote is; else -1, and stays. */
    private int asciiEnd() throws BadRecord {
        int i = letters(at + 1);
        if (bytes[i] == '"') {
            at = i + 1;
            return i;
        }
        if (bytes[i] == '\\') {
            return -1;
        }
        throw UNUSUAL;
    }

    /** Goes behind a string that must hold no escape. */
    private int plainEnd() throws BadRecord {
        int to = asciiEnd();
        if (to < 0) {
            throw UNUSUAL;
        }
        return to;
    }

    /** Goes behind a string with escapes; what they stand for must be ASCII. */
    private void unescape(int from) throws BadRecord {
        length = 0;
        int i = from;
        while (true) {
            int special = letters(i);
            if (length + special - i >= unescaped.length) {
                unescaped = Arrays.copyOf(unescaped, 2 * (length + special - i + 1));
            }
            System.arraycopy(bytes, i, unescaped, length, special - i);
            length += special - i;
            if (bytes[special] == '"') {
                at = special + 1;
                return;
            }
            if (bytes[special] != '\\') {
                throw UNUSUAL;
            }
            i = escapeEnd(special + 1);
            int c =
                    switch (bytes[special + 1]) {
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case 'u' -> code(special + 2);
                        default -> bytes[special + 1];
                    };
            if (c > 0x7f) {
                throw UNUSUAL;
            }
            unescaped[length++] = (byte) c;
        }
    }

    private static String ascii(byte[] text, int from, int size) {
        return new String(text, from, size, StandardCharsets.ISO_8859_1);
    }

    /** Passes over white space and returns what follows; that there is something. */
    private int space() throws BadRecord {
        if (at < end && bytes[at] > ' ') {
            return bytes[at];
        }
        while (at < end && JsonScanner.isSpace(bytes[at])) {
            at++;
        }
        if (at >= end) {
            throw UNUSUAL;
        }
        return bytes[at];
    }

    private void expect(int b) throws BadRecord {
        if (at >= end || bytes[at] != b) {
            throw UNUSUAL;
        }
        at++;
    }
}
