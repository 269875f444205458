package io.tocsin.job.decode.cloud;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.auto.service.AutoService;
import io.tocsin.event.Digest;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ValueReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Cloud Logging entry around what a node, a container or a controller wrote: hands on what is inside, with the place that the
 * entry's resource tells. What a container wrote and no format knows is its line of text.
 */
public final class LogEntryFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new LogEntryFormat(options, values);
        }
    }

    private static final String NODE_LABEL = "compute.googleapis.com/resource_name";
    private static final String OWNER_LABEL = "logging.gke.io/top_level_controller_name";
    private static final String OWNER_KIND_LABEL = "logging.gke.io/top_level_controller_type";
    private static final String JSON = "jsonPayload";
    private static final String TEXT = "textPayload";
    private static final String[] MESSAGES = {"message", "msg", "log", "MESSAGE"};

    private final JsonValues values;
    private final Projection payload;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    LogEntryFormat(DecoderOptions options, JsonValues values) {
        super(
                options.upTo(Document.MAX_INFLATED_BYTES),
                values,
                GoogleResource.paths(
                        "insertId",
                        "logName",
                        "timestamp",
                        "receiveTimestamp",
                        "severity",
                        "labels",
                        "resource/type",
                        "resource/labels/node_name",
                        "resource/labels/namespace_name",
                        "resource/labels/pod_name",
                        "resource/labels/container_name",
                        JSON,
                        TEXT));
        this.values = values;
        this.payload = new Projection(options, values, MESSAGES);
    }

    @Override
    public String name() {
        return "log-entry";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About(
                "Cloud Logging entries of GKE around journald records, Kubernetes Events and what containers write",
                "jsonPayload or textPayload, with insertId or logName",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of(JSON, "insertId"), Set.of(JSON, "logName"), Set.of(TEXT, "insertId"), Set.of(TEXT, "logName"));
    }

    @Override
    protected void take(Projection entry, RecordBytes record, Document document) throws BadRecord {
        String insertId = entry.text("insertId", ValueReader.SHORT);
        Instant time = entry.time("timestamp");
        time = time != null ? time : entry.time("receiveTimestamp");
        String logName = entry.text("logName", ValueReader.SHORT);
        String type = entry.name("resource/type");
        boolean ofContainer = "k8s_container".equals(type);
        // The pod of an Event's resource is the one it is about, not the one that wrote it.
        boolean events = logName != null && (logName.endsWith("/logs/events") || logName.endsWith("%2Fevents"));
        Place place = events || type == null || !type.startsWith("k8s_") ? Place.NONE : place(entry);
        Origin origin =
                GoogleResource.origin(entry, record.origin()).at(time, insertId).place(place);
        RecordBytes json = entry.object(JSON);
        String text = entry.text(TEXT, Integer.MAX_VALUE);
        RecordBytes content = content(json, text, entry.truncated(), origin);
        if (content == null) {
            if (entry.truncated()) {
                throw new BadRecord("cut off before its payload was read");
            }
            document.skip("no-payload");
            return;
        }
        // Asked before anything is unwrapped, which may be read with the same fields.
        String severity = entry.name("severity");
        boolean truncated = entry.truncated();
        if (document.unwrapOutput(content)) {
            return;
        }
        if (!ofContainer) {
            document.skip("log-entry");
            return;
        }
        RecordBytes whole = new RecordBytes(record.bytes(), record.start(), record.end(), record.cut(), origin);
        Instant written = document.timeOf(whole, null, truncated);
        Document.begin(event, Source.CONTAINER_LOG, written, whole);
        if (insertId != null) {
            // Cloud Logging itself knows an entry by these.
            event.recordId = new Digest()
                    .add(logName)
                    .add(written.toString())
                    .add(insertId)
                    .hex();
        }
        event.level = level(severity);
        event.message = text == null ? message(content) : line(text);
        event.truncated = truncated;
        document.event(event, content);
    }

    private static @Nullable RecordBytes content(
            @Nullable RecordBytes json, @Nullable String text, boolean truncated, Origin origin) {
        if (json != null) {
            return new RecordBytes(json.bytes(), json.start(), json.end(), json.cut(), origin);
        }
        if (text == null) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new RecordBytes(bytes, 0, bytes.length, truncated, origin);
    }

    private Place place(Projection entry) throws BadRecord {
        String node = entry.name("resource/labels/node_name");
        String pod = Place.pod(entry.name("resource/labels/namespace_name"), entry.name("resource/labels/pod_name"));
        String container = entry.name("resource/labels/container_name");
        String owner = null;
        String ownerKind = null;
        RecordBytes labels = entry.object("labels");
        if (labels != null && pod != null) {
            try (JsonParser p = values.parser(labels.bytes(), labels.start(), labels.end())) {
                p.nextToken();
                for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                    boolean text = p.nextToken() == JsonToken.VALUE_STRING;
                    switch (text ? name : "") {
                        case NODE_LABEL -> node = values.name(p, "labels");
                        case OWNER_LABEL -> owner = values.name(p, "labels");
                        case OWNER_KIND_LABEL -> ownerKind = values.name(p, "labels");
                        default -> p.skipChildren();
                    }
                }
            } catch (IOException e) {
                throw new BadRecord(JsonValues.reason(e));
            }
        }
        String workload = owner == null || ownerKind == null ? null : ownerKind + "/" + owner;
        return new Place(node, null, pod, null, null, container, null, workload);
    }

    /** What the object says for itself, else all of it. */
    private @Nullable String message(RecordBytes json) {
        try {
            payload.read(json);
            for (String member : MESSAGES) {
                if (payload.isText(member)) {
                    String text = payload.text(member);
                    if (text != null) {
                        return line(text);
                    }
                }
            }
        } catch (BadRecord e) {
            // Whatever it is, it is what the container wrote.
        }
        int end = Math.min(json.end(), json.start() + 4 * ValueReader.LONG);
        return JsonValues.cut(Texts.lenient(json.bytes(), json.start(), end), ValueReader.LONG);
    }

    private static @Nullable String level(@Nullable String severity) {
        return severity == null || severity.equals("DEFAULT") ? null : severity.toLowerCase(Locale.ROOT);
    }

    /** The text without its line's end, null if nothing is left. */
    private static @Nullable String line(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return end == 0 ? null : JsonValues.cut(text.substring(0, end), ValueReader.LONG);
    }
}
