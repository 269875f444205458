package io.tocsin.job.decode.kubernetes;

import com.google.auto.service.AutoService;
import io.tocsin.event.Digest;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ToldTimes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An Event object of {@code v1} or {@code events.k8s.io}, as the API gives it and as exporters hand it on.
 *
 * <p>An Event that is repeated is one object that grows: its count and its last time move on, its uid stays, and so does the id of
 * the event made of it. Whoever may create Events may write anything into one, and whoever may delete them can take it away.
 */
public final class KubernetesEventFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new KubernetesEventFormat(options, values);
        }
    }

    private static final String EVENT = "Event";
    private static final String CORE = "v1";
    private static final String EVENTS_GROUP = "events.k8s.io/";
    private static final String AUDIT_GROUP = "audit.k8s.io/";
    private static final String KUBELET = "kubelet";
    private static final String KUBE_PROXY = "kube-proxy";
    private static final byte[] SERIES = ObjectOutline.name("series");
    private static final byte[] LAST_OBSERVED = ObjectOutline.name("lastObservedTime");
    private static final byte[] METADATA = ObjectOutline.name("metadata");
    private static final byte[] CREATED = ObjectOutline.name("creationTimestamp");
    private static final byte[] LAST = ObjectOutline.name("lastTimestamp");
    private static final byte[] DEPRECATED_LAST = ObjectOutline.name("deprecatedLastTimestamp");
    private static final byte[] EVENT_TIME = ObjectOutline.name("eventTime");
    /** Behind an Event's name: a dot and a time in hexadecimal. */
    private static final int SUFFIX = 17;

    private final JsonValues values;
    private final ObjectReference reference;
    private final Origin unnamed;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    KubernetesEventFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                ObjectReference.and(
                        "kind",
                        "apiVersion",
                        "metadata/name",
                        "metadata/namespace",
                        "metadata/uid",
                        "metadata/creationTimestamp",
                        "reason",
                        "message",
                        "note",
                        "type",
                        "count",
                        "deprecatedCount",
                        "eventTime",
                        "firstTimestamp",
                        "lastTimestamp",
                        "deprecatedFirstTimestamp",
                        "deprecatedLastTimestamp",
                        "series/count",
                        "series/lastObservedTime",
                        "source/component",
                        "source/host",
                        "deprecatedSource/component",
                        "deprecatedSource/host",
                        "reportingComponent",
                        "reportingController",
                        "reportingInstance",
                        "clusterName"));
        this.values = values;
        this.reference = new ObjectReference(options, values);
        this.unnamed = Origin.of(options);
    }

    @Override
    public String name() {
        return Source.KUBERNETES_EVENT.id();
    }

    @Override
    public About about() {
        return new About(
                "Event objects of v1 and events.k8s.io: kubectl, Fluent Bit, kubernetes-event-exporter",
                "kind Event of these versions; involvedObject, or regarding, with reason, message, note or metadata",
                "who did it and from where; anyone who may create or delete Events can forge them or take them away");
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("kind=Event", "apiVersion=v1"),
                Set.of("kind=Event", "apiVersion=events.k8s.io"),
                Set.of("involvedObject", "reason"),
                Set.of("involvedObject", "message"),
                Set.of("involvedObject", "metadata"),
                Set.of("regarding", "reason"),
                Set.of("regarding", "note"),
                Set.of("regarding", "metadata"));
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        String kind = object.name("kind");
        String version = object.name("apiVersion");
        if (kind != null && version != null && !kind.equals(EVENT) && !version.startsWith(AUDIT_GROUP)) {
            // What else was asked of the same API.
            document.skip("other-kind");
            return;
        }
        String flaw = flaw(object, record, kind, version);
        if (flaw != null) {
            throw new BadRecord(flaw);
        }
        read(object, record, document);
        document.event(event, record);
    }

    private static @Nullable String flaw(
            Projection f, RecordBytes record, @Nullable String kind, @Nullable String version) throws BadRecord {
        if (kind != null && !kind.equals(EVENT)) {
            return "kind must be Event: " + Excerpt.of("\"" + kind + "\"");
        }
        if (version != null && !version.equals(CORE) && !version.startsWith(EVENTS_GROUP)) {
            return "apiVersion must be v1 or of events.k8s.io: " + Excerpt.of("\"" + version + "\"");
        }
        boolean tells = f.has("reason") || f.has("message") || f.has("note");
        if (f.truncated()) {
            return tells ? null : "cut off before reason and message";
        }
        return tells || kind != null || ObjectReference.isIn(f)
                ? null
                : "not a kubernetes-event record: " + Excerpt.of(record.bytes(), record.start(), record.end());
    }

    /** Sets the event to what the record tells. */
    private void read(Projection f, RecordBytes record, Document document) throws BadRecord {
        Origin around = record.origin();
        boolean named = !around.cluster().equals(unnamed.cluster());
        Origin origin = named ? around : around.cluster(f.name("clusterName"));
        RecordBytes placed = new RecordBytes(record.bytes(), record.start(), record.end(), record.cut(), origin);
        Document.begin(event, Source.KUBERNETES_EVENT, document.timeOf(placed, time(f), f.truncated()), placed);
        identify(f);
        reference.read(f);
        String eventNamespace = f.name("metadata/namespace");
        String kind = reference.kind();
        String name = reference.name();
        event.apiGroup = reference.apiGroup();
        event.resource = kind == null ? null : values.recurring().of(KubernetesKinds.resource(kind));
        event.name = name == null ? nameOfObject(f.name("metadata/name")) : name;
        // Events about what is in no namespace are kept in one all the same.
        event.namespace = kind == null ? eventNamespace : reference.namespace();
        event.reason = f.name("reason");
        String message = f.text("message");
        event.message = message == null ? f.text("note") : message;
        String type = f.name("type");
        event.level = type == null ? null : values.recurring().of(type.toLowerCase(Locale.ROOT));
        event.count = count(f);
        event.place = place(f, event.message);
        event.truncated = f.truncated();
    }

    /** The id stays the same however often the Event is delivered, by whomever, and however much it has grown. */
    private void identify(Projection f) throws BadRecord {
        event.instance = null;
        String uid = f.name("metadata/uid");
        String name = f.name("metadata/name");
        if (uid != null) {
            event.recordId = new Digest().add("uid").add(uid).hex();
        } else if (name != null) {
            event.recordId = new Digest()
                    .add("name")
                    .add(f.name("metadata/namespace"))
                    .add(name)
                    .hex();
        }
    }

    /** The last time of all: which of them is there depends on who made the Event. */
    private static @Nullable Instant time(Projection f) throws BadRecord {
        Instant time = later(f.time("series/lastObservedTime"), f.time("lastTimestamp"));
        time = later(time, f.time("deprecatedLastTimestamp"));
        time = later(time, f.time("eventTime"));
        time = later(time, f.time("metadata/creationTimestamp"));
        return time != null ? time : later(f.time("firstTimestamp"), f.time("deprecatedFirstTimestamp"));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }

    private static int count(Projection f) throws BadRecord {
        long count = f.integer("count", 0, Integer.MAX_VALUE, 0);
        count = Math.max(count, f.integer("series/count", 0, Integer.MAX_VALUE, 0));
        return (int) Math.max(count, f.integer("deprecatedCount", 0, Integer.MAX_VALUE, 0));
    }

    private Place place(Projection f, @Nullable String message) throws BadRecord {
        String kind = reference.kind();
        boolean ofPod = "Pod".equals(kind);
        String node = node(f);
        if (node == null && "Node".equals(kind)) {
            node = reference.name();
        }
        String workload = reference.owner();
        if (kind != null && reference.name() != null && KubernetesKinds.isWorkload(kind)) {
            workload = kind + "/" + reference.name();
        }
        return new Place(
                node,
                null,
                ofPod ? Place.pod(reference.namespace(), reference.name()) : null,
                ofPod ? reference.uid() : null,
                null,
                reference.container(),
                PulledImage.of(message),
                workload);
    }

    /** The node of the component that reports, if it is one that runs on each. */
    private static @Nullable String node(Projection f) throws BadRecord {
        String host = either(f, "source/host", "deprecatedSource/host");
        String instance = f.name("reportingInstance");
        if (host != null || instance == null) {
            return host;
        }
        String reporter = either(f, "reportingComponent", "reportingController");
        if (reporter == null) {
            reporter = either(f, "source/component", "deprecatedSource/component");
        }
        if (!KUBELET.equals(reporter) && !KUBE_PROXY.equals(reporter)) {
            return null;
        }
        String start = reporter + "-";
        return instance.startsWith(start) ? instance.substring(start.length()) : instance;
    }

    private static @Nullable String either(Projection f, String one, String other) throws BadRecord {
        String text = f.name(one);
        return text == null ? f.name(other) : text;
    }

    /** An exporter that can't find the object leaves it out; the Event's own name still starts with the object's. */
    private static @Nullable String nameOfObject(@Nullable String eventName) {
        int dot = eventName == null ? -1 : eventName.length() - SUFFIX;
        if (eventName == null || dot <= 0 || eventName.charAt(dot) != '.') {
            return null;
        }
        for (int i = dot + 1; i < eventName.length(); i++) {
            if (Character.digit(eventName.charAt(i), 16) < 0) {
                return null;
            }
        }
        return eventName.substring(0, dot);
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        ObjectOutline outline = times.outline();
        int series = outline.find(SERIES);
        int metadata = outline.find(METADATA);
        int[] values = {
            series < 0 || outline.isNull(series) ? ObjectOutline.NONE : outline.find(series, LAST_OBSERVED),
            outline.find(LAST),
            outline.find(DEPRECATED_LAST),
            outline.find(EVENT_TIME),
            metadata < 0 || outline.isNull(metadata) ? ObjectOutline.NONE : outline.find(metadata, CREATED)
        };
        long latest = DocumentDecoder.UNTOLD;
        for (int value : values) {
            if (value == ObjectOutline.NONE || outline.isNull(value)) {
                continue;
            }
            long time = outline.time(value);
            if (time == DocumentDecoder.UNTOLD) {
                return time;
            }
            latest = Math.max(latest, time);
        }
        return latest;
    }
}
