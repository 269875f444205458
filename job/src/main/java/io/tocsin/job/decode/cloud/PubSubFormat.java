package io.tocsin.job.decode.cloud;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.Compression;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages of Google Pub/Sub, pushed or pulled: base64 of what was published. */
public final class PubSubFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new PubSubFormat(options, values);
        }
    }

    PubSubFormat(DecoderOptions options, JsonValues values) {
        super(
                options.upTo(Document.MAX_INFLATED_BYTES),
                values,
                "receivedMessages",
                "message/data",
                "message/messageId",
                "message/message_id",
                "message/publishTime",
                "message/publish_time",
                "data",
                "messageId",
                "message_id",
                "publishTime",
                "publish_time");
    }

    @Override
    public String name() {
        return "pubsub";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About(
                "Pub/Sub messages as they are pushed, pulled or stored: base64 of what was published",
                "message with subscription or ackId; data with messageId; receivedMessages",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("message", "subscription"),
                Set.of("message", "ackId"),
                Set.of("data", "messageId"),
                Set.of("data", "message_id"),
                Set.of("receivedMessages"));
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        RecordBytes received = object.array("receivedMessages");
        if (received != null) {
            messages(received, document);
            return;
        }
        String data = first(object, "message/data", "data", Integer.MAX_VALUE);
        if (data == null) {
            if (object.truncated()) {
                throw new BadRecord("cut off before data was read");
            }
            // A message may consist of attributes alone.
            document.skip("empty-message");
            return;
        }
        String id = first(object, "message/messageId", "messageId", Excerpt.MAX_LENGTH);
        id = id != null ? id : first(object, "message/message_id", "message_id", Excerpt.MAX_LENGTH);
        Instant time = time(object, "message/publishTime", "publishTime");
        time = time != null ? time : time(object, "message/publish_time", "publish_time");
        byte[] inner = Compression.base64(data.getBytes(StandardCharsets.UTF_8));
        document.unwrap(
                new RecordBytes(inner, 0, inner.length, false, record.origin().at(time, id)));
    }

    private static void messages(RecordBytes array, Document document) {
        JsonElements messages = new JsonElements(array.bytes(), array.start(), array.end());
        while (messages.next()) {
            RecordBytes message =
                    new RecordBytes(array.bytes(), messages.start(), messages.end(), messages.cut(), array.origin());
            if (array.bytes()[messages.start()] == '{') {
                document.unwrap(message);
            } else {
                String given = Excerpt.of(array.bytes(), messages.start(), messages.end());
                document.deadLetter(message, "receivedMessages must hold objects: " + given);
            }
        }
    }

    private static @Nullable String first(Projection object, String path, String other, int maxLength)
            throws BadRecord {
        String text = object.text(path, maxLength);
        return text != null ? text : object.text(other, maxLength);
    }

    private static @Nullable Instant time(Projection object, String path, String other) throws BadRecord {
        Instant time = object.time(path);
        return time != null ? time : object.time(other);
    }
}
