package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.event.Place;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.ContainerLogPath;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.network.Networks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Batches of OpenTelemetry log records as OTLP/JSON: the collector's file and Kafka exporters. */
public final class OtlpFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new OtlpFormat(options, values);
        }
    }

    private static final String RESOURCE_LOGS = "resourceLogs";
    private static final String BROKEN = "broken or cut before its first log record";

    private final Projection fields;
    private final OtlpAttributes.Reader attributes;
    private final ContainerOutput output = new ContainerOutput();
    private final Networks networks;
    /** How many records were handed on, so that a batch of which nothing could be read is not lost. */
    private long handed;

    private OtlpFormat(DecoderOptions options, JsonValues values) {
        this.fields = new Projection(
                options,
                values,
                "timeUnixNano",
                "observedTimeUnixNano",
                "severityText",
                "body",
                "body/stringValue",
                "attributes");
        this.attributes = new OtlpAttributes.Reader(options, values);
        this.networks = options.networks();
    }

    @Override
    public String name() {
        return Source.CONTAINER_LOG.id();
    }

    @Override
    public Role role() {
        return Role.CONTAINER_OUTPUT;
    }

    @Override
    public About about() {
        return new About(
                "batches of OpenTelemetry log records, OTLP/JSON",
                RESOURCE_LOGS,
                "bodies that are no strings, but as JSON");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of(RESOURCE_LOGS));
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        JsonMembers members = new JsonMembers(bytes, record.start(), record.end());
        long before = handed;
        boolean any = false;
        while (members.next()) {
            if (members.name().equals(RESOURCE_LOGS)) {
                any = true;
                int start = members.valueStart();
                RecordBytes list = new RecordBytes(bytes, start, members.valueEnd(), record.cut(), record.origin());
                each(list, RESOURCE_LOGS, element -> resource(element, document), document);
            }
        }
        int end = members.objectEnd();
        boolean broken = end == JsonScanner.CUT;
        if (broken) {
            int close = JsonScanner.valueEndInLine(bytes, record.start(), record.end());
            end = close == JsonScanner.CUT ? record.end() : close;
        }
        if (!any) {
            give(record.to(end), "resourceLogs is missing", document);
        } else if (broken && handed == before) {
            give(record.to(end), BROKEN, document);
        } else if (handed == before) {
            document.skip("empty-batch");
        }
        return end;
    }

    /** Takes the objects of an array one by one. */
    private void each(RecordBytes array, String name, Consumer<RecordBytes> take, Document document) {
        byte[] bytes = array.bytes();
        if (bytes[array.start()] != '[') {
            give(array, name + " must be an array: " + Excerpt.of(bytes, array.start(), array.end()), document);
            return;
        }
        JsonElements elements = new JsonElements(bytes, array.start(), array.end());
        while (elements.next()) {
            RecordBytes element =
                    new RecordBytes(bytes, elements.start(), elements.end(), elements.cut(), array.origin());
            if (bytes[element.start()] == '{') {
                take.accept(element);
            } else {
                String given = Excerpt.of(bytes, element.start(), element.end());
                give(element, name + " must hold objects: " + given, document);
            }
        }
    }

    private void give(RecordBytes bad, String reason, Document document) {
        handed++;
        document.deadLetter(bad, reason);
    }

    private void resource(RecordBytes element, Document document) {
        byte[] bytes = element.bytes();
        OtlpAttributes of = OtlpAttributes.NONE;
        JsonMembers members = new JsonMembers(bytes, element.start(), element.end());
        while (members.next()) {
            if (members.name().equals("resource") && bytes[members.valueStart()] == '{') {
                of = attributes.ofResource(bytes, members.valueStart(), members.valueEnd(), element.origin());
            }
        }
        OtlpAttributes resource = of;
        long before = handed;
        members = new JsonMembers(bytes, element.start(), element.end());
        while (members.next()) {
            String name = members.name();
            if (name.equals("scopeLogs") || name.equals("instrumentationLibraryLogs")) {
                each(value(members, element), name, scope -> scope(scope, resource, document), document);
            }
        }
        if (members.objectEnd() == JsonScanner.CUT && handed == before) {
            give(element, BROKEN, document);
        }
    }

    private void scope(RecordBytes scope, OtlpAttributes resource, Document document) {
        long before = handed;
        JsonMembers members = new JsonMembers(scope.bytes(), scope.start(), scope.end());
        while (members.next()) {
            String name = members.name();
            if (name.equals("logRecords") || name.equals("logs")) {
                each(value(members, scope), name, record -> record(record, resource, document), document);
            }
        }
        if (members.objectEnd() == JsonScanner.CUT && handed == before) {
            give(scope, BROKEN, document);
        }
    }

    private static RecordBytes value(JsonMembers members, RecordBytes in) {
        return new RecordBytes(in.bytes(), members.valueStart(), members.valueEnd(), members.valueCut(), in.origin());
    }

    private void record(RecordBytes record, OtlpAttributes resource, Document document) {
        handed++;
        try {
            fields.read(record);
            boolean cut = fields.truncated();
            String nanos = fields.scalar("timeUnixNano");
            Instant time = time("timeUnixNano", nanos);
            if (time == null) {
                nanos = fields.scalar("observedTimeUnixNano");
                time = time("observedTimeUnixNano", nanos);
            }
            String level = fields.text("severityText");
            RecordBytes list = fields.array("attributes");
            OtlpAttributes own = list == null
                    ? OtlpAttributes.NONE
                    : attributes.of(list.bytes(), list.start(), list.end(), record.origin());
            Origin origin = origin(record.origin(), resource, own);
            origin = ContainerOutput.at(origin, time, nanos, own.stream());
            RecordBytes written = body(record, cut, origin);
            boolean doubtful = cut && origin.place().pod() == null;
            output.hand(written, doubtful, level, record, document);
        } catch (BadRecord e) {
            document.deadLetter(record, e.reason());
        }
    }

    private static @Nullable Instant time(String field, @Nullable String nanos) throws BadRecord {
        if (nanos == null || nanos.equals("0")) {
            return null;
        }
        Instant time = Moment.of(nanos);
        if (time == null) {
            throw new BadRecord(field + " must be nanoseconds since 1970: " + Excerpt.of("\"" + nanos + "\""));
        }
        return time;
    }

    private RecordBytes body(RecordBytes record, boolean cut, Origin origin) throws BadRecord {
        String text = fields.isText("body")
                ? fields.text("body", Integer.MAX_VALUE)
                : fields.text("body/stringValue", Integer.MAX_VALUE);
        RecordBytes object = text == null && fields.isObject("body") && !fields.has("body/stringValue")
                ? fields.object("body")
                : null;
        if (object != null) {
            return new RecordBytes(record.bytes(), object.start(), object.end(), cut, origin);
        }
        byte[] bytes = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
        return new RecordBytes(bytes, 0, bytes.length, cut, origin);
    }

    /** What a record's own attributes tell counts only where its resource tells nothing. */
    private Origin origin(Origin outside, OtlpAttributes resource, OtlpAttributes own) {
        if (outside.place().pod() != null) {
            return outside;
        }
        Origin origin = outside.cluster(resource.cluster());
        OtlpAttributes teller = resource.pod().namesPod() || !own.pod().namesPod() ? resource : own;
        if (teller.pod().namesPod()) {
            return origin.place(teller.pod().place(networks.of(origin.cluster())));
        }
        String file = own.file();
        Place place = file == null ? Place.NONE : ContainerLogPath.place(file);
        String node = teller.pod().get(PodFields.Field.NODE);
        return origin.place(place.or(Place.onNode(node == null ? resource.host() : node)));
    }
}
