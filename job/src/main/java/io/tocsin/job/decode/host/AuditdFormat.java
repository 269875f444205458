package io.tocsin.job.decode.host;

import com.google.auto.service.AutoService;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.Framing;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.StringEnds;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.Times;
import io.tocsin.job.decode.ToldTimes;
import io.tocsin.network.Networks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of auditd. The lines of one serial are one record and one event, also where those of others stand among them.
 *
 * <p>Of the verb {@code login} is USER_LOGIN alone, which sshd and login write once for each attempt; what PAM adds about the same
 * has the verb of its type: {@code user-auth}, {@code user-acct}, {@code cred-acq}. Who did it is whoever logged in first, also
 * after su and sudo: the login uid.
 */
public final class AuditdFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new AuditdFormat(options);
        }

        @Override
        public Framing framing() {
            return new AuditdFraming();
        }
    }

    private final Networks networks;
    private final int maxRecordBytes;
    private final Framing framing = new AuditdFraming();
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    AuditdFormat(DecoderOptions options) {
        this.networks = options.networks();
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public String name() {
        return Source.AUDITD.id();
    }

    @Override
    public About about() {
        return new About(
                "the log of auditd, raw or enriched; the lines of one serial are one record",
                "type= and msg=audit( in front, perhaps a node= before",
                "arguments and files, where a collector hands on each line by itself: the lines that have them are skipped"
                        + " as auxiliary-record");
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
    public boolean claimsLine(RecordBytes line) {
        return AuditdLine.claims(line.bytes(), line.start(), line.end());
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        List<AuditdEvent> events = new ArrayList<>();
        List<RecordBytes> firstLines = new ArrayList<>();
        List<RecordBytes> allLines = new ArrayList<>();
        AuditdEvent last = null;
        boolean tooLong = false;
        int start = record.start();
        int end = start;
        boolean more = true;
        while (more && start < record.end()) {
            int lineEnd = Texts.lineEnd(new RecordBytes(bytes, start, record.end(), false, record.origin()));
            int to = Documents.withoutReturn(bytes, start, lineEnd);
            if (end == record.start()) {
                more = framing.opens(bytes, start, to);
            } else {
                Framing.Next next = framing.next(bytes, start, to);
                if (next == Framing.Next.BEYOND) {
                    break;
                }
                more = next == Framing.Next.MORE;
            }
            end = lineEnd;
            AuditdLine line = AuditdLine.of(bytes, start, to);
            if (line == null) {
                boolean cut = record.cut() && lineEnd == record.end();
                document.deadLetter(
                        record.to(lineEnd),
                        (cut ? "cut off inside its head: " : "msg must be audit(time:serial): ")
                                + Excerpt.of(bytes, start, to));
                return lineEnd;
            }
            int limit = (int) Math.min(to, (long) start + maxRecordBytes);
            tooLong |= limit < to;
            last = of(line, events);
            if (last == null) {
                last = new AuditdEvent(line);
                events.add(last);
                firstLines.add(new RecordBytes(bytes, start, to, false, record.origin()));
                allLines.add(firstLines.get(firstLines.size() - 1));
            } else {
                int known = events.indexOf(last);
                allLines.set(known, allLines.get(known).to(to));
            }
            last.add(
                    line,
                    content(bytes, line.start(), limit),
                    Texts.lenient(bytes, Math.min(line.body(), limit), limit));
            start = lineEnd + 1;
        }
        for (int i = 0; i < events.size(); i++) {
            boolean cut = tooLong || (record.cut() && end == record.end() && events.get(i) == last);
            hand(events.get(i), firstLines.get(i), allLines.get(i), cut, document);
        }
        return end;
    }

    private static @Nullable AuditdEvent of(AuditdLine line, List<AuditdEvent> events) {
        for (AuditdEvent known : events) {
            if (known.first().isOf(line)) {
                return known;
            }
        }
        return null;
    }

    /** A line as it was before auditd put names for numbers at its end. */
    private static String content(byte[] bytes, int from, int to) {
        String all = Texts.lenient(bytes, from, to);
        int enriched = all.indexOf(AuditdFields.ENRICHED);
        return enriched < 0 ? all : all.substring(0, enriched);
    }

    private void hand(AuditdEvent told, RecordBytes firstLine, RecordBytes allLines, boolean cut, Document document) {
        if (told.isAuxiliary()) {
            document.skip("auxiliary-record");
            return;
        }
        try {
            Instant time = Times.seconds(told.first().time());
            Document.begin(event, Source.AUDITD, document.timeOf(firstLine, time, cut), firstLine);
            event.truncated = cut;
            event.place =
                    firstLine.origin().place().or(Place.onNode(told.first().node()));
            told.tell(event, networks.of(event.cluster));
            document.event(event, allLines);
        } catch (BadRecord e) {
            document.deadLetter(firstLine, e.reason());
        }
    }

    /** The lines of one event have one time; of several, some may be skipped. */
    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        byte[] bytes = record.bytes();
        String told = null;
        int start = record.start();
        while (start < record.end()) {
            int end = StringEnds.newline(bytes, start, record.end());
            AuditdLine line = AuditdLine.of(bytes, start, Documents.withoutReturn(bytes, start, end));
            if (line == null || (told != null && !told.equals(line.time()))) {
                return DocumentDecoder.UNTOLD;
            }
            told = line.time();
            start = end + 1;
        }
        Instant time = told == null ? null : Times.seconds(told);
        return time == null ? DocumentDecoder.UNTOLD : time.toEpochMilli();
    }
}
