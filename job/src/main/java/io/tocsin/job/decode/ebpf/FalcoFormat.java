package io.tocsin.job.decode.ebpf;

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
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Times;
import io.tocsin.job.decode.ToldTimes;
import io.tocsin.network.Networks;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Falco's alerts as JSON, from Falco itself or through falcosidekick. {@code reason} is the rule, {@code level} the priority, {@code
 * message} the output. {@code <NA>} is absent wherever it stands.
 *
 * <p>{@code hostname} is the node's name only where somebody set it so, and a pod's otherwise: the node is that of the Kubernetes
 * fields, else that of the collector which read the output of Falco itself.
 */
public final class FalcoFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new FalcoFormat(options, values);
        }
    }

    /** Whoever hands on the alerts of others stands on a node that has nothing to do with them. */
    private static final String FORWARDER = "sidekick";

    private static final byte[] TIME = ObjectOutline.name("time");
    private static final String SYSCALL = "syscall";
    private static final String K8S_AUDIT = "k8s_audit";

    private final SystemCallAlert systemCall;
    private final AuditAlert audit;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    FalcoFormat(DecoderOptions options, JsonValues values) {
        super(options, values, AlertField.paths());
        Networks networks = options.networks();
        this.systemCall = new SystemCallAlert(networks, values);
        this.audit = new AuditAlert(networks, values);
    }

    @Override
    public String name() {
        return Source.FALCO.id();
    }

    @Override
    public About about() {
        return new About(
                "Falco's JSON alerts, falcosidekick's too",
                "priority and rule with output, output_fields, or source and time",
                "the node, unless a collector or a Kubernetes field tells it; whatever the rule's output leaves out");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("output", "priority", "rule"),
                Set.of("output_fields", "priority", "rule"),
                Set.of("priority", "rule", "source", "time"));
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        AlertFields p = new AlertFields(object);
        if (!object.truncated()) {
            object.object(AlertField.FIELDS.path); // must be an object, whichever
        }
        String rule = p.name(AlertField.RULE);
        if (rule == null && !object.truncated()) {
            throw new BadRecord("rule is missing");
        }
        Instant time = document.timeOf(record, time(object, p), object.truncated());
        String uuid = object.text(AlertField.UUID.path);
        if (uuid == null) {
            Document.begin(event, Source.FALCO, time, record);
        } else {
            Document.begin(
                    event, Source.FALCO, time, record, new Digest().add(uuid).hex());
        }
        // What the envelopes tell is where Falco runs.
        event.place = Place.NONE;
        event.namespace = null;
        event.reason = rule;
        String priority = object.name(AlertField.PRIORITY.path);
        event.level = priority == null ? null : priority.toLowerCase(Locale.ROOT);
        String output = object.text(AlertField.OUTPUT.path);
        event.message = output == null ? object.text(AlertField.MESSAGE.path) : output;
        event.truncated = object.truncated();
        String source = object.name(AlertField.SOURCE.path);
        if (K8S_AUDIT.equals(source) || (source == null && p.has(AlertField.AUDIT_VERB, AlertField.AUDIT_USER))) {
            audit.read(p, event);
        } else if (source == null || source.equals(SYSCALL)) {
            Place collector = record.origin().place();
            boolean forwarded = collector.pod() != null && collector.pod().contains(FORWARDER);
            systemCall.read(p, event, forwarded ? null : collector.node());
        }
        document.event(event, record);
    }

    private static @Nullable Instant time(Projection object, AlertFields p) throws BadRecord {
        Instant time = object.time(AlertField.TIME.path);
        if (time != null) {
            return time;
        }
        for (AlertField field : List.of(AlertField.EVT_TIME, AlertField.EVT_TIME_ISO, AlertField.EVT_RAWTIME)) {
            String text = p.text(field);
            // As text it may be a time of day, which says too little.
            Instant told = text == null ? null : text.indexOf('T') > 0 ? Rfc3339.parse(text) : nanos(text);
            if (told != null) {
                return told;
            }
        }
        return null;
    }

    private static @Nullable Instant nanos(String text) {
        return text.length() < 19 ? null : Times.nanos(text);
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        return times.outline().timeOfFirst(TIME);
    }
}
