package io.tocsin.job.decode;

/**
 * One record's bytes, out of whatever envelope they came in.
 *
 * @param bytes holds them, and perhaps what follows
 * @param start where the record starts
 * @param end where it ends, or where the input ends if only reading tells
 * @param cut whether something is known to be missing at {@code end}
 * @param origin what the envelopes tell
 */
public record RecordBytes(byte[] bytes, int start, int end, boolean cut, Origin origin) {
    public RecordBytes to(int newEnd) {
        return newEnd == end ? this : new RecordBytes(bytes, start, newEnd, cut, origin);
    }
}
