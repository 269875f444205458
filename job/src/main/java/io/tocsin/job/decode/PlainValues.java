package io.tocsin.job.decode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that nearly every record is: ASCII, well-formed, every field of its type, nested a few levels. It is as strict
 * as the parser and knows no reasons: whatever it doesn't expect is {@link #UNUSUAL}, and the record is read again with {@link
 * ParsedValues}, which says what is wrong with it, if anything is. Twice as fast as the parser on audit events, since a
 * string that is known or not wanted costs neither decoding nor memory.
 */
public final class PlainValues extends PlainJson implements ValueReader {
    private final RecurringStrings recurring;
    /** Few, and wanted so often that they should stay in the processor's cache. */
    private final RecurringStrings memberNames = new RecurringStrings(1 << 8);

    private final ArrayList<String> list = new ArrayList<>();
    private final char[] time = new char[64];
    private final RecentMinute times = new RecentMinute();

    private int start;
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
}
