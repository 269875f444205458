package io.tocsin.job.decode;

import static io.tocsin.job.decode.DocumentDecoder.UNTOLD;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks the format that would decode a record for its time. It is the same format that decoding chooses, since the same code
 * chooses; and the record is all there is in the document, so that no other can have a later time.
 */
public final class ToldTimes {
    private static final byte FIRST_OF_BYTE_ORDER_MARK = (byte) 0xef;

    private final FormatDecoder decoder;
    private final ObjectOutline outline = new ObjectOutline();
    private Origin around = Origin.of(DecoderOptions.of(""));
    private Origin inContainer = around;

    ToldTimes(FormatDecoder decoder) {
        this.decoder = decoder;
    }

    /** The members of the object whose time is asked for; changes when {@link #ofOutput} is called. */
    public ObjectOutline outline() {
        return outline;
    }

    long ofDocument(RecordBytes document) {
        byte[] bytes = document.bytes();
        int start = JsonScanner.skipSpace(bytes, document.start(), document.end());
        int end = endOf(document, start);
        if (start == end || bytes[start] == FIRST_OF_BYTE_ORDER_MARK) {
            return UNTOLD;
        }
        RecordBytes record = new RecordBytes(bytes, start, end, false, document.origin());
        if (bytes[start] == '{') {
            return outline.read(bytes, start, end) ? told(decoder.ofObject(record), record) : UNTOLD;
        }
        if (Compression.isGzip(bytes, start, end) || Compression.isEncodedGzip(record)) {
            return UNTOLD;
        }
        // What starts with a bracket is told by its start alone, as it is when it is decoded.
        boolean bracket = bytes[start] == '[';
        Format format = decoder.ofLine(bracket ? record.to(FormatDecoder.endOfClaim(record)) : record);
        boolean all = format != null && (format.spansLines() || StringEnds.newline(bytes, start, end) == end);
        return all ? told(format, record) : UNTOLD;
    }

    private long told(@Nullable Format format, RecordBytes record) {
        return format == null ? UNTOLD : format.toldTime(record, this);
    }

    /**
     * The time of what a container wrote: that of the record it is, if it is to be believed, else that at which it was written.
     *
     * @param output what was written, and where
     * @param written when it was written
     * @param placeKnown whether {@code output} names the place, so that all about it is known that decides on belief
     */
    public long ofOutput(RecordBytes output, long written, boolean placeKnown) {
        byte[] bytes = output.bytes();
        int start = JsonScanner.skipSpace(bytes, output.start(), output.end());
        int end = endOf(output, start);
        if (start == end || decoder.takesOutputAsText()) {
            return written;
        }
        RecordBytes content = new RecordBytes(bytes, start, end, false, inContainer(output.origin()));
        Format format = decoder.ofOutput(content);
        if (format == null) {
            return written;
        }
        boolean record = format.fromAnyContainer() && format.role() == Format.Role.RECORD;
        if (!record && !placeKnown) {
            return UNTOLD;
        }
        if (!record && !decoder.believed(content.origin(), false, format)) {
            return written;
        }
        boolean whole = bytes[start] == '{' ? outline.read(bytes, start, end) : end == lineEnd(content);
        return whole ? format.toldTime(content, this) : UNTOLD;
    }

    @SuppressWarnings("ReferenceEquality") // one of equal parts is merely made anew
    private Origin inContainer(Origin origin) {
        if (origin != around) {
            around = origin;
            inContainer = origin.at(Instant.EPOCH, null);
        }
        return inContainer;
    }

    private static int lineEnd(RecordBytes content) {
        return StringEnds.newline(content.bytes(), content.start(), content.end());
    }

    private static int endOf(RecordBytes record, int start) {
        int end = record.end();
        while (end > start && JsonScanner.isSpace(record.bytes()[end - 1])) {
            end--;
        }
        return end;
    }
}
