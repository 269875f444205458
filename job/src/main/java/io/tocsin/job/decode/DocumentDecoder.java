package io.tocsin.job.decode;

import java.util.function.Consumer;

/**
 * Turns one document (a line of a file, the value of a Kafka message) into records. A decoder belongs to one thread. It never
 * throws because of what the bytes are: each record is handed on as an event, a dead letter or a skip.
 */
public interface DocumentDecoder {
    /**
     * Decodes a document and hands its records on, in their order. A blank document has none.
     *
     * @param bytes holds the document; kept by the records handed on, so the caller must not write to it again
     * @param offset where the document starts
     * @param length its length, without the line's end
     */
    void decode(byte[] bytes, int offset, int length, Provenance provenance, Consumer<Decoded> out);
}
