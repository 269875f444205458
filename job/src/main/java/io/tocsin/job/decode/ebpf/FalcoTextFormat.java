package io.tocsin.job.decode.ebpf;

import com.google.auto.service.AutoService;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ValueReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Falco's alerts as text: {@code 10:20:05.408091526: Warning Sensitive file opened ...}, or with a whole time in front. The rule's
 * output is free text in which whoever is watched chooses the values, so nothing is read out of it.
 *
 * <p>A time of day is that of the day on which the line was written as its envelope says, else of the last day on which the file
 * was: give files of several days with {@code time_format_iso_8601}, or as JSON.
 */
public final class FalcoTextFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new FalcoTextFormat(options);
        }
    }

    private static final List<String> PRIORITIES =
            List.of("Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug");
    private static final String MESSAGE = "message";
    /** {@code 10:20:05.408091526}. */
    private static final int TIME_OF_DAY = 18;
    /** {@code 2026-01-24T10:20:05}, and what may stand behind it. */
    private static final int SECONDS = 19;

    private static final int LONGEST_TIME = 40;
    /** A clock may be so much ahead of whoever wrote the line down before its time is taken for yesterday's. */
    private static final Duration AHEAD = Duration.ofMinutes(10);

    private final ZoneId zone;
    private final int maxRecordBytes;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    FalcoTextFormat(DecoderOptions options) {
        this.zone = options.zone(Source.FALCO);
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public String name() {
        return Source.FALCO.id();
    }

    @Override
    public About about() {
        return new About(
                "Falco's text alerts, on stdout or in a file",
                "a time of day with nine digits behind the dot or an ISO 8601 time, a colon and a priority",
                "rule, pod, process and file, which stand in free text; the date, unless an envelope tells it");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        return priority(line, colon(line)) != null;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        if (record.bytes()[record.start()] == '{') {
            int close = JsonScanner.valueEndInLine(record.bytes(), record.start(), record.end());
            RecordBytes object = record.to(close == JsonScanner.CUT ? record.end() : close);
            document.deadLetter(object, notFalco(object));
            return object.end();
        }
        int colon = colon(record);
        String priority = priority(record, colon);
        try {
            if (priority == null) {
                if (colon > 0 || isStartup(record)) {
                    document.skip(MESSAGE);
                    return record.end();
                }
                throw new BadRecord(notFalco(record));
            }
            alert(record, colon, priority, document);
        } catch (BadRecord e) {
            document.deadLetter(record, e.reason());
        }
        return record.end();
    }

    private static String notFalco(RecordBytes record) {
        return "not a falco record: " + Excerpt.of(record.bytes(), record.start(), record.end());
    }

    private void alert(RecordBytes record, int colon, String priority, Document document) throws BadRecord {
        String text = Texts.lenient(record.bytes(), record.start(), colon);
        Instant own = text.length() == TIME_OF_DAY ? onDay(text, document.written(record)) : dated(text);
        if (own == null) {
            throw new BadRecord("no time: " + Excerpt.of(text));
        }
        int from = colon + 2 + priority.length() + 1;
        int end = (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
        String message = Texts.lenient(record.bytes(), Math.min(from, end), end).trim();
        Document.begin(event, Source.FALCO, document.timeOf(record, own, false), record);
        // The envelopes tell of Falco's own pod.
        event.place = Place.onNode(record.origin().place().node());
        event.namespace = null;
        event.level = priority.toLowerCase(Locale.ROOT);
        event.message = message.isEmpty() ? null : JsonValues.cut(message, ValueReader.LONG);
        event.truncated = record.cut() || end < record.end();
        document.event(event, record);
    }

    /** Where the colon behind the time is; -1 if the line starts with no time. */
    private static int colon(RecordBytes line) {
        byte[] bytes = line.bytes();
        int start = line.start();
        int length = line.end() - start;
        if (length > TIME_OF_DAY + 1 && fits(bytes, start, "00:00:00.000000000:")) {
            return start + TIME_OF_DAY;
        }
        if (length <= SECONDS || !fits(bytes, start, "0000-00-00T00:00:00")) {
            return -1;
        }
        int limit = Math.min(line.end() - 1, start + LONGEST_TIME);
        for (int i = start + SECONDS; i < limit; i++) {
            if (bytes[i] == ':' && bytes[i + 1] == ' ') {
                return i;
            }
            boolean zoned = isDigit(bytes[i]) || ".+-Z:".indexOf(bytes[i]) >= 0;
            if (!zoned) {
                return -1;
            }
        }
        return -1;
    }

    private static @Nullable String priority(RecordBytes line, int colon) {
        if (colon < 0) {
            return null;
        }
        for (String priority : PRIORITIES) {
            int end = colon + 2 + priority.length();
            if (end < line.end()
                    && line.bytes()[end] == ' '
                    && Texts.startsWith(
                            new RecordBytes(line.bytes(), colon + 2, line.end(), false, line.origin()), priority)) {
                return priority;
            }
        }
        return null;
    }

    /** Whether Falco tells of itself: {@code Thu Jan  4 10:20:05 2026: Falco version: ...}. */
    private static boolean isStartup(RecordBytes line) {
        return line.end() - line.start() > 26
                && fits(line.bytes(), line.start() + 10, " 00:00:00 0000: ")
                && line.bytes()[line.start() + 3] == ' '
                && line.bytes()[line.start() + 7] == ' ';
    }

    /** Whether there is a digit where the pattern has one, and the same byte everywhere else. */
    private static boolean fits(byte[] bytes, int start, String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            char expected = pattern.charAt(i);
            byte given = bytes[start + i];
            if (expected == '0' ? !isDigit(given) : given != expected) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static @Nullable Instant dated(String text) {
        int zoneAt = text.length() - 5;
        boolean bare = zoneAt > SECONDS && "+-".indexOf(text.charAt(zoneAt)) >= 0;
        // 2026-01-24T10:20:05.408091526+0000
        return Rfc3339.parse(bare ? text.substring(0, zoneAt + 3) + ":" + text.substring(zoneAt + 3) : text);
    }

    private @Nullable Instant onDay(String text, Instant written) {
        int hour = number(text, 0, 2);
        int minute = number(text, 3, 5);
        int second = number(text, 6, 8);
        if (hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        ZonedDateTime latest = written.plus(AHEAD).atZone(zone);
        LocalTime time = LocalTime.of(hour, minute, second, number(text, 9, TIME_OF_DAY));
        ZonedDateTime today = latest.toLocalDate().atTime(time).atZone(zone);
        ZonedDateTime last = today.isAfter(latest)
                ? latest.toLocalDate().minusDays(1).atTime(time).atZone(zone)
                : today;
        return last.toInstant();
    }

    private static int number(String digits, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + digits.charAt(i) - '0';
        }
        return number;
    }
}
