package io.tocsin.job.decode;

import java.util.List;
import java.util.Set;

/**
 * One kind of record or envelope. To add a format: implement this and name it in {@link Decoders}. An envelope hands what it
 * holds to {@link Document#unwrap}. Belongs to one thread.
 */
interface Format {
    /** What users write as {@code FORMAT}, or what an envelope is called. */
    String name();

    /**
     * The shapes of this format's JSON objects: an object that has all members of one of the sets is of this format. A member
     * {@code kind} or {@code apiVersion} can be told with its value, the latter's up to the slash: {@code
     * apiVersion=audit.k8s.io}.
     */
    default List<Set<String>> signatures() {
        return List.of();
    }

    /** What most of this format's JSON objects start with, to spare them the search for a signature; empty if nothing. */
    default String usualStart() {
        return "";
    }

    /** Whether a line that is no JSON object is of this format. */
    default boolean claimsLine(RecordBytes line) {
        return false;
    }

    /** Whether a record from this log stream is of this format if its shape doesn't tell. */
    default boolean claimsStream(String stream) {
        return false;
    }

    /** Whether this format has records that are lines of text. */
    default boolean readsText() {
        return false;
    }

    /**
     * Reads the JSON object or the line that starts at the record's start and hands on what it holds.
     *
     * @return where it ends
     */
    int decode(RecordBytes bytes, Document document);
}
