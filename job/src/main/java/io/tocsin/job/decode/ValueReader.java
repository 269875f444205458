package io.tocsin.job.decode;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks over one JSON object and reads the values we want, each with its type checked. A value that is not of the type asked for
 * is a {@link BadRecord} that names the field; JSON null is null everywhere. Positions count from the record's start.
 */
public interface ValueReader {
    int SHORT = 1_024;
    int LONG = 2_048;

    /** Goes to the next member of the object and stands on its value; null behind the last one. */
    @Nullable
    String nextName() throws IOException, BadRecord;

    /**
     * Goes on to the value to which a known step leads from behind a value or the start of an object; null if there is none, and
     * stays. Of the objects within one another that are read so, each needs steps of its own.
     */
    default <P> KnownSteps.@Nullable Step<P> step(KnownSteps<P> steps) throws IOException, BadRecord {
        return null;
    }

    /** Keeps the step from where none was found to the value of a member, or behind the object's end. */
    default <P> void keepStep(KnownSteps<P> steps, int member, P passed) {}

    /** What the value was when its bytes were read before, and passes over it; null if they were not, and stays. */
    default <T> @Nullable T known(KnownValues<T> values) {
        return null;
    }

    /** Keeps what the value was that starts there and was read to its end. */
    default <T> void keep(KnownValues<T> values, int valueStart, T value) {}

    /** Passes over the value. */
    void skip() throws IOException, BadRecord;

    /** Whether the value is an object or an array. */
    boolean onStructure() throws IOException;

    /** Where the value starts. */
    int valueStart();

    /** Where reading has come to. */
    int position();

    /** Whether the value is an object, which is then entered: else it is null. */
    boolean enterObject(String field) throws IOException, BadRecord;

    /** A string that is kept as it is, cut at a length. */
    @Nullable
    String text(String field, int maxLength) throws IOException, BadRecord;

    /** A string that comes again and again, cut at {@link #SHORT}. */
    @Nullable
    String name(String field) throws IOException, BadRecord;

    /** A string that is kept only if it contains {@code part}. */
    @Nullable
    String textWith(String field, String part, int maxLength) throws IOException, BadRecord;

    /** A time; the zero time of Go is none. */
    @Nullable
    Instant time(String field) throws IOException, BadRecord;

    /** A whole number from {@code min} to {@code max}; {@code absent} where it is null. */
    long integer(String field, long min, long max, long absent) throws IOException, BadRecord;

    /** An array of strings, of which the first ones are kept. */
    List<String> names(String field, int maxCount) throws IOException, BadRecord;

    /** The first string of an array of strings. */
    @Nullable
    String firstName(String field) throws IOException, BadRecord;

    /** The last strings of an array of strings; the result is valid until the next call. */
    List<String> lastTexts(String field, int maxCount) throws IOException, BadRecord;
}
