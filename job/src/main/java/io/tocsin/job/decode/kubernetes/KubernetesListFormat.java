package io.tocsin.job.decode.kubernetes;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import java.util.List;
import java.util.Set;

/** A list of Events as the API gives it, whose items have no kind, or as kubectl prints it; other items of a list are skipped. */
public final class KubernetesListFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new KubernetesListFormat(new KubernetesEventFormat(options, values));
        }
    }

    private final KubernetesEventFormat events;

    KubernetesListFormat(KubernetesEventFormat events) {
        this.events = events;
    }

    @Override
    public String name() {
        return Source.KUBERNETES_EVENT.id();
    }

    @Override
    public About about() {
        return new About(
                "lists of Events: kubectl get events -o json, the API itself",
                "kind List or EventList of v1 or events.k8s.io",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("kind=List", "apiVersion=v1"),
                Set.of("kind=EventList", "apiVersion=v1"),
                Set.of("kind=EventList", "apiVersion=events.k8s.io"));
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        JsonMembers members = new JsonMembers(bytes, record.start(), record.end());
        boolean ofEvents = false;
        int items = -1;
        int itemsEnd = -1;
        while (members.next()) {
            String name = members.name();
            if (name.equals("kind")) {
                ofEvents = "EventList".equals(ApiObjects.text(bytes, members));
            } else if (name.equals("items") && items < 0) {
                items = members.valueStart();
                itemsEnd = members.valueEnd();
            }
        }
        int end = members.objectEnd();
        if (end == JsonScanner.CUT) {
            int close = JsonScanner.valueEndInLine(bytes, record.start(), record.end());
            end = close == JsonScanner.CUT ? record.end() : close;
        }
        if (items < 0) {
            document.deadLetter(record.to(end), "items is missing");
        } else if (bytes[items] == '[') {
            items(record, items, itemsEnd, ofEvents, document);
        } else if (bytes[items] != 'n') {
            document.deadLetter(record.to(end), "items must be an array: " + Excerpt.of(bytes, items, itemsEnd));
        }
        return end;
    }

    private void items(RecordBytes list, int start, int end, boolean ofEvents, Document document) {
        JsonElements items = new JsonElements(list.bytes(), start, end);
        while (items.next()) {
            RecordBytes item = new RecordBytes(list.bytes(), items.start(), items.end(), items.cut(), list.origin());
            if (list.bytes()[items.start()] != '{') {
                String given = Excerpt.of(list.bytes(), items.start(), items.end());
                document.deadLetter(item, "items must hold objects: " + given);
            } else if (ApiObjects.isEvent(item, ofEvents || items.cut())) {
                events.decode(item, document);
            } else {
                document.skip("other-kind");
            }
        }
    }
}
