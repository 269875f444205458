package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The API servers' audit log, under a policy that omits RequestReceived and writes bodies for RBAC and {@code aws-auth} only.
 * A line is logged up to {@value #DELAY_MICROS} microseconds after its stage, because two servers' files are merged.
 */
final class AuditLog extends SourceLog {
    static final long DELAY_MICROS = 200_000;

    private static final byte[] HEAD = ascii("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"");
    private static final byte[] METADATA = ascii("Metadata\",\"auditID\":\"");
    private static final byte[] WITH_BODIES = ascii("RequestResponse\",\"auditID\":\"");
    private static final byte[] COMPLETE = ascii("\",\"stage\":\"ResponseComplete\",\"requestURI\":\"");
    private static final byte[] STARTED = ascii("\",\"stage\":\"ResponseStarted\",\"requestURI\":\"");
    private static final byte[] STATUS = ascii("\"responseStatus\":{\"metadata\":{},\"code\":");
    private static final byte[] DELETED = ascii("\"responseStatus\":{\"metadata\":{},\"status\":\"Success\",\"code\":");
    private static final byte[] RECEIVED = ascii("\"requestReceivedTimestamp\":\"");
    private static final byte[] REACHED = ascii("\",\"stageTimestamp\":\"");
    private static final byte[] ALLOWED =
            ascii("\",\"annotations\":{\"authorization.k8s.io/decision\":\"allow\",\"authorization.k8s.io/reason\":");
    private static final byte[] FORBIDDEN = ascii(
            "\",\"annotations\":{\"authorization.k8s.io/decision\":\"forbid\",\"authorization.k8s.io/reason\":\"\"");
    private static final byte[] ISSUED = ascii("\"authentication.kubernetes.io/issued-credential-id\":\"JTI=");
    private static final byte[] END = ascii("}}");
    private static final byte[] NOTHING = {};

    AuditLog(Timeline timeline, Chance chance) {
        super(timeline, Source.KUBERNETES_AUDIT, chance);
    }

    /** A request that succeeds. */
    void call(Caller caller, Request request, long at) {
        answer(caller, request, request.creates() ? 201 : 200, at);
    }

    /** A request with this answer: 2xx, 403, 404 or 409. */
    void answer(Caller caller, Request request, int code, long at) {
        long done = at + latency(request);
        begin(METADATA, chance.bits(), chance.bits(), COMPLETE, request, NOTHING, caller);
        status(caller, request, code);
        finish(caller, code, at, done, null);
    }

    /** A TokenRequest that issues a token with this id. */
    void issueToken(Caller caller, Request request, String tokenId, long at) {
        begin(METADATA, chance.bits(), chance.bits(), COMPLETE, request, NOTHING, caller);
        status(caller, request, 201);
        finish(caller, 201, at, at + latency(request), tokenId);
    }

    /** A change at level RequestResponse; the bodies are JSON. */
    void change(Caller caller, Request request, String requestBody, String responseBody, long at) {
        begin(WITH_BODIES, chance.bits(), chance.bits(), COMPLETE, request, NOTHING, caller);
        status(caller, request, request.creates() ? 201 : 200);
        line.ascii("\"requestObject\":").ascii(requestBody);
        line.ascii(",\"responseObject\":").ascii(responseBody).ascii(",");
        finish(caller, 200, at, at + latency(request), null);
    }

    /** A watch: one line when it starts, one when it ends some minutes later. */
    void watch(Caller caller, Request request, long at) {
        long seconds = chance.between(300, 599);
        byte[] query = ascii("?allowWatchBookmarks=true\\u0026resourceVersion=" + (at / 400_000 % 100_000_000)
                + "\\u0026timeout=" + seconds / 60 + "m" + seconds % 60 + "s\\u0026timeoutSeconds=" + seconds
                + "\\u0026watch=true");
        stream(caller, request, query, 200, at, seconds * 1_000_000);
    }

    /** An exec, attach, port-forward or followed log: one line when it starts, one when it ends. */
    void stream(Caller caller, Request request, int code, long at, long durationMicros) {
        stream(caller, request, NOTHING, code, at, durationMicros);
    }

    private void stream(Caller caller, Request request, byte[] query, int code, long at, long durationMicros) {
        long high = chance.bits();
        long low = chance.bits();
        long started = at + chance.between(900, 9_000);
        begin(METADATA, high, low, STARTED, request, query, caller);
        status(caller, request, code);
        finish(caller, code, at, started, null);
        // The end is logged with the credential the stream began with.
        byte[] user = caller.user;
        byte[] peer = caller.peer;
        byte[] agent = caller.agent;
        byte[] reason = caller.reason;
        timeline().at(started + durationMicros, now -> {
            begin(METADATA, high, low, COMPLETE, request, query, user, peer, agent);
            status(caller, request, code);
            finish(reason, code, at, now, null);
        });
    }

    /** A request that no authenticator accepted: a single line, without a user and without a decision. */
    void unauthenticated(String address, String agent, Request request, String attempted, long at) {
        long done = at + chance.between(300, 4_000);
        line.clear().raw(HEAD).raw(METADATA).uuid(chance.bits(), chance.bits()).raw(STARTED);
        line.raw(request.uri).raw(request.verbField).ascii("\"user\":{},\"sourceIPs\":[");
        line.json(address).ascii("],\"userAgent\":").json(agent).ascii(",").raw(request.objectRef);
        line.ascii("\"responseStatus\":{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Authentication failed, ");
        line.ascii(attempted).ascii("\",\"code\":401},");
        line.raw(RECEIVED).micros(at).raw(REACHED).micros(done).ascii("\"}");
        delayed(done);
    }

    private void begin(byte[] level, long high, long low, byte[] stage, Request request, byte[] query, Caller caller) {
        begin(level, high, low, stage, request, query, caller.user, caller.peer, caller.agent);
    }

    private void begin(
            byte[] level,
            long high,
            long low,
            byte[] stage,
            Request request,
            byte[] query,
            byte[] user,
            byte[] peer,
            byte[] agent) {
        line.clear()
                .raw(HEAD)
                .raw(level)
                .uuid(high, low)
                .raw(stage)
                .raw(request.uri)
                .raw(query);
        line.raw(request.verbField).raw(user).raw(peer).raw(agent).raw(request.objectRef);
    }

    private void finish(Caller caller, int code, long received, long reached, @Nullable String issued) {
        finish(caller.reason, code, received, reached, issued);
    }

    private void finish(byte[] reason, int code, long received, long reached, @Nullable String issued) {
        line.raw(RECEIVED).micros(received).raw(REACHED).micros(reached);
        if (code == 403) {
            line.raw(FORBIDDEN);
        } else if (issued != null) {
            // Annotations are a map, written in the order of their keys.
            line.ascii("\",\"annotations\":{").raw(ISSUED).ascii(issued).ascii("\",");
            line.ascii("\"authorization.k8s.io/decision\":\"allow\",\"authorization.k8s.io/reason\":")
                    .raw(reason);
        } else {
            line.raw(ALLOWED).raw(reason);
        }
        line.raw(END);
        delayed(reached);
    }

    private void delayed(long reached) {
        log(reached + chance.between(0, DELAY_MICROS));
    }

    private void status(Caller caller, Request request, int code) {
        if (code < 400) {
            boolean gone = request.verb.equals("delete") && request.api != null && !request.api.equals(Api.PODS);
            line.raw(gone ? DELETED : STATUS).number(code).ascii("},");
            return;
        }
        String message;
        String reason;
        if (code == 403) {
            message = forbidden(caller, request);
            reason = "Forbidden";
        } else if (code == 409) {
            message = "Operation cannot be fulfilled on " + qualified(request)
                    + ": the object has been modified; please apply your changes to the latest version and try again";
            reason = "Conflict";
        } else {
            message = qualified(request) + " not found";
            reason = "NotFound";
        }
        line.ascii("\"responseStatus\":{\"metadata\":{},\"status\":\"Failure\",\"message\":")
                .json(message)
                .ascii(",\"reason\":\"")
                .ascii(reason)
                .ascii("\",\"details\":{");
        if (request.api != null) {
            if (request.name != null) {
                line.ascii("\"name\":").json(request.name).ascii(",");
            }
            if (!request.api.group().isEmpty()) {
                line.ascii("\"group\":").json(request.api.group()).ascii(",");
            }
            line.ascii("\"kind\":").json(request.api.resource());
        }
        line.ascii("},\"code\":").number(code).ascii("},");
    }

    private static String qualified(Request request) {
        Api api = request.api;
        return api == null
                ? "the server could not find the requested resource"
                : api.qualified() + (request.name == null ? "" : " \"" + request.name + "\"");
    }

    private static String forbidden(Caller caller, Request request) {
        Api api = request.api;
        if (api == null) {
            String path = new String(request.uri, StandardCharsets.US_ASCII);
            return "forbidden: User \"%s\" cannot %s path \"%s\"".formatted(caller.username(), request.verb, path);
        }
        String resource = api.resource() + (request.subresource == null ? "" : "/" + request.subresource);
        return "%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
                .formatted(
                        qualified(request),
                        caller.username(),
                        request.verb,
                        resource,
                        api.group(),
                        request.namespace == null
                                ? "at the cluster scope"
                                : "in the namespace \"" + request.namespace + "\"");
    }

    private long latency(Request request) {
        int tail = chance.below(100);
        long base = request.verb.equals("list") ? 4_000 : 1_200;
        if (tail < 90) {
            return base + chance.below(9_000);
        }
        return tail < 99 ? base + chance.below(90_000) : base + chance.below(1_400_000);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
