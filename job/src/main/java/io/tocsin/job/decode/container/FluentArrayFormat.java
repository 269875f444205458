package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Records of Fluent Bit and Fluentd with their time in front: {@code [time, {…}]}, {@code [[time, {…}], {…}]}. */
public final class FluentArrayFormat extends CollectorFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new FluentArrayFormat(options, values);
        }
    }

    private static final int LONGEST_TIME = 40;

    private FluentArrayFormat(DecoderOptions options, JsonValues values) {
        super(options, values);
    }

    @Override
    public About about() {
        return new About(
                "records of Fluent Bit and Fluentd as [time, {…}] or [[time, {…}], {…}], a line each",
                "a number behind an opening bracket, or two of them, and an object behind it",
                "");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        byte[] bytes = line.bytes();
        if (bytes[line.start()] != '[') {
            return false;
        }
        int at = JsonScanner.skipSpace(bytes, line.start() + 1, line.end());
        if (at < line.end() && bytes[at] == '[') {
            at = JsonScanner.skipSpace(bytes, at + 1, line.end());
        }
        int digits = at;
        while (at < line.end() && at - digits < LONGEST_TIME && (isDigit(bytes[at]) || bytes[at] == '.')) {
            at++;
        }
        if (at == digits) {
            return false;
        }
        at = JsonScanner.skipSpace(bytes, at, line.end());
        at = at < line.end() && bytes[at] == ',' ? JsonScanner.skipSpace(bytes, at + 1, line.end()) : line.end();
        return at < line.end() && bytes[at] == '{';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        JsonElements elements = new JsonElements(bytes, record.start(), record.end());
        CollectedRecord.Time time = null;
        if (elements.next()) {
            int first = elements.start();
            int end = elements.end();
            JsonElements inside = new JsonElements(bytes, first, end);
            time = bytes[first] == '[' && inside.next()
                    ? time(bytes, inside.start(), inside.end())
                    : time(bytes, first, end);
        }
        boolean object = elements.next() && bytes[elements.start()] == '{';
        if (time == null || !object) {
            document.deadLetter(record, "not a time and an object: " + Excerpt.of(bytes, record.start(), record.end()));
            return record.end();
        }
        RecordBytes inner = new RecordBytes(bytes, elements.start(), elements.end(), record.cut(), record.origin());
        object(inner, time, document);
        return record.end();
    }

    private static CollectedRecord.@Nullable Time time(byte[] bytes, int start, int end) {
        String text = new String(bytes, start, Math.min(end - start, LONGEST_TIME), StandardCharsets.US_ASCII);
        Instant time = Moment.of(text);
        return time == null ? null : new CollectedRecord.Time(time, text);
    }
}
