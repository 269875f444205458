package io.tocsin.job.decode.audit;

import io.tocsin.event.ObjectBody;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the bodies of requests about one kind of object tell. Where it throws, what was read so far is told. */
interface BodyReader {
    /** Whether it reads objects of this kind. */
    boolean isOf(String kind);

    /**
     * Reads an object.
     *
     * @param partial whether it is a patch, which holds only what is to change
     */
    void object(RecordBytes object, boolean partial, ObjectBody.Builder into) throws BadRecord, IOException;

    /**
     * Reads what an operation of a JSON patch adds or puts in the place of something.
     *
     * @param path where, as a JSON pointer
     * @param operation holds it as {@code value}
     */
    void operation(String path, Projection operation, ObjectBody.Builder into) throws BadRecord, IOException;

    /** The elements of an array, or the only one there is; none where there is neither. */
    static JsonElements elements(@Nullable RecordBytes array) {
        return array == null
                ? new JsonElements(new byte[0], 0, 0)
                : new JsonElements(array.bytes(), array.start(), array.end());
    }

    /** The element it stands at. */
    static RecordBytes element(RecordBytes array, JsonElements at) {
        return new RecordBytes(array.bytes(), at.start(), at.end(), at.cut(), array.origin());
    }

    /** Whether an object stands there. */
    static boolean isObject(@Nullable RecordBytes body) {
        return body != null && body.start() < body.end() && body.bytes()[body.start()] == '{';
    }

    /** Adds to a list of at most so many, whose place further ones are marked by one word. */
    static void add(List<String> list, @Nullable String element, int most) {
        if (element == null || list.contains(element)) {
            return;
        }
        if (list.size() < most) {
            list.add(element);
        } else if (list.size() == most) {
            list.add(ObjectBody.OTHERS);
        }
    }
}
