package io.tocsin.job.decode;

import io.tocsin.event.Source;
import io.tocsin.job.decode.content.RecordContents;
import java.nio.charset.StandardCharsets;
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
    /** So much of what starts with a bracket is looked at to tell it. */
    private static final int LONGEST_CLAIM = 4_096;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    /** What shippers of Amazon put at the end of a line that was too long for them. */
    private static final byte[] CUT_MARK = "[Truncated...]".getBytes(StandardCharsets.UTF_8);

    private final @Nullable String name;
    private final @Nullable Format named;
    private final List<Format> formats;
    private final Signatures signatures;
    private final Signatures weakSignatures;
    private final PlatformNamespaces platform;
    private final Origin origin;
    private final int maxRecordBytes;
    private final RecordContents contents;
    private final ToldTimes times;
    private String location = "";
    private Origin locationOrigin;

    /**
     * @param name the only format that is read, null to tell each record by its shape
     * @param formats the formats and envelopes that are told apart, those of that name among them
     */
    FormatDecoder(@Nullable String name, List<Format> formats, DecoderOptions options) {
        this.name = name;
        this.formats = List.copyOf(formats);
        this.named = formats.stream()
                .filter(format -> format.name().equals(name) && format.takesUnclaimed())
                .findFirst()
                .orElse(null);
        this.signatures = new Signatures(formats, Format::signatures);
        this.weakSignatures = new Signatures(formats, Format::weakSignatures);
        this.platform = new PlatformNamespaces(options.platformNamespaces());
        this.origin = Origin.of(options);
        this.locationOrigin = origin;
        this.maxRecordBytes = options.maxRecordBytes();
        this.contents = new RecordContents(options.content(), new JsonValues()::parser);
        this.times = new ToldTimes(this);
    }

    /** What rules read of records beyond the flat event. */
    RecordContents contents() {
        return contents;
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, Provenance provenance, Consumer<Decoded> out) {
        Document document = new Document(this, bytes, offset, length, provenance, out, maxRecordBytes);
        RecordBytes all = new RecordBytes(bytes, offset, offset + length, false, origin(provenance));
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

    @Override
    public long toldTime(byte[] bytes, int offset, int length, Provenance provenance) {
        return times.ofDocument(new RecordBytes(bytes, offset, offset + length, false, origin(provenance)));
    }

    private Origin origin(Provenance provenance) {
        if (!provenance.location().equals(location)) {
            location = provenance.location();
            locationOrigin = origin.place(ContainerLogPath.place(location));
        }
        return locationOrigin;
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

    /**
     * Reads what a container wrote.
     *
     * @param doubtful whether it may be another container's than the origin tells
     * @see Document#unwrapOutput
     */
    boolean output(RecordBytes output, boolean doubtful, Document document) {
        if (takesOutputAsText() || document.depth() > MAX_DEPTH) {
            return false;
        }
        byte[] bytes = output.bytes();
        int start = JsonScanner.skipSpace(bytes, output.start(), output.end());
        int end = output.end();
        while (end > start && JsonScanner.isSpace(bytes[end - 1])) {
            end--;
        }
        RecordBytes content = new RecordBytes(bytes, start, end, output.cut(), output.origin());
        Format format = start == end ? null : ofOutput(content);
        if (format == null || !believed(content.origin(), doubtful, format)) {
            if (name != null) {
                // Another container's line, or one of text: nothing is wrong with it.
                document.skip("other-format");
            }
            return name != null;
        }
        format.decode(content, document);
        return true;
    }

    /** Whether all that containers write is text. */
    boolean takesOutputAsText() {
        return Source.CONTAINER_LOG.id().equals(name);
    }

    /** The format of what is one record of it and nothing else: a second line could be anything, and would be believed as well. */
    @Nullable
    Format ofOutput(RecordBytes content) {
        byte first = content.bytes()[content.start()];
        if (first == '{') {
            Format format = bySignature(content);
            int close = JsonScanner.valueEndInLine(content.bytes(), content.start(), content.end());
            boolean one = close == content.end() || close == JsonScanner.CUT;
            return one ? format : null;
        }
        for (Format candidate : formats) {
            if (candidate.role() != Format.Role.ENVELOPE && candidate.readsText() && candidate.claimsLine(content)) {
                boolean several = candidate.spansLines() && candidate.role() == Format.Role.RECORD;
                return several || lineEnd(content) == content.end() ? candidate : null;
            }
        }
        return null;
    }

    boolean believed(Origin from, boolean doubtful, Format format) {
        if (doubtful) {
            // What it holds would be believed on the word of nobody.
            return format.fromAnyContainer() && format.role() == Format.Role.RECORD;
        }
        return from.place().pod() == null
                || format.fromAnyContainer()
                || platform.contains(from.place().namespace());
    }

    /** Reads one object, array or line and returns where it ends: always behind where it starts. */
    private int next(RecordBytes rest, Document document) {
        byte first = rest.bytes()[rest.start()];
        if (first == '{') {
            return object(rest, document);
        }
        if (first == '[') {
            // Of thousands of short arrays in a row, none is worth a look at all that follows.
            Format format = ofLine(rest.to(endOfClaim(rest)));
            return format == null ? array(rest, document) : line(format, rest, document);
        }
        return line(ofLine(rest), rest, document);
    }

    static int endOfClaim(RecordBytes rest) {
        return Math.min(rest.end(), rest.start() + LONGEST_CLAIM);
    }

    private int object(RecordBytes rest, Document document) {
        Format format = ofObject(rest);
        if (format != null) {
            return format.decode(rest, document);
        }
        int end = JsonScanner.valueEndInLine(rest.bytes(), rest.start(), rest.end());
        RecordBytes object = rest.to(end == JsonScanner.CUT ? rest.end() : end);
        document.deadLetter(object, unknown(object));
        return object.end();
    }

    /** The format of the object that starts here, null if it is none's. */
    @Nullable
    Format ofObject(RecordBytes object) {
        Format format = bySignature(object);
        if (format == null) {
            format = weakSignatures.find(object.bytes(), object.start(), object.end());
        }
        if (format == null) {
            format = named != null ? named : ofStream(object.origin());
        }
        return format;
    }

    /** The format whose members the object has; that of the record it was merged into, if it was. */
    private @Nullable Format bySignature(RecordBytes object) {
        Format usual = signatures.ofStart(object.bytes(), object.start(), object.end());
        if (usual != null) {
            return usual;
        }
        Format format = signatures.find(object.bytes(), object.start(), object.end());
        if (format != null && format.role() != Format.Role.CONTAINER_OUTPUT) {
            for (Format candidate : formats) {
                if (candidate.holdsMerged(object)) {
                    return candidate;
                }
            }
        }
        return format;
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
            Format format = rest.bytes()[element.start()] == '[' ? ofArray(element) : null;
            if (rest.bytes()[element.start()] == '{') {
                object(element, document);
            } else if (format != null) {
                format.decode(element, document);
            } else {
                document.deadLetter(element, unknown(element));
            }
        }
        if (!any && close == JsonScanner.CUT) {
            document.deadLetter(rest, unknown(rest));
        }
        return end;
    }

    /** The envelope that an array within an array is. */
    private @Nullable Format ofArray(RecordBytes array) {
        for (Format candidate : formats) {
            if (candidate.role() == Format.Role.ENVELOPE && candidate.claimsLine(array)) {
                return candidate;
            }
        }
        return null;
    }

    private int line(@Nullable Format format, RecordBytes rest, Document document) {
        int end = lineEnd(rest);
        RecordBytes line =
                end == rest.end() ? rest : new RecordBytes(rest.bytes(), rest.start(), end, false, rest.origin());
        if (format == null || !format.readsText()) {
            document.deadLetter(line, unknown(line));
            return end;
        }
        if (format.spansLines()) {
            return Math.max(format.decode(rest, document), rest.start() + 1);
        }
        format.decode(line, document);
        return end;
    }

    /** The format of the line that starts here: the one that claims it, else the one that was named or that the stream names. */
    @Nullable
    Format ofLine(RecordBytes rest) {
        RecordBytes line = new RecordBytes(rest.bytes(), rest.start(), lineEnd(rest), rest.cut(), rest.origin());
        for (Format candidate : formats) {
            if (candidate.claimsLine(line)) {
                return candidate;
            }
        }
        if (rest.bytes()[rest.start()] == '[') {
            return null;
        }
        return named != null && named.readsText() ? named : ofStream(rest.origin());
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
        return name == null ? "no known log format: " + excerpt : notA(name) + excerpt;
    }

    private static String notA(String format) {
        return ("aeiou".indexOf(format.charAt(0)) < 0 ? "not a " : "not an ") + format + " record: ";
    }

    private static int lineEnd(RecordBytes rest) {
        return StringEnds.newline(rest.bytes(), rest.start(), rest.end());
    }
}
