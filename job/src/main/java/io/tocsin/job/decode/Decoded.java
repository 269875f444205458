package io.tocsin.job.decode;

import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import org.jspecify.annotations.Nullable;

/**
 * One log record, decoded: exactly one of event, dead letter and skip reason is there, so that records = events + dead letters +
 * skipped holds by construction. It is handed on within a task and never serialized; the bytes are those of the whole document
 * (the line or message with its envelope), shared, not copied.
 *
 * @param event what happened
 * @param deadLetter why the record can't be read
 * @param skipped why the record is none of ours, such as {@code stage} or {@code control-message}
 * @param document the bytes the record came in
 * @param offset where the document starts in them
 * @param length its length in bytes
 * @param request of a skipped record that tells of a request which is not answered yet: that request
 */
public record Decoded(
        @Nullable SecurityEvent event,
        @Nullable DeadLetter deadLetter,
        @Nullable String skipped,
        byte[] document,
        int offset,
        int length,
        @Nullable ReceivedRequest request) {

    public static Decoded event(SecurityEvent event, byte[] document, int offset, int length) {
        return new Decoded(event, null, null, document, offset, length, null);
    }

    public static Decoded deadLetter(DeadLetter letter, byte[] document, int offset, int length) {
        return new Decoded(null, letter, null, document, offset, length, null);
    }

    public static Decoded skipped(String reason, byte[] document, int offset, int length) {
        return new Decoded(null, null, reason, document, offset, length, null);
    }

    /** A request that is not answered yet: no event. */
    public static Decoded received(ReceivedRequest request, String reason, byte[] document, int offset, int length) {
        return new Decoded(null, null, reason, document, offset, length, request);
    }
}
