package io.tocsin.job.decode.kubernetes;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a watch of Events gives. One that is deleted is skipped: it mostly grew old, it says nothing new, and who deletes Events
 * stands in the audit log.
 */
public final class KubernetesWatchFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new KubernetesWatchFormat(new KubernetesEventFormat(options, values));
        }
    }

    private final KubernetesEventFormat events;

    KubernetesWatchFormat(KubernetesEventFormat events) {
        this.events = events;
    }

    @Override
    public String name() {
        return Source.KUBERNETES_EVENT.id();
    }

    @Override
    public About about() {
        return new About(
                "a watch of Events: the API, kubectl get events --output-watch-events, OpenTelemetry's k8sobjects",
                "type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR with object",
                "that an Event was deleted; the audit log tells that, and by whom");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("type=ADDED", "object"),
                Set.of("type=MODIFIED", "object"),
                Set.of("type=DELETED", "object"),
                Set.of("type=BOOKMARK", "object"),
                Set.of("type=ERROR", "object"));
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        JsonMembers members = new JsonMembers(bytes, record.start(), record.end());
        String type = null;
        RecordBytes object = null;
        while (members.next()) {
            String name = members.name();
            if (name.equals("type") && type == null) {
                type = ApiObjects.text(bytes, members);
            } else if (name.equals("object") && object == null) {
                object = new RecordBytes(
                        bytes, members.valueStart(), members.valueEnd(), members.valueCut(), record.origin());
            }
        }
        int end = members.objectEnd();
        if (end == JsonScanner.CUT) {
            int close = JsonScanner.valueEndInLine(bytes, record.start(), record.end());
            end = close == JsonScanner.CUT ? record.end() : close;
        }
        take(record.to(end), type == null ? "" : type, object, document);
        return end;
    }

    private void take(RecordBytes record, String type, @Nullable RecordBytes object, Document document) {
        switch (type) {
            case "DELETED", "BOOKMARK" -> document.skip(type.toLowerCase(Locale.ROOT));
            case "ERROR" -> document.skip("watch-error");
            default -> {
                if (object == null) {
                    document.deadLetter(record, "object is missing");
                } else if (object.bytes()[object.start()] != '{') {
                    String given = Excerpt.of(object.bytes(), object.start(), object.end());
                    document.deadLetter(record, "object must be an object: " + given);
                } else if (ApiObjects.isEvent(object, object.cut())) {
                    events.decode(object, document);
                } else {
                    document.skip("other-kind");
                }
            }
        }
    }
}
