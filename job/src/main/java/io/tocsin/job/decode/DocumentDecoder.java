package io.tocsin.job.decode;

import java.util.function.Consumer;

/**
 * Turns one document (a line of a file, the value of a Kafka message) into records. A decoder belongs to one thread. It never
 * throws because of what the bytes are: each record is handed on as an event, a dead letter or a skip.
 */
public interface DocumentDecoder {
    /** Only decoding tells the time. */
    long UNTOLD = Long.MIN_VALUE;

    /**
     * Decodes a document and hands its records on, in their order. A blank document has none.
     *
     * @param bytes holds the document; kept by the records handed on, so the caller must not write to it again
     * @param offset where the document starts
     * @param length its length, without the line's end
     */
    void decode(byte[] bytes, int offset, int length, Provenance provenance, Consumer<Decoded> out);

    /**
     * The time of a document in ms since 1970 as its text tells it, at much less cost than decoding; {@link #UNTOLD} where only
     * decoding does. If decoding gives events that are not truncated, this is the time of the latest. It may give none: here
     * nobody sees whether a record is bad, or one to skip.
     *
     * @param bytes holds the document; not kept
     * @param offset where it starts
     * @param length its length, without the line's end
     */
    default long toldTime(byte[] bytes, int offset, int length, Provenance provenance) {
        return UNTOLD;
    }
}
