package io.tocsin.job.decode.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.google.auto.service.AutoService;
import io.tocsin.event.Outcome;
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
import io.tocsin.job.decode.cloud.GoogleResource;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Audit records of GKE as Cloud Logging holds them: requests to the API server ({@code k8s.io}) and changes to clusters themselves
 * ({@code container.googleapis.com}), which may turn logging off. The latter are about {@code clusters} and the like of the group
 * {@code container.googleapis.com}, with the method's last word as the verb.
 *
 * <p>An operation that is written when it starts and when it ends counts when it starts.
 */
public final class GkeAuditFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new GkeAuditFormat(options, values);
        }
    }

    private static final String SERVER = "k8s.io";
    private static final String CLUSTERS = "container.googleapis.com";
    private static final String PAYLOAD = "protoPayload/";
    private static final String CODE = PAYLOAD + "status/code";
    private static final List<String> READS = List.of("Get", "List", "Check", "Fetch");

    private final JsonValues values;
    private AuditFields fields = new AuditFields();
    private final AuditEvents events;

    GkeAuditFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                GoogleResource.paths(
                        "insertId",
                        "timestamp",
                        "receiveTimestamp",
                        "labels",
                        "operation/id",
                        "operation/first",
                        "operation/last",
                        PAYLOAD + "serviceName",
                        PAYLOAD + "methodName",
                        PAYLOAD + "resourceName",
                        PAYLOAD + "authenticationInfo/principalEmail",
                        PAYLOAD + "authenticationInfo/principalSubject",
                        PAYLOAD + "authenticationInfo/authoritySelector",
                        PAYLOAD + "requestMetadata/callerIp",
                        PAYLOAD + "requestMetadata/callerSuppliedUserAgent",
                        CODE,
                        PAYLOAD + "status/message",
                        PAYLOAD + "request",
                        PAYLOAD + "response"));
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
                "audit records of GKE in Cloud Logging entries: API server and cluster management",
                "protoPayload",
                "groups, user id, credential and its pod, request URI and so exec commands, HTTP status of success,"
                        + " when the request was received");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("protoPayload"));
    }

    @Override
    protected void take(Projection entry, RecordBytes record, Document document) throws BadRecord {
        String service = entry.name(PAYLOAD + "serviceName");
        String method = entry.name(PAYLOAD + "methodName");
        boolean toServer = SERVER.equals(service) || (method != null && method.startsWith("io.k8s."));
        boolean toClusters = CLUSTERS.equals(service);
        if (!toServer && !toClusters && service != null) {
            document.skip("cloud-service");
            return;
        }
        if (method == null) {
            throw new BadRecord(
                    entry.truncated() ? "cut off before methodName was read" : "protoPayload.methodName is missing");
        }
        String verb = method.substring(method.lastIndexOf('.') + 1);
        if (toClusters && READS.stream().anyMatch(verb::startsWith)) {
            document.skip("cluster-management-read");
            return;
        }
        boolean first = entry.flag("operation/first");
        boolean last = entry.flag("operation/last");
        if (last && !first) {
            document.skip(AuditEvents.STAGE);
            return;
        }
        fields = new AuditFields();
        fields.truncated = entry.truncated();
        read(entry);
        if (toServer) {
            request(method, entry.text(PAYLOAD + "resourceName"));
        } else {
            management(verb, entry.text(PAYLOAD + "resourceName"), GoogleResource.cluster(entry));
        }
        Origin origin = GoogleResource.origin(entry, record.origin());
        Instant received = entry.time("receiveTimestamp");
        events.hand(
                fields,
                new RecordBytes(
                        record.bytes(),
                        record.start(),
                        record.end(),
                        record.cut(),
                        origin.at(received, entry.text("insertId", ValueReader.SHORT))),
                document);
    }

    private void read(Projection entry) throws BadRecord {
        AuditFields f = fields;
        String operation = entry.text("operation/id", ValueReader.SHORT);
        f.auditId = operation != null ? operation : entry.text("insertId", ValueReader.SHORT);
        f.stageTime = entry.time("timestamp");
        f.userAgent = entry.name(PAYLOAD + "requestMetadata/callerSuppliedUserAgent");
        address(entry.text(PAYLOAD + "requestMetadata/callerIp", ValueReader.SHORT));
        annotations(entry.object("labels"));
        f.annotationsPart = AuditFields.Part.apart(entry.object("labels"));
        status(entry);
        String user = entry.name(PAYLOAD + "authenticationInfo/principalEmail");
        f.ownUser().username = user != null ? user : entry.name(PAYLOAD + "authenticationInfo/principalSubject");
        String selected = entry.name(PAYLOAD + "authenticationInfo/authoritySelector");
        boolean refused = f.code == 403 && f.annotations.decision == null;
        if (selected != null && !refused && !selected.equals(f.user.username)) {
            f.ownImpersonated().present = true;
            f.ownImpersonated().username = selected;
        }
        f.requestBody = AuditFields.Part.apart(body(entry, PAYLOAD + "request"));
        f.responseBody = AuditFields.Part.apart(body(entry, PAYLOAD + "response"));
    }

    private static @Nullable RecordBytes body(Projection entry, String path) throws BadRecord {
        if (entry.isArray(path)) {
            return entry.array(path);
        }
        return entry.isObject(path) ? entry.object(path) : null;
    }

    /** Google writes words such as {@code private} where it withholds the address. */
    private void address(@Nullable String caller) {
        boolean address = caller != null && (caller.indexOf('.') > 0 || caller.indexOf(':') >= 0);
        fields.sources = address && caller != null ? SourceAddresses.of(List.of(caller)) : SourceAddresses.NONE;
    }

    /** The labels are the annotations of the audit event. */
    private void annotations(@Nullable RecordBytes labels) throws BadRecord {
        if (labels == null) {
            return;
        }
        try (JsonParser p = values.parser(labels.bytes(), labels.start(), labels.end())) {
            p.nextToken();
            AuditObjects.annotations(new ParsedValues(p, values), fields);
        } catch (IOException e) {
            throw new BadRecord(JsonValues.reason(e));
        }
    }

    private void status(Projection entry) throws BadRecord {
        AuditFields f = fields;
        long code = entry.integer(CODE, 0, Integer.MAX_VALUE, RpcCode.OK);
        f.code = RpcCode.httpStatus((int) code);
        if (f.code != 0) {
            String message = entry.text(PAYLOAD + "status/message", ValueReader.SHORT);
            f.statusMessage = message;
            f.impersonationRefusal = message != null && message.contains("cannot impersonate") ? message : null;
        } else if (code != RpcCode.OK) {
            f.outcome = Outcome.ERROR;
        } else if (f.truncated) {
            f.outcome = Outcome.UNKNOWN;
        } else {
            f.outcome = "forbid".equals(f.annotations.decision) ? Outcome.DENIED : Outcome.SUCCESS;
        }
    }

    private void request(String method, @Nullable String resource) {
        GkeRequest request = GkeRequest.of(method, resource);
        fields.verb = request.verb();
        fields.apiGroup = request.apiGroup();
        fields.resource = request.resource();
        fields.subresource = request.subresource();
        fields.namespace = request.namespace();
        fields.name = request.name();
        fields.uri = request.path();
    }

    /** A change to a cluster: {@code projects/P/locations/L/clusters/NAME/nodePools/NAME}. */
    private void management(String verb, @Nullable String resource, @Nullable String cluster) {
        fields.verb = verb;
        fields.apiGroup = CLUSTERS;
        fields.resource = "clusters";
        fields.name = cluster;
        int end = resource == null ? -1 : resource.lastIndexOf('/');
        int pools = resource == null || end < 0 ? -1 : resource.lastIndexOf("/nodePools/", end);
        if (resource != null && pools >= 0) {
            fields.resource = "nodepools";
            fields.name = resource.substring(end + 1);
        }
    }
}
