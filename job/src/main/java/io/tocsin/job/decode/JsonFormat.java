package io.tocsin.job.decode;

/** A format whose records are JSON objects: reads the members it wants, and gives up on an object with the reason it is told. */
public abstract class JsonFormat implements Format {
    private final Projection fields;

    /**
     * @param paths the members that are read, see {@link Projection}
     */
    protected JsonFormat(DecoderOptions options, JsonValues values, String... paths) {
        this.fields = new Projection(options, values, paths);
    }

    @Override
    public final int decode(RecordBytes record, Document document) {
        String flaw = null;
        try {
            fields.read(record);
        } catch (BadRecord e) {
            flaw = e.reason();
        }
        // Now: what is inside may be of this format too, and read with the same fields.
        int end = fields.end();
        if (flaw == null) {
            try {
                take(fields, record.to(end), document);
            } catch (BadRecord e) {
                flaw = e.reason();
            }
        }
        if (flaw != null) {
            document.deadLetter(record.to(end), flaw);
        }
        return end;
    }

    /**
     * Hands on what the object is; more than once if it holds several records.
     *
     * @param object what was read of it; {@link Projection#truncated} tells whether that is all. Not to be asked any more once
     *     something was unwrapped
     * @param record its bytes
     * @throws BadRecord if it can't be read, and nothing of it was handed on
     */
    protected abstract void take(Projection object, RecordBytes record, Document document) throws BadRecord;
}
