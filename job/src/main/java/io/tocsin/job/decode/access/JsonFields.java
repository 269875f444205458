package io.tocsin.job.decode.access;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Members of JSON access logs, whose names and types differ by who configured the log. */
final class JsonFields {
    private JsonFields() {}

    /** The first of these strings that is there and tells something: no {@code -}. */
    static @Nullable String text(Projection object, String... names) throws BadRecord {
        String first = null;
        for (String name : names) {
            // All of it: of a chain of addresses the end counts.
            String text = object.text(name, Integer.MAX_VALUE);
            first = first == null && text != null && !text.equals("-") ? text : first;
        }
        return first;
    }

    /** The first of these strings or numbers that is there and tells something. */
    static @Nullable String scalar(Projection object, String... names) throws BadRecord {
        String first = null;
        for (String name : names) {
            String text = object.scalar(name);
            first = first == null && text != null && !text.equals("-") ? text : first;
        }
        return first;
    }

    /** A status code, be it a number or a string. */
    static int code(Projection object, String name) throws BadRecord {
        return AccessEvents.code(name, scalar(object, name));
    }

    /** The first of these times that is there: RFC 3339, common log, or a number since 1970. */
    static @Nullable Instant time(Projection object, String... names) throws BadRecord {
        for (String name : names) {
            String text = scalar(object, name);
            if (text == null) {
                continue;
            }
            Instant time = time(text);
            if (time == null) {
                throw new BadRecord(name + " must be a time: " + Excerpt.of("\"" + text + "\""));
            }
            return time;
        }
        return null;
    }

    private static @Nullable Instant time(String text) {
        Instant time = Rfc3339.parse(text);
        time = time == null ? Times.clf(text) : time;
        return time == null ? Times.epoch(text) : time;
    }

    /** What {@link #time} will tell of an object with this outline, see {@link DocumentDecoder#toldTime}. */
    static long toldTime(ObjectOutline outline, byte[]... names) {
        for (byte[] name : names) {
            int value = outline.find(name);
            if (value == ObjectOutline.NONE || outline.isNull(value)) {
                continue;
            }
            String text = outline.scalar(value);
            if ("".equals(text) || "-".equals(text)) {
                continue;
            }
            Instant time = text == null ? null : time(text);
            return time == null ? DocumentDecoder.UNTOLD : time.toEpochMilli();
        }
        return DocumentDecoder.UNTOLD;
    }
}
