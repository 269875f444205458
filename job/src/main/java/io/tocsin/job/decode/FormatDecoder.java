package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a document apart into records and gives each to the format it is of. A document is JSON objects one after another, with
 * or without anything between them, an array of them, lines of text, or any of these compressed or encoded.
 */
final class FormatDecoder implements DocumentDecoder {
    /** What the reason of a dead letter starts with that is our own fault. */
    static final String FAULT = "decoder fault: ";

    private static final int MAX_DEPTH = 8;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    /** What shippers of Amazon put at the end of a line that was too long for them. */
    private static final byte[] CUT_MARK = "[Truncated...]".getBytes(StandardCharsets.UTF_8);

    private final @Nullable Format named;
    private final List<Format> formats;
    private final Signatures signatures;
    private final Origin origin;
    private final int maxRecordBytes;

    /**
     * @param named the only format that is read, null to tell each record by its shape
     * @param formats the formats and envelopes that are told apart, the named one among them
     */
    FormatDecoder(@Nullable Format named, List<Format> formats, DecoderOptions options) {
        this.named = named;
        this.formats = List.copyOf(formats);
        this.signatures = new Signatures(formats);
        this.origin = Origin.of(options);
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, Provenance provenance, Consumer<Decoded> out) {
        Document document = new Document(this, bytes, offset, length, provenance, out, maxRecordBytes);
        RecordBytes all = new RecordBytes(bytes, offset, offset + length, false, origin);
        try {
            decode(all, document);
        } catch (RuntimeException e) {
            if (document.handing()) {
                throw e;
            }
            // A fault of ours must not stop the job for one record; the reason tells it from the record's own.
            document.deadLetter(all, FAULT + e.getClass().getSimpleName());
        }
    }

    /** Reads a document, or what an envelope held. */
    void decode(RecordBytes input, Document document) {
        byte[] bytes = input.bytes();
        int start = JsonScanner.skipSpace(bytes, input.start(), input.end());
        if (Signatures.startsWith(bytes, start, input.end(), BYTE_ORDER_MARK)) {
            start = JsonScanner.skipSpace(bytes, start + BYTE_ORDER_MARK.length, input.end());
        }
        int end = input.end();
        while (end > start && JsonScanner.isSpace(bytes[end - 1])) {
            end--;
        }
        if (start == end) {
            return;
        }
        if (document.depth() > MAX_DEPTH) {
            document.deadLetter(input, "wrapped in more than " + MAX_DEPTH + " envelopes");
            return;
        }
        if (Compression.isGzip(bytes, start, input.end())) {
            Compression.unwrap(new RecordBytes(bytes, start, input.end(), input.cut(), input.origin()), document);
            return;
        }
        boolean cut = input.cut();
        int mark = end - CUT_MARK.length;
        if (mark > start && Signatures.startsWith(bytes, mark, end, CUT_MARK)) {
            end = mark;
            cut = true;
        }
        RecordBytes content = new RecordBytes(bytes, start, end, cut, input.origin());
        if (Compression.isEncodedGzip(content)) {
            Compression.unwrapEncoded(content, document);
            return;
        }
        int at = start;
        while (at < end) {
            at = JsonScanner.skipSpace(
                    bytes, next(new RecordBytes(bytes, at, end, cut, input.origin()), document), end);
        }
    }

    /** Reads one object, array or line and returns where it ends: always behind where it starts. */
    private int next(RecordBytes rest, Document document) {
        byte first = rest.bytes()[rest.start()];
        if (first == '{') {
            return object(rest, document);
        }
        if (first == '[') {
            return array(rest, document);
        }
        int end = lineEnd(rest);
        line(
                end == rest.end() ? rest : new RecordBytes(rest.bytes(), rest.start(), end, false, rest.origin()),
                document);
        return end;
    }

    private int object(RecordBytes rest, Document document) {
        Format format = signatures.find(rest.bytes(), rest.start(), rest.end());
        if (format == null) {
            format = named != null ? named : ofStream(rest.origin());
        }
        if (format != null) {
            return format.decode(rest, document);
        }
        int end = JsonScanner.valueEndInLine(rest.bytes(), rest.start(), rest.end());
        RecordBytes object = rest.to(end == JsonScanner.CUT ? rest.end() : end);
        document.deadLetter(object, unknown(object));
        return object.end();
    }

    private int array(RecordBytes rest, Document document) {
        int close = JsonScanner.valueEndInLine(rest.bytes(), rest.start(), rest.end());
        int end = close == JsonScanner.CUT ? rest.end() : close;
        JsonElements elements = new JsonElements(rest.bytes(), rest.start(), end);
        boolean any = false;
        while (elements.next()) {
            any = true;
            RecordBytes element =
                    new RecordBytes(rest.bytes(), elements.start(), elements.end(), elements.cut(), rest.origin());
            if (rest.bytes()[element.start()] == '{') {
                object(element, document);
            } else {
                document.deadLetter(element, unknown(element));
            }
        }
        if (!any && close == JsonScanner.CUT) {
            document.deadLetter(rest, unknown(rest));
        }
        return end;
    }

    private void line(RecordBytes line, Document document) {
        Instant exported = exportTime(line);
        if (exported != null) {
            int start = JsonScanner.skipSpace(line.bytes(), indexOfSpace(line), line.end());
            document.unwrap(new RecordBytes(
                    line.bytes(),
                    start,
                    line.end(),
                    line.cut(),
                    line.origin().at(exported, line.origin().position())));
            return;
        }
        Format format = named;
        if (format == null) {
            for (Format candidate : formats) {
                if (candidate.claimsLine(line)) {
                    format = candidate;
                    break;
                }
            }
        }
        if (format == null) {
            format = ofStream(line.origin());
        }
        if (format == null || !format.readsText()) {
            document.deadLetter(line, unknown(line));
        } else {
            format.decode(line, document);
        }
    }

    /** The time that an export to S3 puts in front of each line of a CloudWatch log, null if there is none. */
    private static @Nullable Instant exportTime(RecordBytes line) {
        byte first = line.bytes()[line.start()];
        if (first < '0' || first > '9') {
            return null;
        }
        int space = indexOfSpace(line);
        if (space < 0) {
            return null;
        }
        return Rfc3339.parse(new String(line.bytes(), line.start(), space - line.start(), StandardCharsets.US_ASCII));
    }

    /** The position of the first space, -1 if it is further away than a time is long. */
    private static int indexOfSpace(RecordBytes line) {
        int to = Math.min(line.end(), line.start() + 40);
        for (int i = line.start(); i < to; i++) {
            if (line.bytes()[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private @Nullable Format ofStream(Origin from) {
        if (from.instance() != null) {
            for (Format format : formats) {
                if (format.claimsStream(from.instance())) {
                    return format;
                }
            }
        }
        return null;
    }

    private String unknown(RecordBytes record) {
        String excerpt = Excerpt.of(record.bytes(), record.start(), record.end());
        return named == null ? "no known log format: " + excerpt : "not a " + named.name() + " record: " + excerpt;
    }

    private static int lineEnd(RecordBytes rest) {
        for (int i = rest.start(); i < rest.end(); i++) {
            if (rest.bytes()[i] == '\n') {
                return i;
            }
        }
        return rest.end();
    }
}
