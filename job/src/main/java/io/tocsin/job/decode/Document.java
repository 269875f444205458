package io.tocsin.job.decode;

import io.tocsin.event.Digest;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One document being decoded: takes its records and hands them on with where they come from. */
public final class Document {
    /** So much may come out of one document's compressed parts, all together. */
    public static final int MAX_INFLATED_BYTES = 64 << 20;

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

    public Document(
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

    public void event(SecurityEvent event) {
        hand(Decoded.event(event, bytes, offset, length));
    }

    /**
     * An event that is ready but for what rules read of its record beyond it.
     *
     * @param record whose members are the paths that rules name, if it is a JSON object
     */
    public void event(SecurityEvent.Builder event, RecordBytes record) {
        event.content = decoder.contents()
                .of(event.source, event.verb, event.resource, record.bytes(), record.start(), record.end());
        event(event.build());
    }

    public void skip(String reason) {
        hand(Decoded.skipped(reason, bytes, offset, length));
    }

    /** A record that is skipped, and shows that a request was received. */
    public void received(ReceivedRequest request, String reason) {
        hand(Decoded.received(request, reason, bytes, offset, length));
    }

    /** Gives up on one record, whose bytes are kept up to the record size limit. */
    public void deadLetter(RecordBytes record, String reason) {
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
    public boolean handing() {
        return handing;
    }

    /** Reads what was found inside an envelope. */
    public void unwrap(RecordBytes inner) {
        depth++;
        decoder.decode(inner, this);
        depth--;
    }

    /**
     * Reads what a container wrote, if it is a record of another format and may be believed: whoever controls a container controls
     * its output, so only what tells of the container itself, or comes from a platform namespace, or from a container that nobody
     * named, is taken for more than text.
     *
     * @return whether it was handed on; if not, it is a container's line of text
     */
    public boolean unwrapOutput(RecordBytes output) {
        depth++;
        boolean read = decoder.output(output, false, this);
        depth--;
        return read;
    }

    /** The same where nothing tells for sure which container it was: only what tells of the container itself is believed. */
    public boolean unwrapDoubtful(RecordBytes output) {
        depth++;
        boolean read = decoder.output(output, true, this);
        depth--;
        return read;
    }

    /** How many envelopes are around what is read now. */
    public int depth() {
        return depth;
    }

    /** How many bytes may still come out of compressed parts. */
    public int inflationLeft() {
        return MAX_INFLATED_BYTES - inflated;
    }

    public void inflated(int more) {
        inflated += more;
    }

    /** The time of a record that lost its own and that no envelope gives one. */
    public @Nullable Instant fallbackTime() {
        return provenance.fallbackTime();
    }

    /** When the record was written at the latest: by the envelope around it, else by where the document comes from. */
    public Instant written(RecordBytes record) {
        Instant time = record.origin().time();
        return time == null ? provenance.written() : time;
    }

    /**
     * A record's time: its own, else what an envelope gives it, else, if it was cut, that of its neighbours.
     *
     * @throws BadRecord if there is none
     */
    public Instant timeOf(RecordBytes record, @Nullable Instant own, boolean truncated) throws BadRecord {
        Instant time = own == null ? record.origin().time() : own;
        if (time == null && truncated) {
            time = fallbackTime();
        }
        if (time == null) {
            throw new BadRecord(
                    truncated ? "cut off before its time, and nothing around it tells it" : "time is missing");
        }
        return time;
    }

    /**
     * Starts an event over with what every event has: time, source, cluster, place, and as its id a digest of the record and its
     * position.
     */
    public static void begin(SecurityEvent.Builder event, Source source, Instant time, RecordBytes record) {
        String recordId = new Digest()
                .add(record.bytes(), record.start(), record.end() - record.start())
                .add(record.origin().position())
                .hex();
        begin(event, source, time, record, recordId);
    }

    /** The same for a record with an id of its own, of which the digest is given. */
    public static void begin(
            SecurityEvent.Builder event, Source source, Instant time, RecordBytes record, String recordId) {
        Origin origin = record.origin();
        event.clear();
        event.time = time;
        event.source = source;
        event.cluster = origin.cluster();
        event.scope = origin.scope();
        event.account = origin.account();
        event.instance = origin.instance();
        event.place = origin.place();
        event.namespace = origin.place().namespace();
        event.recordId = recordId;
    }
}
