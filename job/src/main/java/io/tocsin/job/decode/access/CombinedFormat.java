package io.tocsin.job.decode.access;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.Times;
import io.tocsin.job.decode.ToldTimes;
import java.time.Instant;

/** Lines that start as the common log format does: nginx, Apache, ingress-nginx, Traefik. */
public final class CombinedFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new CombinedFormat(options, values);
        }
    }

    private final AccessEvents events;
    private final AccessRecord told = new AccessRecord();

    CombinedFormat(DecoderOptions options, JsonValues values) {
        this.events = new AccessEvents(options, values);
    }

    @Override
    public String name() {
        return Source.ACCESS_LOG.id();
    }

    @Override
    public About about() {
        return new About(
                "ingress-nginx, nginx, Apache and Traefik lines: common, combined, main, with a virtual host in front",
                "client - user [day/Month/year:time zone] and a quote",
                "fractions of a second; the peer behind Traefik's trusted proxies, which its lines leave out");
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
        return CommonLogHead.timeOf(line) >= 0;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        int limit = events.limit(record);
        told.clear();
        told.truncated = record.cut() || limit < record.end();
        try {
            read(record.to(limit));
            events.hand(told, record, document);
        } catch (BadRecord e) {
            document.deadLetter(record, e.reason());
        }
        return record.end();
    }

    private void read(RecordBytes record) throws BadRecord {
        byte[] bytes = record.bytes();
        int time = CommonLogHead.timeOf(record);
        if (time < 0) {
            throw new BadRecord("cut off before the request: " + Excerpt.of(bytes, record.start(), record.end()));
        }
        int request = time + CommonLogHead.TIME_LENGTH + 1;
        String timeText = timeText(bytes, time);
        told.time = Times.clf(timeText);
        if (told.time == null) {
            throw new BadRecord("time must be such as 10/Oct/2000:13:55:36 -0700: " + Excerpt.of(timeText));
        }
        head(CommonLogHead.of(Texts.lenient(bytes, record.start(), time)));
        String text = Texts.lenient(bytes, request, record.end());
        int traefik = CommonLogTail.traefik(text);
        if (traefik < 0) {
            CommonLogTail.escaped(text, told, new ForwardedChain(events.network(record)));
            return;
        }
        CommonLogTail.ofTraefik(text, traefik, told);
        if (CommonLogHead.nextTime(bytes, request, record.end()) >= 0) {
            // Either a user name or a header was made to look like a line of its own.
            told.reason = CommonLogTail.AMBIGUOUS;
        }
    }

    private static String timeText(byte[] bytes, int at) {
        return Texts.lenient(bytes, at + 1, at + CommonLogHead.TIME_LENGTH - 1);
    }

    private void head(CommonLogHead head) {
        if (head.client().indexOf(',') < 0) {
            told.direct = head.client();
        } else {
            told.forwarded = head.client();
        }
        told.host = head.host();
        told.user = head.user();
        told.hearsay = head.hearsay();
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        RecordBytes head = record.to(events.limit(record));
        int at = CommonLogHead.timeOf(head);
        Instant time = at < 0 ? null : Times.clf(timeText(head.bytes(), at));
        return time == null ? DocumentDecoder.UNTOLD : time.toEpochMilli();
    }
}
