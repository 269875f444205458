package io.tocsin.job.decode.container;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ValueReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Hands on what a container wrote: as a record of the format it is of if that may be believed, else as text. */
final class ContainerOutput {
    /** No character takes more bytes. */
    private static final int MESSAGE_BYTES = 4 * ValueReader.LONG;

    private final SecurityEvent.Builder event = SecurityEvent.builder();

    /** The origin of what was written at a time on a stream, by a pod that is known already. */
    static Origin at(Origin origin, @Nullable Instant time, @Nullable String timeText, @Nullable String stream) {
        if (time == null || timeText == null) {
            return origin;
        }
        // Two pods may write the same at the same time.
        String position = timeText + ' ' + stream + ' ' + origin.place().pod();
        return origin.at(time, position);
    }

    /**
     * Hands it on.
     *
     * @param output what the container wrote, with its place, time and position
     * @param doubtful whether it may be another container's than its place tells
     * @param level how grave the collector says it is
     * @param envelope what it came in, for a dead letter
     */
    void hand(RecordBytes output, boolean doubtful, @Nullable String level, RecordBytes envelope, Document document) {
        boolean read = doubtful ? document.unwrapDoubtful(output) : document.unwrapOutput(output);
        if (read) {
            return;
        }
        try {
            Instant time = document.timeOf(output, null, output.cut());
            String message = message(output);
            Document.begin(event, Source.CONTAINER_LOG, time, output);
            event.message = message == null ? null : JsonValues.cut(message, ValueReader.LONG);
            event.level = level(level, message);
            event.truncated = output.cut();
        } catch (BadRecord e) {
            document.deadLetter(envelope, e.reason());
            return;
        }
        document.event(event, output);
    }

    private static @Nullable String level(@Nullable String told, @Nullable String message) {
        if (told != null) {
            return Levels.known(told);
        }
        return message == null ? null : Levels.of(message);
    }

    private static @Nullable String message(RecordBytes output) {
        int end = output.end();
        while (end > output.start() && (output.bytes()[end - 1] == '\n' || output.bytes()[end - 1] == '\r')) {
            end--;
        }
        return end == output.start()
                ? null
                : Texts.lenient(output.bytes(), output.start(), Math.min(end, output.start() + MESSAGE_BYTES));
    }
}
