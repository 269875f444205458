package io.tocsin.job.decode.audit;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.ParsedValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.job.decode.cloud.AzureResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the Log Analytics tables {@code AKSAudit}, {@code AKSAuditAdmin} and their twins of Arc: the members of an audit event as
 * columns. A column of structure is an object or the text of one, by how the row was exported.
 */
public final class AksAuditTableFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new AksAuditTableFormat(options, values);
        }
    }

    private static final int MAX_URI = 8 * 1_024;
    private static final int MAX_ADDRESSES = 64;
    /** What stands for a body that is too large for the column. */
    private static final String LEFT_OUT = "skipped-too-big-size-object";

    /** Reads an object that it stands in. */
    private interface Members {
        void read(ValueReader in, AuditFields.Part part) throws IOException, BadRecord;
    }

    private final JsonValues values;
    private AuditFields fields = new AuditFields();
    private final AuditEvents events;

    AksAuditTableFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                "AuditId",
                "Stage",
                "RequestUri",
                "Verb",
                "User",
                "ImpersonatedUser",
                "SourceIps",
                "UserAgent",
                "ObjectRef",
                "ResponseStatus",
                "RequestObject",
                "ResponseObject",
                "RequestReceivedTime",
                "StageReceivedTime",
                "Annotations",
                "PodName",
                "TimeGenerated",
                "_ResourceId");
        this.values = values;
        this.events = new AuditEvents(options, values);
    }

    @Override
    public String name() {
        return Source.KUBERNETES_AUDIT.id();
    }

    @Override
    public About about() {
        return new About(
                "rows of the Log Analytics tables AKSAudit, AKSAuditAdmin, ArcK8sAudit and ArcK8sAuditAdmin",
                "AuditId with Stage or RequestUri; Type",
                "who was impersonated; large bodies");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("AuditId", "Stage"),
                Set.of("AuditId", "RequestUri"),
                Set.of("Type=AKSAudit"),
                Set.of("Type=AKSAuditAdmin"),
                Set.of("Type=ArcK8sAudit"),
                Set.of("Type=ArcK8sAuditAdmin"));
    }

    @Override
    protected void take(Projection row, RecordBytes record, Document document) throws BadRecord {
        Origin around = record.origin();
        AuditFields f = new AuditFields();
        fields = f;
        f.truncated = row.truncated();
        f.auditId = row.text("AuditId", ValueReader.SHORT);
        f.stage = row.name("Stage");
        f.uri = row.text("RequestUri", MAX_URI);
        f.verb = row.name("Verb");
        f.userAgent = row.name("UserAgent");
        f.received = row.time("RequestReceivedTime");
        f.stageTime = row.time("StageReceivedTime");
        members(row, "User", around, (in, part) -> {
            f.userPart = part;
            AuditObjects.user(in, f.ownUser(), true, "User");
        });
        if (column(row, "ImpersonatedUser", around) != null) {
            members(row, "ImpersonatedUser", around, (in, part) -> {
                f.impersonatedPart = part;
                AuditObjects.user(in, f.ownImpersonated(), false, "ImpersonatedUser");
            });
        }
        members(row, "ObjectRef", around, (in, part) -> {
            f.referencePart = part;
            f.objectRead = true;
            AuditObjects.object(in, f);
        });
        members(row, "ResponseStatus", around, (in, part) -> {
            f.statusPart = part;
            AuditObjects.status(in, f);
        });
        members(row, "Annotations", around, (in, part) -> {
            f.annotationsPart = part;
            AuditObjects.annotations(in, f);
        });
        addresses(row, around);
        f.requestBody = AuditFields.Part.apart(body(row, "RequestObject", around));
        f.responseBody = AuditFields.Part.apart(body(row, "ResponseObject", around));
        if (f.truncated && !f.salvageable()) {
            throw new BadRecord("cut off before Stage and AuditId, or User, Verb and RequestUri, were read");
        }
        String flaw = f.stageFlaw();
        if (flaw != null) {
            throw new BadRecord(flaw);
        }
        f.readObjectFromPath();
        Instant generated = row.time("TimeGenerated");
        Origin origin = AzureResource.of(row.text("_ResourceId"))
                .origin(around, row.name("PodName"))
                .at(generated, around.position());
        events.hand(f, new RecordBytes(record.bytes(), record.start(), record.end(), record.cut(), origin), document);
    }

    /** The bytes of a column of structure, null if it is empty. */
    private static @Nullable RecordBytes column(Projection row, String name, Origin origin) throws BadRecord {
        if (row.isObject(name)) {
            return row.object(name);
        }
        if (row.isArray(name)) {
            return row.array(name);
        }
        String text = row.text(name, Integer.MAX_VALUE);
        if (text == null || text.isBlank()) {
            return null;
        }
        byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        return new RecordBytes(bytes, 0, bytes.length, false, origin);
    }

    private void members(Projection row, String name, Origin origin, Members members) throws BadRecord {
        RecordBytes column = column(row, name, origin);
        if (column == null) {
            return;
        }
        try (JsonParser p = values.parser(column.bytes(), column.start(), column.end())) {
            p.nextToken();
            if (values.enterObject(p, name)) {
                members.read(new ParsedValues(p, values), AuditFields.Part.apart(column));
            }
        } catch (JsonParseException e) {
            flawed(e);
        } catch (IOException e) {
            throw new BadRecord(JsonValues.reason(e));
        }
    }

    private void addresses(Projection row, Origin origin) throws BadRecord {
        RecordBytes column = column(row, "SourceIps", origin);
        if (column == null) {
            return;
        }
        try (JsonParser p = values.parser(column.bytes(), column.start(), column.end())) {
            p.nextToken();
            fields.sources = SourceAddresses.of(values.lastTexts(p, "SourceIps", MAX_ADDRESSES));
        } catch (JsonParseException e) {
            flawed(e);
        } catch (IOException e) {
            throw new BadRecord(JsonValues.reason(e));
        }
    }

    /** A column that ends too early was cut, and so was the record. */
    private void flawed(JsonParseException e) throws BadRecord {
        if (!JsonValues.isEndOfInput(e)) {
            throw new BadRecord(JsonValues.reason(e));
        }
        fields.truncated = true;
    }

    private @Nullable RecordBytes body(Projection row, String name, Origin origin) throws BadRecord {
        if (row.isText(name) && LEFT_OUT.equals(row.text(name))) {
            fields.bodiesLeftOut = true;
            return null;
        }
        RecordBytes body = column(row, name, origin);
        boolean structure = body != null && (body.bytes()[body.start()] == '{' || body.bytes()[body.start()] == '[');
        return structure ? body : null;
    }
}
