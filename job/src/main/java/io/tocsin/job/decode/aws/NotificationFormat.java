package io.tocsin.job.decode.aws;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds a record as a string: a message of SNS or SQS, as they deliver it and as Lambda gets it, and an event that {@code aws
 * cloudtrail lookup-events} found.
 */
public final class NotificationFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new NotificationFormat(options, values);
        }
    }

    private static final List<String> MESSAGES = List.of("Message", "body", "Body", "CloudTrailEvent");
    private static final List<String> IDS = List.of("MessageId", "messageId", "EventId");

    NotificationFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                "Type",
                "Timestamp",
                "Sns",
                "Message",
                "body",
                "Body",
                "CloudTrailEvent",
                "MessageId",
                "messageId",
                "EventId");
    }

    @Override
    public String name() {
        return "aws-message";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About(
                "messages of SNS and SQS, what lookup-events of CloudTrail prints",
                "TopicArn and Message; a receipt handle and a body; EventId and CloudTrailEvent",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("TopicArn", "Message"),
                Set.of("EventSource", "Sns"),
                Set.of("receiptHandle", "body"),
                Set.of("ReceiptHandle", "Body"),
                Set.of("EventId", "CloudTrailEvent"));
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        RecordBytes sns = object.object("Sns");
        if (sns != null) {
            document.unwrap(sns);
            return;
        }
        String type = object.name("Type");
        if (type != null && type.endsWith("Confirmation")) {
            document.skip("control-message");
            return;
        }
        String message = first(object, MESSAGES, Integer.MAX_VALUE);
        if (message == null || message.isBlank()) {
            throw new BadRecord(object.truncated() ? "cut off inside the message" : "the message is missing");
        }
        byte[] inner = message.getBytes(StandardCharsets.UTF_8);
        Origin origin = record.origin().at(object.time("Timestamp"), first(object, IDS, 256));
        document.unwrap(new RecordBytes(inner, 0, inner.length, false, origin));
    }

    private static @Nullable String first(Projection object, List<String> members, int maxLength) throws BadRecord {
        for (String member : members) {
            String text = object.text(member, maxLength);
            if (text != null) {
                return text;
            }
        }
        return null;
    }
}
