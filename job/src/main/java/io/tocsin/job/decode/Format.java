package io.tocsin.job.decode;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One shape of log record, or of what is around records. To add a format: one class with a public nested {@link Factory} that
 * bears {@code @AutoService(Format.Factory.class)}; nothing else names it. Belongs to one thread.
 *
 * <p>A format reads the record that starts at a position and says where it ends. It hands on each record as exactly one of event,
 * skip and dead letter, and never throws because of what the bytes are.
 */
public interface Format {
    /** What a format is among the others. */
    enum Role {
        /** Records of one source. */
        RECORD,
        /** What a container wrote, as a runtime or a collector hands it on: a record itself, which may hold one of another format. */
        CONTAINER_OUTPUT,
        /** Holds records of any format and is none itself. */
        ENVELOPE
    }

    /**
     * What the reference says of a format.
     *
     * @param shape what it is, such as {@code Event Hub records of AKS}
     * @param toldBy how it is told from others
     * @param lacks what it can't give; empty if nothing
     */
    record About(String shape, String toldBy, String lacks) {}

    /** Makes a format, one for each decoder. */
    interface Factory {
        Format create(DecoderOptions options, JsonValues values);

        /** How lines of this format make one document; null if each stands alone. One for each file. */
        default @Nullable Framing framing() {
            return null;
        }
    }

    /** What users write as {@code FORMAT}; several formats of one source share it. What an envelope is called. */
    String name();

    About about();

    default Role role() {
        return Role.RECORD;
    }

    /**
     * The shapes of this format's JSON objects: an object that has all members of one of the sets is of this format. A member can
     * be told with its value, if that is a string, up to a slash: {@code apiVersion=audit.k8s.io}. The set that the object's first
     * members complete wins, so a set must not be part of what another format writes.
     */
    default List<Set<String>> signatures() {
        return List.of();
    }

    /** The same for shapes that others may have too: asked when no signature fits, and never inside a container's output. */
    default List<Set<String>> weakSignatures() {
        return List.of();
    }

    /** What most of this format's JSON objects start with, to spare them the search for a signature; empty if nothing. */
    default String usualStart() {
        return "";
    }

    /** Whether a line that is no JSON object is of this format. Asked for every line of text, so it looks at the first bytes first. */
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

    /** Whether a record of no known shape is given to this format where the user named it, for a reason in its own words. */
    default boolean takesUnclaimed() {
        return false;
    }

    /** Whether {@link #decode} is given all of a document of text, not only its first line. */
    default boolean spansLines() {
        return false;
    }

    /**
     * Whether what a container writes may be taken for this whichever container it is. True only where a container tells of itself
     * and of nobody else; all other formats are believed of platform namespaces only.
     */
    default boolean fromAnyContainer() {
        return false;
    }

    /**
     * Whether a JSON object with the members of another format is a record of this one all the same: some collectors lay what a
     * container wrote as JSON beside their own members, and what it wrote may look like anything.
     *
     * @param object starts at the record's start, may be followed by others
     */
    default boolean holdsMerged(RecordBytes object) {
        return false;
    }

    /**
     * Reads the JSON object or the line that starts at the record's start and hands on what it holds.
     *
     * @return where it ends; beyond the start
     */
    int decode(RecordBytes record, Document document);

    /**
     * The time of a record as its text tells it, {@link DocumentDecoder#UNTOLD} where only decoding does: see {@link
     * DocumentDecoder#toldTime}. Only what the writer of the log puts there counts, never what stands in a body or a message.
     *
     * @param record one JSON object or the line of text, as {@link #decode} gets it and with nothing behind it
     * @param times the outline of the object, and the time of what a container wrote
     */
    default long toldTime(RecordBytes record, ToldTimes times) {
        return DocumentDecoder.UNTOLD;
    }
}
