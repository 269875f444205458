package io.tocsin.job.decode.host;

import com.google.auto.service.AutoService;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ToldTimes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of syslog: RFC 3164 with and without a priority, the same with an RFC 3339 time as rsyslog writes it, and RFC 5424. The
 * year of a time without one is that in which it was written.
 */
public final class SyslogFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new SyslogFormat(options, values);
        }
    }

    private static final byte[] VERSION = {'1', ' '};
    private static final int LONGEST_PRIORITY = 5;
    private static final int LONGEST_TIME = 40;

    private final HostMessages messages;
    private final ZoneId zone;
    private final int maxRecordBytes;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    SyslogFormat(DecoderOptions options, JsonValues values) {
        this.messages = new HostMessages(options, values);
        this.zone = options.zone(Source.SYSLOG);
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public String name() {
        return Source.SYSLOG.id();
    }

    @Override
    public About about() {
        return new About(
                "syslog lines: RFC 3164, RFC 5424, rsyslog with an RFC 3339 time; files and relays",
                "a priority or a time, a host and a program with a colon in front",
                "proof of the writer: any local user may log as sshd, so read the journal where there is one; and a year and"
                        + " a zone where the time is RFC 3164");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        byte first = line.bytes()[line.start()];
        boolean possible = first == '<' || (first >= '0' && first <= '9') || (first >= 'A' && first <= 'S');
        if (!possible || line.end() - line.start() < 16) {
            return false;
        }
        int end = Math.min(line.end(), line.start() + SyslogHeader.LONGEST);
        String head = new String(line.bytes(), line.start(), end - line.start(), StandardCharsets.ISO_8859_1);
        return SyslogHeader.of(head) != null;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        int limit = (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
        boolean truncated = record.cut() || limit < record.end();
        try {
            take(Texts.lenient(record.bytes(), record.start(), limit), truncated, record, document);
        } catch (BadRecord e) {
            document.deadLetter(record, e.reason());
        }
        return record.end();
    }

    private void take(String line, boolean truncated, RecordBytes record, Document document) throws BadRecord {
        SyslogHeader header = SyslogHeader.of(line);
        if (header == null) {
            throw new BadRecord("not a syslog record: " + Excerpt.of(line));
        }
        if (header.body() < 0 && !truncated) {
            throw new BadRecord("structured data don't end: " + Excerpt.of(line));
        }
        Document.begin(
                event, Source.SYSLOG, document.timeOf(record, time(header, record, document), truncated), record);
        event.truncated = truncated;
        event.place = record.origin().place().or(Place.onNode(header.host()));
        event.level = Severity.level(header.severity());
        event.process = HostProcess.named(header.program(), header.pid());
        String message = header.body() < 0 || header.body() >= line.length() ? "" : line.substring(header.body());
        messages.read(Program.named(header.program()), message, !truncated, event);
        document.event(event, record);
    }

    private @Nullable Instant time(SyslogHeader header, RecordBytes record, Document document) throws BadRecord {
        if (header.time() == null) {
            return null;
        }
        Instant time = header.instant(zone, document.written(record));
        if (time == null) {
            throw new BadRecord("time must be a day and a time of it: " + Excerpt.of("\"" + header.time() + "\""));
        }
        return time;
    }

    /** A time without a year is told by when the line was written. */
    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        byte[] bytes = record.bytes();
        int from = record.start();
        if (bytes[from] == '<') {
            int most = Math.min(record.end(), from + LONGEST_PRIORITY);
            while (from < most && bytes[from] != '>') {
                from++;
            }
            from++;
            from += startsWith(bytes, from, record.end(), VERSION) ? VERSION.length : 0;
        }
        int to = from;
        while (to < Math.min(record.end(), from + LONGEST_TIME) && bytes[to] != ' ') {
            to++;
        }
        return Rfc3339.millis(bytes, from, to);
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] text) {
        return to - from >= text.length && Arrays.equals(bytes, from, from + text.length, text, 0, text.length);
    }
}
