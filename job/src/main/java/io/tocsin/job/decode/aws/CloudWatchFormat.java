package io.tocsin.job.decode.aws;

import com.fasterxml.jackson.core.JsonParser;
import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CloudWatch Logs subscription document. The log group names the cluster, the owner the account. Streams of an EKS cluster that
 * are neither audit nor authenticator logs are skipped.
 */
public final class CloudWatchFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new CloudWatchFormat(values);
        }
    }

    /** What the document says of all its log events, and where they are. */
    private static final class Header {
        @Nullable
        String messageType;

        @Nullable
        String owner;

        @Nullable
        String logGroup;

        @Nullable
        String logStream;

        int eventsStart = -1;
        int eventsEnd = -1;
    }

    private final JsonValues values;

    CloudWatchFormat(JsonValues values) {
        this.values = values;
    }

    @Override
    public String name() {
        return "cloudwatch";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About(
                "CloudWatch Logs subscription, as Kinesis, Firehose and Lambda deliver it",
                "messageType, logGroup and logEvents",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("messageType", "logEvents"), Set.of("messageType", "logGroup"), Set.of("logGroup", "logEvents"));
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        JsonMembers members = new JsonMembers(bytes, record.start(), record.end());
        Header header = new Header();
        String reason = null;
        try {
            read(record, members, header);
            reason = flaw(bytes, header);
        } catch (BadRecord e) {
            reason = e.reason();
            toEnd(members);
        }
        int end = members.objectEnd();
        if (end == JsonScanner.CUT) {
            int close = JsonScanner.valueEndInLine(bytes, record.start(), record.end());
            end = close == JsonScanner.CUT ? record.end() : close;
        }
        if (reason != null) {
            document.deadLetter(record.to(end), reason);
        } else if ("CONTROL_MESSAGE".equals(header.messageType)) {
            document.skip("control-message");
        } else {
            events(record, header, document);
        }
        return end;
    }

    private void read(RecordBytes record, JsonMembers members, Header header) throws BadRecord {
        int seen = 0;
        while (members.next()) {
            String name = members.name();
            switch (name) {
                case "messageType" -> {
                    seen = JsonValues.once(seen, 1, name);
                    header.messageType = text(record, members, name);
                }
                case "owner" -> {
                    seen = JsonValues.once(seen, 1 << 1, name);
                    header.owner = text(record, members, name);
                }
                case "logGroup" -> {
                    seen = JsonValues.once(seen, 1 << 2, name);
                    header.logGroup = text(record, members, name);
                }
                case "logStream" -> {
                    seen = JsonValues.once(seen, 1 << 3, name);
                    header.logStream = text(record, members, name);
                }
                case "logEvents" -> {
                    seen = JsonValues.once(seen, 1 << 4, name);
                    header.eventsStart = members.valueStart();
                    header.eventsEnd = members.valueEnd();
                }
                default -> {}
            }
        }
    }

    private @Nullable String text(RecordBytes record, JsonMembers members, String field) throws BadRecord {
        byte first = record.bytes()[members.valueStart()];
        if (first != '"' && first != 'n') {
            String given = Excerpt.of(record.bytes(), members.valueStart(), members.valueEnd());
            throw new BadRecord(field + " must be a string: " + given);
        }
        try (JsonParser p = values.parser(record.bytes(), members.valueStart(), members.valueEnd())) {
            p.nextToken();
            return values.name(p, field);
        } catch (IOException e) {
            throw new BadRecord(JsonValues.reason(e));
        }
    }

    private static @Nullable String flaw(byte[] bytes, Header header) {
        String type = header.messageType;
        if (type != null && !type.equals("DATA_MESSAGE") && !type.equals("CONTROL_MESSAGE")) {
            return "messageType must be DATA_MESSAGE or CONTROL_MESSAGE: " + Excerpt.of("\"" + type + "\"");
        }
        if ("CONTROL_MESSAGE".equals(type)) {
            return null;
        }
        if (header.eventsStart < 0) {
            return "logEvents is missing";
        }
        return bytes[header.eventsStart] == '['
                ? null
                : "logEvents must be an array: " + Excerpt.of(bytes, header.eventsStart, header.eventsEnd);
    }

    private void events(RecordBytes record, Header header, Document document) {
        String cluster = EksLogGroup.cluster(header.logGroup);
        Origin origin = record.origin().stream(header.owner, header.logStream);
        origin = origin.cluster(cluster);
        boolean foreign = cluster != null && !EksLogGroup.isRead(header.logStream);
        JsonElements events = new JsonElements(record.bytes(), header.eventsStart, header.eventsEnd);
        while (events.next()) {
            if (foreign) {
                document.skip("log-stream");
            } else {
                event(new RecordBytes(record.bytes(), events.start(), events.end(), events.cut(), origin), document);
            }
        }
    }

    private void event(RecordBytes event, Document document) {
        String message = null;
        String id = null;
        long millis = Long.MIN_VALUE;
        if (event.bytes()[event.start()] != '{') {
            String given = Excerpt.of(event.bytes(), event.start(), event.end());
            document.deadLetter(event, "logEvents must hold objects: " + given);
            return;
        }
        try (JsonParser p = values.parser(event.bytes(), event.start(), event.end())) {
            p.nextToken();
            int seen = 0;
            for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                p.nextToken();
                switch (name) {
                    case "id" -> {
                        seen = JsonValues.once(seen, 1, "id");
                        id = values.text(p, "id", ValueReader.SHORT);
                    }
                    case "timestamp" -> {
                        seen = JsonValues.once(seen, 1 << 1, "timestamp");
                        millis = values.integer(p, "timestamp", 0, 1L << 53, Long.MIN_VALUE);
                    }
                    case "message" -> {
                        seen = JsonValues.once(seen, 1 << 2, "message");
                        message = values.text(p, "message", Integer.MAX_VALUE);
                    }
                    default -> p.skipChildren();
                }
            }
        } catch (BadRecord e) {
            document.deadLetter(event, e.reason());
            return;
        } catch (IOException e) {
            document.deadLetter(event, event.cut() ? "cut off inside a log event" : JsonValues.reason(e));
            return;
        }
        if (message == null) {
            document.deadLetter(event, "message is missing");
            return;
        }
        byte[] inner = message.getBytes(StandardCharsets.UTF_8);
        Instant time = millis == Long.MIN_VALUE ? null : Instant.ofEpochMilli(millis);
        document.unwrap(
                new RecordBytes(inner, 0, inner.length, false, event.origin().at(time, id)));
    }

    @SuppressWarnings("StatementWithEmptyBody")
    private static void toEnd(JsonMembers members) {
        while (members.next()) {}
    }
}
