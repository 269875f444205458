package io.tocsin.job.decode.container;

import static io.tocsin.job.decode.DocumentDecoder.UNTOLD;

import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.StringText;
import io.tocsin.job.decode.ToldTimes;
import java.time.Instant;

/**
 * The time of a collector's record by its members, where these leave no doubt which member is the time and which what the container
 * wrote: {@link CollectedRecord} says how the others are told.
 */
final class CollectedTime {
    private static final byte[] LOG = ObjectOutline.name("log");
    private static final byte[] MESSAGE = ObjectOutline.name("message");
    /** Other members that what the container wrote may stand in. */
    private static final byte[][] OTHER_OUTPUT =
            ObjectOutline.names("body", "body.stringValue", "structured", "MESSAGE");

    private static final byte[] DATE = ObjectOutline.name("date");
    private static final byte[] AT_TIMESTAMP = ObjectOutline.name("@timestamp");
    /** Of these the first depends on the collector. */
    private static final byte[][] TIMES = ObjectOutline.names("time", "timestamp", "timeUnixNano");

    private static final byte[][] DOCKER = ObjectOutline.names("log", "stream", "time", "attrs");

    private final StringText output = new StringText();

    /** See {@link io.tocsin.job.decode.Format#toldTime}. */
    long of(RecordBytes record, ToldTimes times) {
        ObjectOutline outline = times.outline();
        int text = text(outline);
        long written = text < 0 ? UNTOLD : written(outline);
        if (written == UNTOLD || !output.read(record.bytes(), text, record.end())) {
            return UNTOLD;
        }
        int length = output.length();
        boolean line = length > 0 && output.bytes()[length - 1] == '\n';
        if (!line && outline.hasOnly(DOCKER)) {
            // A part of a line that Docker split.
            return UNTOLD;
        }
        return times.ofOutput(new RecordBytes(output.bytes(), 0, length, false, record.origin()), written, false);
    }

    /** Where the text stands that the container wrote, negative if that is not clear. */
    private static int text(ObjectOutline outline) {
        for (byte[] other : OTHER_OUTPUT) {
            if (outline.find(other) != ObjectOutline.NONE) {
                return ObjectOutline.UNCLEAR;
            }
        }
        int log = outline.find(LOG);
        int message = outline.find(MESSAGE);
        if (outline.isText(log) == outline.isText(message) || outline.isNull(log) || outline.isNull(message)) {
            return ObjectOutline.UNCLEAR;
        }
        return outline.isText(log) ? log : message;
    }

    private static long written(ObjectOutline outline) {
        int value = outline.find(DATE);
        value = value == ObjectOutline.NONE ? outline.find(AT_TIMESTAMP) : value;
        if (value == ObjectOutline.NONE) {
            for (byte[] name : TIMES) {
                int other = outline.find(name);
                if (other != ObjectOutline.NONE && value != ObjectOutline.NONE) {
                    return UNTOLD;
                }
                value = other == ObjectOutline.NONE ? value : other;
            }
        }
        String text = outline.scalar(value);
        Instant time = text == null ? null : Moment.of(text);
        return time == null ? UNTOLD : time.toEpochMilli();
    }
}
