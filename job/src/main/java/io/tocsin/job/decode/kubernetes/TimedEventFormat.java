package io.tocsin.job.decode.kubernetes;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An Event with the time at which Fluent Bit read it: {@code [1769248800.5, {…}]}, newer {@code [[1769248800.5, {}], {…}]}. */
public final class TimedEventFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new TimedEventFormat(new KubernetesEventFormat(options, values));
        }
    }

    private static final int LONGEST_TIME = 40;

    private final KubernetesEventFormat events;

    TimedEventFormat(KubernetesEventFormat events) {
        this.events = events;
    }

    @Override
    public String name() {
        return Source.KUBERNETES_EVENT.id();
    }

    @Override
    public About about() {
        return new About(
                "Events as Fluent Bit's kubernetes_events prints them, behind the time",
                "an array of a number and an object with involvedObject or regarding",
                "");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        RecordBytes object = startsWithTime(line) ? object(line) : null;
        return object != null && ApiObjects.isAboutAnObject(object);
    }

    private static boolean startsWithTime(RecordBytes line) {
        byte[] bytes = line.bytes();
        int at = line.start();
        int brackets = 0;
        while (at < line.end() && bytes[at] == '[' && brackets < 2) {
            at = JsonScanner.skipSpace(bytes, at + 1, line.end());
            brackets++;
        }
        return brackets > 0 && at < line.end() && bytes[at] >= '0' && bytes[at] <= '9';
    }

    @Override
    public int decode(RecordBytes line, Document document) {
        RecordBytes object = object(line);
        if (object == null) {
            String given = Excerpt.of(line.bytes(), line.start(), line.end());
            document.deadLetter(line, "not a kubernetes-event record: " + given);
        } else {
            events.decode(object, document);
        }
        return line.end();
    }

    /** The object behind the time; null if this is something else. */
    private static @Nullable RecordBytes object(RecordBytes line) {
        byte[] bytes = line.bytes();
        JsonElements elements = new JsonElements(bytes, line.start(), line.end());
        if (!elements.next() || elements.cut()) {
            return null;
        }
        Instant time = time(bytes, elements.start(), elements.end());
        if (time == null || !elements.next() || bytes[elements.start()] != '{') {
            return null;
        }
        Origin origin = line.origin().at(time, line.origin().position());
        return new RecordBytes(bytes, elements.start(), elements.end(), elements.cut(), origin);
    }

    private static @Nullable Instant time(byte[] bytes, int start, int end) {
        int from = start;
        int to = end;
        if (bytes[from] == '[') {
            from = JsonScanner.skipSpace(bytes, from + 1, end);
            to = JsonScanner.valueEnd(bytes, from, end);
        }
        return to <= from || to - from > LONGEST_TIME
                ? null
                : Times.seconds(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    }
}
