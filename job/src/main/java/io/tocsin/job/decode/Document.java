package io.tocsin.job.decode;

import io.tocsin.event.SecurityEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One document being decoded: takes its records and hands them on with where they come from. */
final class Document {
    /** So much may come out of one document's compressed parts, all together. */
    static final int MAX_INFLATED_BYTES = 64 << 20;

    private final FormatDecoder decoder;
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final Provenance provenance;
    private final Consumer<Decoded> out;
    private final int maxRecordBytes;
    private int depth;
    private int inflated;
    private boolean handing;

    Document(
            FormatDecoder decoder,
            byte[] bytes,
            int offset,
            int length,
            Provenance provenance,
            Consumer<Decoded> out,
            int maxRecordBytes) {
        this.decoder = decoder;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.provenance = provenance;
        this.out = out;
        this.maxRecordBytes = maxRecordBytes;
    }

    void event(SecurityEvent event) {
        hand(Decoded.event(event, bytes, offset, length));
    }

    void skip(String reason) {
        hand(Decoded.skipped(reason, bytes, offset, length));
    }

    /** Gives up on one record, whose bytes are kept up to the record size limit. */
    void deadLetter(RecordBytes record, String reason) {
        int end = (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
        byte[] kept = Arrays.copyOfRange(record.bytes(), record.start(), Math.max(record.start(), end));
        DeadLetter letter = new DeadLetter(provenance.location(), provenance.position(), reason, kept);
        hand(Decoded.deadLetter(letter, bytes, offset, length));
    }

    private void hand(Decoded record) {
        handing = true;
        out.accept(record);
        handing = false;
    }

    /** Whether the taker of records is at work: what it throws is not about the document. */
    boolean handing() {
        return handing;
    }

    /** Reads what was found inside an envelope. */
    void unwrap(RecordBytes inner) {
        depth++;
        decoder.decode(inner, this);
        depth--;
    }

    /** How many envelopes are around what is read now. */
    int depth() {
        return depth;
    }

    /** How many bytes may still come out of compressed parts. */
    int inflationLeft() {
        return MAX_INFLATED_BYTES - inflated;
    }

    void inflated(int more) {
        inflated += more;
    }

    /** The time of a record that lost its own and that no envelope gives one. */
    @Nullable
    Instant fallbackTime() {
        return provenance.fallbackTime();
    }
}
