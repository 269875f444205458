package io.tocsin.job.bench;

import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.source.Block;
import io.tocsin.job.source.FileRecords;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A file's documents in memory.
 *
 * @param location the file
 * @param written when it was last changed, in ms since 1970
 * @param documents its first documents
 * @param bytes how long they are, all together
 */
public record Corpus(String location, long written, List<Part> documents, long bytes) {
    /** So much of a file is taken. */
    public static final long MAX_BYTES = 64 << 20;

    /**
     * A document.
     *
     * @param bytes holds it
     * @param shipped the same as JSON: the document itself, or a line of text as a collector ships it
     */
    record Part(byte[] bytes, int offset, int length, byte[] shipped, int shippedOffset, int shippedLength) {}

    /** Reads the start of a file. */
    public static Corpus load(String location, int maxLineBytes) throws IOException {
        return load(location, maxLineBytes, MAX_BYTES);
    }

    /**
     * Reads the start of a file.
     *
     * @param maxBytes how much of it, about
     */
    public static Corpus load(String location, int maxLineBytes, long maxBytes) throws IOException {
        List<Part> parts = new ArrayList<>();
        long bytes = 0;
        long written = 0;
        try (FileRecords records = FileRecords.open(location, maxLineBytes, InputStream::nullInputStream)) {
            Documents documents = new Documents(Decoders.framing());
            for (Block block = records.next(); block != null && bytes < maxBytes; block = records.next()) {
                written = block.written();
                documents.over(block.bytes(), 0, block.bytes().length);
                while (documents.next()) {
                    parts.add(part(block.bytes(), documents.start(), documents.length()));
                    bytes += documents.length();
                }
            }
        }
        return new Corpus(location, written, List.copyOf(parts), bytes);
    }

    private static Part part(byte[] bytes, int offset, int length) {
        int first = offset;
        while (first < offset + length - 1 && (bytes[first] == ' ' || bytes[first] == '\t')) {
            first++;
        }
        boolean json = bytes[first] == '{' || (bytes[first] == '[' && JsonTree.read(bytes, offset, length) > 0);
        if (json) {
            return new Part(bytes, offset, length, bytes, offset, length);
        }
        byte[] shipped = JsonTree.shipped(bytes, offset, length);
        return new Part(bytes, offset, length, shipped, 0, shipped.length);
    }
}
