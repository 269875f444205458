package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.Framing;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.StringEnds;
import io.tocsin.job.decode.ToldTimes;
import java.util.List;

/**
 * Container logs of containerd and CRI-O. Lines that the runtime split are put together again; what is left open where a document
 * ends is a record of its own, cut.
 */
public final class CriFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new CriFormat(options);
        }

        @Override
        public Framing framing() {
            return new PartsFraming(new CriLine());
        }
    }

    private static final String STDOUT = "stdout";
    private static final String STDERR = "stderr";

    private final CriLine line = new CriLine();
    private final ContainerOutput output = new ContainerOutput();
    private final int maxRecordBytes;

    CriFormat(DecoderOptions options) {
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public String name() {
        return Source.CONTAINER_LOG.id();
    }

    @Override
    public Role role() {
        return Role.CONTAINER_OUTPUT;
    }

    @Override
    public About about() {
        return new About(
                "container logs of containerd and CRI-O, split lines joined",
                "an RFC 3339 time, stdout or stderr, and F or P in front of a line",
                "the pod, unless the file's path or a collector tells it");
    }

    @Override
    public boolean claimsLine(RecordBytes record) {
        return line.read(record.bytes(), record.start(), record.end());
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean spansLines() {
        return true;
    }

    @Override
    public boolean fromAnyContainer() {
        return true;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        int end = lineEnd(record, record.start());
        int to = Documents.withoutReturn(bytes, record.start(), end);
        RecordBytes whole = record.to(to);
        if (!line.read(bytes, record.start(), to)) {
            document.deadLetter(whole, "not a CRI line: " + Excerpt.of(bytes, record.start(), to));
            return end;
        }
        Part part = part(bytes, to);
        if (part.time() == null) {
            document.deadLetter(whole, "time must be an RFC 3339 time: " + Excerpt.of("\"" + part.timeText() + "\""));
            return end;
        }
        if (line.partial()) {
            return parts(record, document);
        }
        boolean cut = (record.cut() && end == record.end()) || to - record.start() > maxRecordBytes;
        hand(part, stream(), cut, whole, document);
        return end;
    }

    /** Reads from the first part of a split line to where no line is open any more. */
    private int parts(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        OpenParts open = new OpenParts();
        int start = record.start();
        int end = lineEnd(record, start);
        PartsFraming framing = new PartsFraming(new CriLine());
        framing.opens(bytes, start, Documents.withoutReturn(bytes, start, end));
        Framing.Next next = Framing.Next.MORE;
        while (true) {
            int to = Documents.withoutReturn(bytes, start, end);
            if (JsonScanner.skipSpace(bytes, start, to) < to && line.read(bytes, start, to)) {
                Part part = part(bytes, to);
                String stream = stream();
                if (line.partial()) {
                    open.add(stream, part);
                } else {
                    List<Part> parts = open.close(stream, part);
                    boolean cut = (record.cut() && end == record.end()) || Part.length(parts) > maxRecordBytes;
                    hand(Part.join(parts, maxRecordBytes), stream, cut, record.to(end), document);
                }
            }
            if (next == Framing.Next.LAST || end == record.end()) {
                break;
            }
            int following = lineEnd(record, end + 1);
            next = framing.next(bytes, end + 1, Documents.withoutReturn(bytes, end + 1, following));
            if (next == Framing.Next.BEYOND) {
                break;
            }
            start = end + 1;
            end = following;
        }
        RecordBytes all = record.to(end);
        open.rest().forEach((stream, parts) -> hand(Part.join(parts, maxRecordBytes), stream, true, all, document));
        return end;
    }

    private Part part(byte[] bytes, int to) {
        String text = line.timeText();
        return new Part(Rfc3339.parse(text), text, bytes, line.message(), to);
    }

    private String stream() {
        return line.error() ? STDERR : STDOUT;
    }

    private void hand(Part part, String stream, boolean cut, RecordBytes envelope, Document document) {
        RecordBytes written = new RecordBytes(
                part.bytes(),
                part.from(),
                part.to(),
                cut,
                ContainerOutput.at(envelope.origin(), part.time(), part.timeText(), stream));
        output.hand(written, false, null, envelope, document);
    }

    private static int lineEnd(RecordBytes record, int from) {
        for (int i = from; i < record.end(); i++) {
            if (record.bytes()[i] == '\n') {
                return i;
            }
        }
        return record.end();
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        byte[] bytes = record.bytes();
        int start = record.start();
        boolean whole = StringEnds.newline(bytes, start, record.end()) == record.end()
                && line.read(bytes, start, record.end())
                && !line.partial();
        long written = whole ? line.millis() : DocumentDecoder.UNTOLD;
        if (written == DocumentDecoder.UNTOLD) {
            return written;
        }
        RecordBytes output = new RecordBytes(bytes, line.message(), record.end(), false, record.origin());
        return times.ofOutput(output, written, true);
    }
}
