package io.tocsin.job.decode.cloud;

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
import io.tocsin.job.decode.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A resource log record of Azure, as it stands in an event hub's batch and in a storage account, and a row of the table {@code
 * AzureDiagnostics}. Those of AKS and Arc clusters hold an audit event, as text or as an object; the text is cut at 16 KiB or 32,766
 * bytes. Of other categories nothing is read.
 */
public final class AzureRecordFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new AzureRecordFormat(options, values);
        }
    }

    private static final String CATEGORY = "category";
    /** So far into a text its first members show that it is an audit event. */
    private static final int HEAD = 160;

    AzureRecordFormat(DecoderOptions options, JsonValues values) {
        super(
                options.upTo(Document.MAX_INFLATED_BYTES),
                values,
                CATEGORY,
                "Category",
                "time",
                "TimeGenerated",
                "resourceId",
                "ResourceId",
                "_ResourceId",
                "properties",
                "properties/log",
                "properties/pod",
                "log_s",
                "pod_s");
    }

    @Override
    public String name() {
        return "azure-record";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About(
                "resource log records of AKS and Arc clusters: event hub, storage account, table AzureDiagnostics",
                "category with resourceId; Category or pod_s with log_s",
                "what stands behind 16 KiB of an event (32,766 bytes in the table), of which the head is read");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of(CATEGORY, "resourceId"),
                Set.of(CATEGORY, "ResourceId"),
                Set.of("Category", "log_s"),
                Set.of("log_s", "pod_s"));
    }

    @Override
    protected void take(Projection row, RecordBytes record, Document document) throws BadRecord {
        boolean object = row.isObject("properties/log");
        String text = object ? null : text(row);
        String category = first(row, CATEGORY, "Category");
        boolean audit = category != null && category.toLowerCase(Locale.ROOT).startsWith("kube-audit");
        if (object ? !audit : !isAudit(audit, text)) {
            document.skip(CATEGORY);
            return;
        }
        Origin origin = origin(row, record.origin());
        RecordBytes log = row.object(object ? "properties/log" : "properties");
        if (object && log != null) {
            document.unwrap(new RecordBytes(log.bytes(), log.start(), log.end(), false, origin));
        } else if (text == null) {
            row.text("properties/log");
            throw new BadRecord(
                    row.truncated() ? "cut off before properties.log was read" : "properties.log is missing");
        } else {
            byte[] inner = text.getBytes(StandardCharsets.UTF_8);
            document.unwrap(new RecordBytes(inner, 0, inner.length, isCut(text), origin));
        }
    }

    private static @Nullable String text(Projection row) throws BadRecord {
        if (row.isText("log_s") || row.isText("properties/log")) {
            return row.text(row.isText("log_s") ? "log_s" : "properties/log", Integer.MAX_VALUE);
        }
        return null;
    }

    /** Whether the text is an audit event, or should be. Control plane components write klog's lines to the same place. */
    private static boolean isAudit(boolean category, @Nullable String text) {
        if (text == null) {
            return category;
        }
        if (category) {
            return !Texts.isKlog(text);
        }
        return text.startsWith("{")
                && text.substring(0, Math.min(text.length(), HEAD)).contains("\"audit.k8s.io/");
    }

    private static boolean isCut(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) <= ' ') {
            end--;
        }
        return end > 0 && text.charAt(end - 1) != '}';
    }

    private static Origin origin(Projection row, Origin around) throws BadRecord {
        String id = first(row, "resourceId", "ResourceId");
        id = id != null ? id : row.text("_ResourceId");
        String pod = row.isObject("properties") ? row.name("properties/pod") : null;
        Instant time = row.time("time");
        return AzureResource.of(id)
                .origin(around, pod != null ? pod : row.name("pod_s"))
                .at(time != null ? time : row.time("TimeGenerated"), around.position());
    }

    private static @Nullable String first(Projection row, String path, String other) throws BadRecord {
        String text = row.text(path);
        return text != null ? text : row.text(other);
    }
}
