package io.tocsin.job.decode.audit;

import io.tocsin.event.Digest;
import io.tocsin.event.EventField;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.QueryString;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges what was read of audit records, in whatever form they came, and makes events of them.
 *
 * <p>Counted are final stages, and the start of what runs long (watch, exec, attach, portforward, proxy, log with follow), since
 * its completion is written when it ends, perhaps hours later. A completion later than {@link #START_COUNTED} after the request
 * is skipped once this decoder has seen that the cluster's policy logs starts: the start was counted. A sooner one is an event
 * again, with the id of its start. A record of a form that knows no stages counts.
 */
final class AuditEvents {
    static final Duration START_COUNTED = Duration.ofSeconds(30);
    /** Why a record doesn't count that is of another stage than the one that does. */
    static final String STAGE = "stage";

    private static final int MAX_SCOPES = 10_000;

    private final JsonValues values;
    private final Networks networks;
    private final boolean wantsArns;
    private final BodyPlaces places;
    private final Bodies bodies;
    private final AuditContents contents;
    /** Clusters whose policy logs the start of what runs long. */
    private final Set<String> startsLogged = new HashSet<>();

    AuditEvents(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.networks = options.networks();
        this.wantsArns = options.fields().contains(EventField.MENTIONED_ARNS);
        this.places = new BodyPlaces(options, values);
        this.bodies = new Bodies(options, values);
        this.contents = new AuditContents(options, values);
    }

    /** Hands on what the record is: an event, a skip, or a dead letter if nothing tells its time. */
    void hand(AuditFields f, RecordBytes record, Document document) {
        if ("RequestReceived".equals(f.stage)) {
            received(f, record.origin(), document);
            return;
        }
        boolean longRunning = isLongRunning(f);
        if (!counts(f, record.origin().scope(), longRunning)) {
            document.skip(STAGE);
            return;
        }
        Instant time = time(f, record, document, longRunning);
        if (time == null) {
            document.deadLetter(
                    record,
                    f.truncated
                            ? "cut off before its timestamps, and nothing around it tells the time"
                            : "stageTimestamp, requestReceivedTimestamp and timestamp are missing");
            return;
        }
        document.event(build(f, record, time, longRunning));
    }

    /** No event, but to be answered. */
    private static void received(AuditFields f, Origin origin, Document document) {
        Instant time = f.received != null ? f.received : f.stageTime;
        if (time == null) {
            document.skip(STAGE);
            return;
        }
        document.received(
                new ReceivedRequest(time, origin.cluster(), origin.scope(), origin.account(), f.verb, f.subresource),
                STAGE);
    }

    /** Whether this is the stage at which the request counts; it is not that of its receipt. */
    private boolean counts(AuditFields f, String scope, boolean longRunning) {
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
            return f.truncated && f.code == 0;
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

    private static @Nullable Instant time(AuditFields f, RecordBytes record, Document document, boolean longRunning) {
        if (longRunning && f.received != null) {
            return f.received;
        }
        if (f.stageTime != null) {
            return f.stageTime;
        }
        if (f.truncated) {
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

    private SecurityEvent build(AuditFields f, RecordBytes record, Instant time, boolean longRunning) {
        Origin origin = record.origin();
        Network network = networks.of(origin.cluster());
        AuditFields.User effective = f.impersonated.present ? f.impersonated : f.user;
        SecurityEvent.Builder event = SecurityEvent.builder();
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
        UserFacts facts = UserFacts.of(f.user, values.recurring());
        event.credentialId = facts.credentialId();
        event.credentialPod = facts.pod();
        event.credentialPodUid = f.user.podUid;
        event.longOver = endsLong(f, longRunning);
        event.credentialNode = f.user.nodeName;
        event.arn = facts.arn();
        event.sessionName = f.user.sessionName;
        event.accessKeyId = f.user.accessKeyId;
        SourceAddresses.Caller caller = f.onlyClaimed ? f.sources.claimed() : f.sources.caller(network);
        event.peer = caller.peer();
        event.zone = caller.zone();
        event.claimed = caller.claimed();
        event.userAgent = f.userAgent;
        event.verb = f.verb;
        event.apiGroup = f.apiGroup;
        event.resource = f.resource;
        event.subresource = f.subresource;
        event.namespace = f.namespace;
        event.name = f.name;
        event.uri = f.uri;
        event.dryRun = f.annotations.dryRun || QueryString.has(f.uri, "dryRun", "All");
        event.outcome = outcome(f, longRunning);
        event.code = f.code;
        event.reason = f.code == 403 && f.annotations.decision == null && f.impersonationRefusal != null
                ? f.impersonationRefusal
                : f.annotations.reason;
        event.issuedCredentialId = f.annotations.issuedCredentialId;
        event.mentionedArns = mentionedArns(record, f);
        event.truncated = f.truncated || f.bodiesLeftOut || f.annotations.truncated;
        boolean done = event.outcome == Outcome.SUCCESS && !event.dryRun;
        Place place = done ? places.of(f, record, network) : Place.NONE;
        // Where the object is, if the request changed or showed it; and the node that called.
        event.place = f.impersonated.present ? place : place.or(facts.place());
        event.body = done ? bodies.of(f, record) : ObjectBody.NONE;
        event.content = contents.of(f, record);
        return event.build();
    }

    private static Outcome outcome(AuditFields f, boolean longRunning) {
        int code = f.code;
        if (f.outcome != null) {
            return f.outcome;
        }
        if (code == 0) {
            if ("allow".equals(f.annotations.decision)) {
                return Outcome.SUCCESS;
            }
            return "forbid".equals(f.annotations.decision) ? Outcome.DENIED : Outcome.UNKNOWN;
        }
        if (code >= 200 && code <= 299) {
            return Outcome.SUCCESS;
        }
        return switch (code) {
            // A watch over a WebSocket switches protocols too.
            case 101 -> longRunning ? Outcome.SUCCESS : Outcome.ERROR;
            case 401 -> Outcome.UNAUTHENTICATED;
            case 403 -> "allow".equals(f.annotations.decision) ? Outcome.ADMISSION_DENIED : Outcome.DENIED;
            case 429 -> Outcome.THROTTLED;
            default -> Outcome.ERROR;
        };
    }

    private List<String> mentionedArns(RecordBytes record, AuditFields f) {
        if (!wantsArns
                || !"configmaps".equals(f.resource)
                || !"aws-auth".equals(f.name)
                || !"kube-system".equals(f.namespace)) {
            return List.of();
        }
        Set<String> arns = new LinkedHashSet<>();
        collect(record, f.requestBody, arns);
        collect(record, f.responseBody, arns);
        return List.copyOf(arns);
    }

    private void collect(RecordBytes record, AuditFields.Part body, Set<String> arns) {
        RecordBytes content = body.in(record);
        if (content != null) {
            MentionedArns.collect(values, content.bytes(), content.start(), content.end(), arns);
        }
    }
}
