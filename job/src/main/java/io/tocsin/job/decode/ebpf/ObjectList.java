package io.tocsin.job.decode.ebpf;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import org.jspecify.annotations.Nullable;

/** Reads an array of small objects one by one. Belongs to one format; what was read is held until the next object. */
final class ObjectList {
    private final Projection fields;
    private String name = "";
    private @Nullable JsonElements elements;
    private @Nullable RecordBytes array;

    /**
     * @param paths the members that are read of each object, see {@link Projection}
     */
    ObjectList(DecoderOptions options, JsonValues values, String... paths) {
        this.fields = new Projection(options, values, paths);
    }

    /** Starts with an array; null is an empty one. */
    void over(String newName, @Nullable RecordBytes newArray) {
        name = newName;
        array = newArray;
        elements = newArray == null ? null : new JsonElements(newArray.bytes(), newArray.start(), newArray.end());
    }

    /**
     * The next object, null behind the last.
     *
     * @throws BadRecord if there is something else in the array
     */
    @Nullable
    Projection next() throws BadRecord {
        if (elements == null || array == null || !elements.next()) {
            return null;
        }
        if (array.bytes()[elements.start()] != '{') {
            throw new BadRecord(name + " must be an array of objects: "
                    + Excerpt.of(array.bytes(), elements.start(), elements.end()));
        }
        fields.read(new RecordBytes(array.bytes(), elements.start(), elements.end(), false, array.origin()));
        return fields;
    }

    /** The first object of an array, null where there is none. */
    @Nullable
    Projection first(String newName, @Nullable RecordBytes newArray) throws BadRecord {
        over(newName, newArray);
        return next();
    }
}
