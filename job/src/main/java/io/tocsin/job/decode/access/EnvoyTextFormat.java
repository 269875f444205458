package io.tocsin.job.decode.access;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ToldTimes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Envoy's text: its default, and the longer one of Istio. */
public final class EnvoyTextFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new EnvoyTextFormat(options, values);
        }
    }

    private static final int LONGEST_TIME = 40;

    private final AccessEvents events;
    private final AccessRecord told = new AccessRecord();

    EnvoyTextFormat(DecoderOptions options, JsonValues values) {
        this.events = new AccessEvents(options, values);
    }

    @Override
    public String name() {
        return Source.ACCESS_LOG.id();
    }

    @Override
    public About about() {
        return new About(
                "Envoy's default text and Istio's longer one",
                "an RFC 3339 time in brackets and a quote",
                "in the default one who connected: the last forwarded address is taken, which Envoy only appends with "
                        + "use_remote_address; header values that hold quotes");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean fromAnyContainer() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        int close = timeEnd(line);
        return close > 0
                && close + 2 < line.end()
                && line.bytes()[close + 1] == ' '
                && line.bytes()[close + 2] == '"'
                && time(line, close) != null;
    }

    /** Where the bracket closes that the line starts with, -1 if it is none around a time. */
    private static int timeEnd(RecordBytes line) {
        byte[] bytes = line.bytes();
        int to = Math.min(line.end(), line.start() + LONGEST_TIME);
        if (bytes[line.start()] != '[' || line.start() + 12 > to || bytes[line.start() + 11] != 'T') {
            return -1;
        }
        for (int i = line.start() + 12; i < to; i++) {
            if (bytes[i] == ']') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Instant time(RecordBytes line, int close) {
        return Rfc3339.parse(
                new String(line.bytes(), line.start() + 1, close - line.start() - 1, StandardCharsets.ISO_8859_1));
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        int limit = events.limit(record);
        told.clear();
        told.truncated = record.cut() || limit < record.end();
        try {
            int close = timeEnd(record);
            told.time = time(record, close);
            EnvoyLine.read(Texts.lenient(record.bytes(), Math.min(close + 2, limit), limit), told);
            events.hand(told, record, document);
        } catch (BadRecord e) {
            document.deadLetter(record, e.reason());
        }
        return record.end();
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        int close = timeEnd(record);
        return close < 0 ? DocumentDecoder.UNTOLD : Rfc3339.millis(record.bytes(), record.start() + 1, close);
    }
}
