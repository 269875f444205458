package io.tocsin.job.decode;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import io.tocsin.event.Arns;
import io.tocsin.event.Digest;
import io.tocsin.event.EventField;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code audit.k8s.io} events of all versions: one object, several in a row, or an EventList.
 *
 * <p>Counted are final stages, and the start of what runs long (watch, exec, attach, portforward, proxy, log with follow), since
 * its completion is written when it ends, perhaps hours later. A completion later than {@link #START_COUNTED} after the request
 * is skipped once this decoder has seen that the cluster's policy logs starts: the start was counted. A sooner one is an event
 * again, with the id of its start.
 */
final class AuditFormat implements Format {
    static final Duration START_COUNTED = Duration.ofSeconds(30);
    private static final String STAGE = "stage";
    private static final int MAX_CLAIMED = 16;
    private static final int MAX_SCOPES = 10_000;
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";
    private static final Set<String> VERSIONS =
            Set.of("audit.k8s.io/v1", "audit.k8s.io/v1beta1", "audit.k8s.io/v1alpha1");

    private final JsonValues values;
    private final PlainValues plain;
    private final AuditReader reader;
    private final AuditFields fields = new AuditFields();
    private final SecurityEvent.Builder event = SecurityEvent.builder();
    private final Networks networks;
    private final boolean wantsArns;
    private final int maxRecordBytes;
    /** Clusters whose policy logs the start of what runs long. */
    private final Set<String> startsLogged = new HashSet<>();

    AuditFormat(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.plain = new PlainValues(values.recurring());
        this.networks = options.networks();
        this.wantsArns = options.fields().contains(EventField.MENTIONED_ARNS);
        this.maxRecordBytes = options.maxRecordBytes();
        this.reader = new AuditReader(wantsArns);
    }

    @Override
    public String name() {
        return Source.KUBERNETES_AUDIT.id();
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
                fields.clear();
                plain.reset(record.bytes(), record.start(), limit);
                if (reader.read(plain, fields)) {
                    int end = record.start() + plain.position();
                    finish(record.to(end), document, item, false);
                    return end;
                }
            } catch (IOException | BadRecord e) {
                // Unusual: the parser tells whether it is bad.
            }
        }
        fields.clear();
        String reason;
        try (JsonParser p = values.parser(record.bytes(), record.start(), limit)) {
            p.nextToken();
            if (!reader.read(new ParsedValues(p, values), fields)) {
                return item ? nestedList(record, document) : list(record, document);
            }
            int end = record.start() + (int) p.currentLocation().getByteOffset();
            boolean cut = record.cut() && JsonScanner.skipSpace(record.bytes(), end, record.end()) == record.end();
            finish(record.to(end), document, item, cut);
            return end;
        } catch (BadRecord e) {
            reason = e.reason();
        } catch (JsonParseException e) {
            int end = end(record);
            if (JsonValues.isEndOfInput(e)) {
                finish(record.to(end), document, item, true);
                return end;
            }
            if (end < record.end() && record.bytes()[end] == '\n' && limit > end) {
                // The line breaks off inside a string and another line follows: the same as the end of the input.
                event(new RecordBytes(record.bytes(), record.start(), end, true, record.origin()), document, item);
                return end;
            }
            if (CutScalar.endsInput(record.bytes(), record.start(), limit, e.getLocation())) {
                finish(record.to(end), document, item, true);
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

    /** Judges what was read. */
    private void finish(RecordBytes record, Document document, boolean item, boolean truncated) {
        AuditFields f = fields;
        String flaw = flaw(record, item, truncated);
        if (flaw != null) {
            document.deadLetter(record, flaw);
            return;
        }
        if (truncated) {
            f.code = f.code < 100 ? 0 : f.code;
            if (!f.objectRead) {
                RequestPath path = RequestPath.of(f.uri);
                f.apiGroup = path.apiGroup();
                f.resource = path.resource();
                f.subresource = path.subresource();
                f.namespace = path.namespace();
                f.name = path.name();
            }
        }
        boolean longRunning = isLongRunning(f);
        if (!counts(record.origin().scope(), longRunning, truncated)) {
            document.skip(STAGE);
            return;
        }
        Instant time = time(record, document, longRunning, truncated);
        if (time == null) {
            document.deadLetter(
                    record,
                    truncated
                            ? "cut off before its timestamps, and nothing around it tells the time"
                            : "stageTimestamp, requestReceivedTimestamp and timestamp are missing");
            return;
        }
        document.event(build(record, time, truncated));
    }

    private @Nullable String flaw(RecordBytes record, boolean item, boolean truncated) {
        AuditFields f = fields;
        if (!item && !truncated && !f.looksLikeAudit()) {
            return "not a kubernetes-audit record: " + Excerpt.of(record.bytes(), record.start(), record.end());
        }
        if (f.kind != null && !f.kind.equals("Event")) {
            return "kind must be Event: " + Excerpt.of("\"" + f.kind + "\"");
        }
        if (f.apiVersion != null && !VERSIONS.contains(f.apiVersion)) {
            return version(Excerpt.of("\"" + f.apiVersion + "\""));
        }
        if (truncated && !f.salvageable()) {
            return "cut off before stage and auditID, or user, verb and requestURI, were read";
        }
        if (f.stage == null) {
            return truncated ? null : "stage is missing";
        }
        return switch (f.stage) {
            case "RequestReceived", "ResponseStarted", "ResponseComplete", "Panic" -> null;
            default ->
                "stage must be RequestReceived, ResponseStarted, ResponseComplete or Panic: "
                        + Excerpt.of("\"" + f.stage + "\"");
        };
    }

    /** Whether this is the stage at which the request counts. */
    private boolean counts(String scope, boolean longRunning, boolean truncated) {
        AuditFields f = fields;
        if ("RequestReceived".equals(f.stage)) {
            return false;
        }
        if ("ResponseStarted".equals(f.stage)) {
            if (f.code == 401) {
                return true;
            }
            if (longRunning) {
                if (startsLogged.size() < MAX_SCOPES) {
                    startsLogged.add(scope);
                }
                return true;
            }
            // Nothing but what runs long and failed authentication reaches this stage: a cut record may be the latter.
            return truncated && f.code == 0;
        }
        return !(endsLong(f, longRunning) && startsLogged.contains(scope));
    }

    private static boolean endsLong(AuditFields f, boolean longRunning) {
        return "ResponseComplete".equals(f.stage)
                && longRunning
                && f.stageTime != null
                && f.received != null
                && f.stageTime.isAfter(f.received.plus(START_COUNTED));
    }

    private static boolean isLongRunning(AuditFields f) {
        return "watch".equals(f.verb)
                || isStreaming(f.subresource)
                || ("log".equals(f.subresource) && QueryString.on(f.uri, "follow"));
    }

    private static boolean isStreaming(@Nullable String subresource) {
        if (subresource == null) {
            return false;
        }
        return switch (subresource) {
            case "exec", "attach", "portforward", "proxy" -> true;
            default -> false;
        };
    }

    private @Nullable Instant time(RecordBytes record, Document document, boolean longRunning, boolean truncated) {
        AuditFields f = fields;
        if (longRunning && f.received != null) {
            return f.received;
        }
        if (f.stageTime != null) {
            return f.stageTime;
        }
        if (truncated) {
            // What is left of the record may be older than it: a request is received before it is answered.
            if (record.origin().time() != null) {
                return record.origin().time();
            }
            if (document.fallbackTime() != null) {
                return document.fallbackTime();
            }
        }
        if (f.received != null) {
            return f.received;
        }
        if (f.legacyTime != null) {
            return f.legacyTime;
        }
        return f.created != null ? f.created : record.origin().time();
    }

    private SecurityEvent build(RecordBytes record, Instant time, boolean truncated) {
        AuditFields f = fields;
        Origin origin = record.origin();
        AuditFields.User effective = f.impersonated.present ? f.impersonated : f.user;
        event.clear();
        event.time = time;
        event.source = Source.KUBERNETES_AUDIT;
        event.cluster = origin.cluster();
        event.scope = origin.scope();
        event.account = origin.account();
        event.instance = origin.instance();
        event.auditId = f.auditId;
        event.received = f.received != null ? f.received : f.legacyTime;
        if (f.auditId == null) {
            event.recordId = new Digest()
                    .add(record.bytes(), record.start(), record.end() - record.start())
                    .add(origin.position())
                    .hex();
        }
        event.user = effective.username;
        event.userUid = effective.uid;
        event.groups = effective.groups;
        event.impersonator = f.impersonated.present ? f.user.username : null;
        event.credentialId = credentialId(f.credentialId);
        event.credentialPod = credentialPod(f);
        event.credentialPodUid = f.podUid;
        event.longOver = endsLong(f, isLongRunning(f));
        event.credentialNode = f.nodeName;
        String arn = Arns.canonical(f.canonicalArn != null ? f.canonicalArn : f.arn);
        event.arn = arn == null ? null : values.recurring().of(arn);
        event.sessionName = f.sessionName;
        event.accessKeyId = f.accessKeyId;
        address(f, networks.of(origin.cluster()));
        event.userAgent = f.userAgent;
        event.verb = f.verb;
        event.apiGroup = f.apiGroup;
        event.resource = f.resource;
        event.subresource = f.subresource;
        event.namespace = f.namespace;
        event.name = f.name;
        event.uri = f.uri;
        event.dryRun = QueryString.has(f.uri, "dryRun", "All");
        event.outcome = outcome(f);
        event.code = f.code;
        event.reason = f.code == 403 && f.decision == null && f.impersonationRefusal != null
                ? f.impersonationRefusal
                : f.reason;
        event.issuedCredentialId = f.issuedCredentialId;
        event.mentionedArns = mentionedArns(record, f);
        event.truncated = truncated;
        return event.build();
    }

    private static @Nullable String credentialId(@Nullable String id) {
        return id != null && (id.startsWith("JTI=") || id.startsWith("X509SHA256=")) ? id : null;
    }

    /** {@code namespace/name}: a service account's pod is in the account's namespace. */
    private @Nullable String credentialPod(AuditFields f) {
        String user = f.user.username;
        if (f.podName == null || user == null || !user.startsWith(ACCOUNT_PREFIX)) {
            return f.podName;
        }
        int colon = user.indexOf(':', ACCOUNT_PREFIX.length());
        return colon < 0
                ? f.podName
                : values.recurring().of(user.substring(ACCOUNT_PREFIX.length(), colon) + "/" + f.podName);
    }

    private void address(AuditFields f, Network network) {
        List<String> chain = f.sourceIps;
        int index = network.peerIndex(chain);
        Network.Address peer = index < 0 ? null : network.address(chain.get(index));
        if (peer == null) {
            // Nobody vouches for any of them.
            event.claimed = chain.isEmpty() ? List.of() : List.copyOf(tail(chain, chain.size()));
            return;
        }
        event.peer = peer.canonical();
        event.zone = peer.zone();
        event.claimed = index == 0 ? List.of() : List.copyOf(tail(chain, index));
    }

    /** The last claimed addresses in front of {@code end}. */
    private static List<String> tail(List<String> chain, int end) {
        return chain.subList(Math.max(0, end - MAX_CLAIMED), end);
    }

    private static Outcome outcome(AuditFields f) {
        int code = f.code;
        if (code == 0) {
            if ("allow".equals(f.decision)) {
                return Outcome.SUCCESS;
            }
            return "forbid".equals(f.decision) ? Outcome.DENIED : Outcome.UNKNOWN;
        }
        if (code >= 200 && code <= 299) {
            return Outcome.SUCCESS;
        }
        return switch (code) {
            // A watch over a WebSocket switches protocols too.
            case 101 -> isLongRunning(f) ? Outcome.SUCCESS : Outcome.ERROR;
            case 401 -> Outcome.UNAUTHENTICATED;
            case 403 -> "allow".equals(f.decision) ? Outcome.ADMISSION_DENIED : Outcome.DENIED;
            case 429 -> Outcome.THROTTLED;
            default -> Outcome.ERROR;
        };
    }

    private List<String> mentionedArns(RecordBytes record, AuditFields f) {
        if (!wantsArns
                || !"aws-auth".equals(f.name)
                || !"kube-system".equals(f.namespace)
                || !"configmaps".equals(f.resource)) {
            return List.of();
        }
        Set<String> arns = new LinkedHashSet<>();
        collect(record, f.requestBody, arns);
        collect(record, f.responseBody, arns);
        return List.copyOf(arns);
    }

    private void collect(RecordBytes record, AuditFields.Body body, Set<String> arns) {
        if (body.start >= 0) {
            int end = body.end < 0 ? record.end() : record.start() + body.end;
            MentionedArns.collect(values, record.bytes(), record.start() + body.start, end, arns);
        }
    }
}
