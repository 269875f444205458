package io.tocsin.job.decode.audit;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.CutScalar;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ParsedValues;
import io.tocsin.job.decode.PlainValues;
import io.tocsin.job.decode.RecordBytes;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code audit.k8s.io} events of all versions: one object, several in a row, or an EventList.
 *
 * @see AuditEvents which of them count
 */
public final class AuditFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new AuditFormat(options, values);
        }
    }

    private static final Set<String> VERSIONS =
            Set.of("audit.k8s.io/v1", "audit.k8s.io/v1beta1", "audit.k8s.io/v1alpha1");

    private final JsonValues values;
    private final PlainValues plain;
    private final AuditReader reader = new AuditReader();
    private final AuditEvents events;
    private final int maxRecordBytes;

    AuditFormat(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.plain = new PlainValues(values.recurring());
        this.events = new AuditEvents(options, values);
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public String name() {
        return Source.KUBERNETES_AUDIT.id();
    }

    @Override
    public About about() {
        return new About(
                "audit.k8s.io events, one by one or in an EventList: log file, webhook, CloudWatch",
                "apiVersion audit.k8s.io, or auditID",
                "the cluster, which its envelope tells or the user");
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("apiVersion=audit.k8s.io"), Set.of("auditID"), Set.of("AuditID"), Set.of("stage", "requestURI"));
    }

    @Override
    public String usualStart() {
        return "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/";
    }

    @Override
    public boolean claimsStream(String stream) {
        return stream.startsWith("kube-apiserver-audit");
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        return event(record, document, false);
    }

    /**
     * Reads one event.
     *
     * @param item whether it is an item of a list, which tells kind and version for it
     * @return where it ends
     */
    private int event(RecordBytes record, Document document, boolean item) {
        int limit = (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
        if (!record.cut()) {
            try {
                AuditFields fields = new AuditFields();
                plain.reset(record.bytes(), record.start(), limit);
                if (reader.read(plain, fields)) {
                    int end = record.start() + plain.position();
                    finish(fields, record.to(end), document, item, false);
                    return end;
                }
            } catch (IOException | BadRecord e) {
                // Unusual: the parser tells whether it is bad.
            }
        }
        AuditFields fields = new AuditFields();
        String reason;
        try (JsonParser p = values.parser(record.bytes(), record.start(), limit)) {
            p.nextToken();
            if (!reader.read(new ParsedValues(p, values), fields)) {
                return item ? nestedList(record, document) : list(record, document);
            }
            int end = record.start() + (int) p.currentLocation().getByteOffset();
            boolean cut = record.cut() && JsonScanner.skipSpace(record.bytes(), end, record.end()) == record.end();
            finish(fields, record.to(end), document, item, cut);
            return end;
        } catch (BadRecord e) {
            reason = e.reason();
        } catch (JsonParseException e) {
            int end = end(record);
            if (JsonValues.isEndOfInput(e)) {
                finish(fields, record.to(end), document, item, true);
                return end;
            }
            if (end < record.end() && record.bytes()[end] == '\n' && limit > end) {
                // The line breaks off inside a string and another line follows: the same as the end of the input.
                event(new RecordBytes(record.bytes(), record.start(), end, true, record.origin()), document, item);
                return end;
            }
            if (CutScalar.endsInput(record.bytes(), record.start(), limit, e.getLocation())) {
                finish(fields, record.to(end), document, item, true);
                return end;
            }
            reason = JsonValues.reason(e);
        } catch (IOException e) {
            reason = JsonValues.reason(e);
        }
        int end = end(record);
        document.deadLetter(record.to(end), reason);
        return end;
    }

    /** Where a record ends that could not be read to its end. */
    private static int end(RecordBytes record) {
        int end = JsonScanner.valueEndInLine(record.bytes(), record.start(), record.end());
        return end == JsonScanner.CUT ? record.end() : end;
    }

    private static int nestedList(RecordBytes record, Document document) {
        document.deadLetter(record, "kind must be Event: \"EventList\"");
        return record.end();
    }

    private int list(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        JsonMembers members = new JsonMembers(bytes, record.start(), record.end());
        int items = -1;
        int itemsEnd = -1;
        String reason = null;
        while (members.next()) {
            String member = members.name();
            if (member.equals("items") || member.equals("Items")) {
                reason = items >= 0 ? "duplicate field: items" : reason;
                items = members.valueStart();
                itemsEnd = members.valueEnd();
            } else if (member.equals("apiVersion")) {
                String version = Excerpt.of(bytes, members.valueStart(), members.valueEnd());
                boolean known = version.length() > 2 && VERSIONS.contains(version.substring(1, version.length() - 1));
                reason = known ? reason : version(version);
            }
        }
        int end = members.objectEnd() == JsonScanner.CUT ? end(record) : members.objectEnd();
        if (reason == null && items < 0) {
            reason = "items is missing";
        } else if (reason == null && bytes[items] != '[' && bytes[items] != 'n') {
            reason = "items must be an array: " + Excerpt.of(bytes, items, itemsEnd);
        }
        if (reason != null) {
            document.deadLetter(record.to(end), reason);
        } else if (bytes[items] == '[') {
            items(record, items, itemsEnd, document);
        }
        return end;
    }

    private void items(RecordBytes list, int start, int end, Document document) {
        JsonElements items = new JsonElements(list.bytes(), start, end);
        while (items.next()) {
            RecordBytes item = new RecordBytes(list.bytes(), items.start(), items.end(), items.cut(), list.origin());
            if (list.bytes()[items.start()] == '{') {
                event(item, document, true);
            } else {
                String given = Excerpt.of(list.bytes(), items.start(), items.end());
                document.deadLetter(item, "items must hold objects: " + given);
            }
        }
    }

    private static String version(String given) {
        return "apiVersion must be audit.k8s.io/v1, v1beta1 or v1alpha1: " + given;
    }

    /** Says what is wrong with it, or hands it on to be judged. */
    private void finish(AuditFields fields, RecordBytes record, Document document, boolean item, boolean truncated) {
        fields.truncated = truncated;
        String flaw = flaw(fields, record, item);
        if (flaw != null) {
            document.deadLetter(record, flaw);
            return;
        }
        if (truncated) {
            fields.code = fields.code < 100 ? 0 : fields.code;
            fields.readObjectFromPath();
        }
        events.hand(fields, record, document);
    }

    private static @Nullable String flaw(AuditFields f, RecordBytes record, boolean item) {
        if (!item && !f.truncated && !f.looksLikeAudit()) {
            return "not a kubernetes-audit record: " + Excerpt.of(record.bytes(), record.start(), record.end());
        }
        if (f.kind != null && !f.kind.equals("Event")) {
            return "kind must be Event: " + Excerpt.of("\"" + f.kind + "\"");
        }
        if (f.apiVersion != null && !VERSIONS.contains(f.apiVersion)) {
            return version(Excerpt.of("\"" + f.apiVersion + "\""));
        }
        if (f.truncated && !f.salvageable()) {
            return "cut off before stage and auditID, or user, verb and requestURI, were read";
        }
        return f.stageFlaw();
    }
}
