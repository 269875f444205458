package io.tocsin.job.decode.container;

import io.tocsin.event.Place;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.Framing;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ToldTimes;
import io.tocsin.job.decode.container.CollectorMembers.Member;
import io.tocsin.network.Networks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object around what a container, or a file of a node, wrote. They are all read alike, since their shapes mix: Docker's
 * line within a collector's record, one collector behind another. What tells them apart is where they are described.
 */
abstract class CollectorFormat implements Format {
    /** Docker splits lines here; a shorter one without its end is the last that a program wrote. */
    private static final int DOCKER_PART_BYTES = 16_000;

    private final CollectedRecordReader reader;
    private final ContainerOutput output = new ContainerOutput();
    private final CollectedTime time = new CollectedTime();
    private final Networks networks;
    private final int maxRecordBytes;

    CollectorFormat(DecoderOptions options, JsonValues values) {
        this.reader = new CollectedRecordReader(options, values);
        this.networks = options.networks();
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public final String name() {
        return Source.CONTAINER_LOG.id();
    }

    @Override
    public final Role role() {
        return Role.CONTAINER_OUTPUT;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        return object(record, null, document);
    }

    /**
     * Reads the object at the record's start.
     *
     * @param time when the collector says it was written, outside the object
     */
    final int object(RecordBytes record, CollectedRecord.@Nullable Time time, Document document) {
        CollectedRecord read = reader.read(record);
        int lineEnd = lineEnd(record, read.end());
        if (isOpenPart(read) && JsonScanner.skipSpace(record.bytes(), read.end(), lineEnd) == lineEnd) {
            PartsFraming framing = new PartsFraming(new DockerLine());
            if (framing.opens(record.bytes(), record.start(), read.end())) {
                return parts(record, framing, lineEnd, document);
            }
        }
        hand(record, read, time, document);
        return read.end();
    }

    private static boolean isOpenPart(CollectedRecord read) {
        String log = read.text(Member.LOG);
        return read.docker() && read.flaw() == null && !read.truncated() && log != null && !log.endsWith("\n");
    }

    /** Reads from the first part of a line that Docker split to where no line is open any more. */
    private int parts(RecordBytes record, PartsFraming framing, int firstEnd, Document document) {
        byte[] bytes = record.bytes();
        OpenParts open = new OpenParts();
        int start = record.start();
        int end = firstEnd;
        Framing.Next next = Framing.Next.MORE;
        while (true) {
            int first = JsonScanner.skipSpace(bytes, start, end);
            if (first < end) {
                part(
                        new RecordBytes(bytes, first, end, record.cut() && end == record.end(), record.origin()),
                        open,
                        document);
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
        open.rest().forEach((stream, parts) -> rest(stream, parts, all, document));
        return end;
    }

    private void part(RecordBytes line, OpenParts open, Document document) {
        CollectedRecord read = reader.read(line);
        String stream = String.valueOf(read.text(Member.STREAM));
        String log = read.text(Member.LOG);
        CollectedRecord.Time time = null;
        String flaw = read.flaw();
        try {
            time = read.time();
        } catch (BadRecord e) {
            flaw = flaw == null ? e.reason() : flaw;
        }
        if (flaw != null || log == null || time == null || read.truncated()) {
            hand(line, read, null, document);
            return;
        }
        byte[] text = log.getBytes(StandardCharsets.UTF_8);
        Part part = new Part(time.instant(), time.text(), text, 0, text.length);
        if (!log.endsWith("\n")) {
            open.add(stream, part);
            return;
        }
        if (isObject(part)) {
            // What was open before it may have been a program's last words, not the head of this.
            List<Part> before = open.take(stream);
            if (!before.isEmpty() && before.get(0).length() >= DOCKER_PART_BYTES) {
                before.forEach(one -> open.add(stream, one));
            } else {
                before.forEach(one -> whole(one, stream, false, line, document));
            }
        }
        List<Part> parts = open.close(stream, part);
        whole(Part.join(parts, maxRecordBytes), stream, Part.length(parts) > maxRecordBytes, line, document);
    }

    /** Whether it is one JSON object from its start to its end. */
    private static boolean isObject(Part part) {
        int start = JsonScanner.skipSpace(part.bytes(), part.from(), part.to());
        if (start == part.to() || part.bytes()[start] != '{') {
            return false;
        }
        int close = JsonScanner.valueEndInLine(part.bytes(), start, part.to());
        return close >= 0 && JsonScanner.skipSpace(part.bytes(), close, part.to()) == part.to();
    }

    /** What has no end: parts of one line if Docker split it, else lines from which somebody took the end. */
    private void rest(String stream, List<Part> parts, RecordBytes envelope, Document document) {
        if (parts.get(0).length() >= DOCKER_PART_BYTES) {
            whole(Part.join(parts, maxRecordBytes), stream, true, envelope, document);
            return;
        }
        for (Part part : parts) {
            whole(part, stream, false, envelope, document);
        }
    }

    private void whole(Part part, String stream, boolean cut, RecordBytes envelope, Document document) {
        Origin origin = ContainerOutput.at(envelope.origin(), part.time(), part.timeText(), stream);
        output.hand(
                new RecordBytes(part.bytes(), part.from(), part.to(), cut, origin), false, null, envelope, document);
    }

    private void hand(
            RecordBytes record, CollectedRecord read, CollectedRecord.@Nullable Time outer, Document document) {
        RecordBytes envelope = record.to(read.end());
        if (read.flaw() != null) {
            document.deadLetter(envelope, String.valueOf(read.flaw()));
            return;
        }
        try {
            CollectedRecord.Time time = outer;
            if (time == null) {
                time = read.time();
            }
            String text = read.output();
            Origin origin = origin(record.origin(), read);
            origin = ContainerOutput.at(
                    origin,
                    time == null ? null : time.instant(),
                    time == null ? null : time.text(),
                    read.text(Member.STREAM));
            // Cut before it named the pod, it may be any container's.
            boolean unnamed = read.truncated() && origin.place().pod() == null;
            boolean cut = read.truncated() || isDockerPart(read, text);
            RecordBytes written = text == null ? object(envelope, read, origin) : bytes(text, cut, origin);
            boolean doubtful = unnamed || read.doubtful(text);
            output.hand(written, doubtful, read.text(Member.LEVEL), envelope, document);
        } catch (BadRecord e) {
            document.deadLetter(envelope, e.reason());
        }
    }

    /** The origin with what the collector tells, unless the pod is known from outside. */
    private Origin origin(Origin outside, CollectedRecord read) {
        if (outside.place().pod() != null) {
            return outside;
        }
        Origin origin = outside.cluster(read.cluster());
        Place place = read.place(networks.of(origin.cluster()));
        return origin.place(place);
    }

    private static boolean isDockerPart(CollectedRecord read, @Nullable String text) {
        return read.docker() && text != null && !text.endsWith("\n") && text.length() >= DOCKER_PART_BYTES;
    }

    private static RecordBytes bytes(String text, boolean cut, Origin origin) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new RecordBytes(bytes, 0, bytes.length, cut, origin);
    }

    /** What the container wrote as JSON, which the collector keeps as an object or laid beside its own members. */
    private static RecordBytes object(RecordBytes envelope, CollectedRecord read, Origin origin) throws BadRecord {
        byte[] bytes = envelope.bytes();
        int[] object = read.outputObject();
        if (object != null) {
            return new RecordBytes(bytes, object[0], object[1], false, origin);
        }
        byte[] merged = MergedOutput.of(bytes, envelope.start(), envelope.end());
        if (merged == null) {
            throw new BadRecord("log and message are missing");
        }
        return new RecordBytes(merged, 0, merged.length, read.truncated(), origin);
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
        return record.bytes()[record.start()] == '{' ? time.of(record, times) : DocumentDecoder.UNTOLD;
    }
}
