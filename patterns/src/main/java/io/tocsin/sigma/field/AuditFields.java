package io.tocsin.sigma.field;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.Field.Varies;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of audit.k8s.io events, by the names they have there. */
public final class AuditFields {
    /** All an audit event's verb can be: those of requests on resources, and HTTP methods of all others. */
    public static final Set<String> VERBS = Set.of(
            "get",
            "list",
            "watch",
            "create",
            "update",
            "patch",
            "delete",
            "deletecollection",
            "proxy",
            "post",
            "put",
            "head",
            "options",
            "connect",
            "trace");

    public static final String DECISION = "annotations.authorization.k8s.io/decision";

    private static final Source LOG = Source.KUBERNETES_AUDIT;
    private static final Set<Source> AUDIT = Set.of(LOG);

    private AuditFields() {}

    static void define(FieldTable fields) {
        request(fields);
        identity(fields);
        object(fields);
        answer(fields);
        bodies(fields);
    }

    private static void request(FieldTable fields) {
        fields.field(
                        "verb",
                        AUDIT,
                        "What the request asks to be done. Of a request that is about no resource it is the HTTP method. exec is no"
                                + " verb: it is the subresource exec, with create or get")
                .values(VERBS)
                .also("ka.verb", "api.operation", "event.action")
                .is(SecurityEvent::verb);
        fields.field("requestURI", AUDIT, "Path and query as received")
                .also("requestUri", "ka.uri", "url.original", "http_request.url.url_string")
                .is(SecurityEvent::uri);
        fields.field("auditID", AUDIT, "The request's id; the client may choose it")
                .also("ka.auditid", "event.id", "api.request.uid")
                .varies(Varies.WITH_IDS)
                .is(SecurityEvent::auditId);
        fields.field("userAgent", AUDIT, "The client's name for itself, which it chooses")
                .also("ka.useragent", "user_agent.original", "http_request.user_agent", "client.user_agent")
                .is(SecurityEvent::userAgent);
        fields.field("sourceIPs", AUDIT, "All forwarded addresses; the client chooses all but the last. See source.ip")
                .also("ka.sourceips", "sourceIps", "source.address")
                .by((subject, into) -> {
                    into.addAll(subject.event().claimed());
                    FieldTable.put(subject.event().peer(), into);
                });
    }

    private static void identity(FieldTable fields) {
        fields.field("user.username", AUDIT, "Who authenticated, whoever was impersonated. See actor.user")
                .also("user.name", "username", "user", "ka.user.name", "user.full_name")
                .is(AuditFields::authenticated);
        fields.field("user.groups", AUDIT, "The groups of who authenticated")
                .also("groups", "ka.user.groups", "user.group.name")
                .reads("user.groups")
                .by((subject, into) -> into.addAll(
                        subject.event().impersonator() == null
                                ? subject.event().groups()
                                : subject.event().content().values("user.groups")));
        fields.field("user.uid", AUDIT, "The uid of who authenticated")
                .also("user.id", "ka.user.uid")
                .reads("user.uid")
                .by((subject, into) -> {
                    if (subject.event().impersonator() == null) {
                        FieldTable.put(subject.event().userUid(), into);
                    } else {
                        into.addAll(subject.event().content().values("user.uid"));
                    }
                });
        fields.root(
                "user.extra", AUDIT, true, "What the authenticator tells beside, such as the pod a token is bound to");
        fields.field("impersonatedUser.username", AUDIT, "Who is impersonated; a refused impersonation names nobody")
                .also("ka.impuser.name", "user.effective.name", "impersonatedUser")
                .is(event -> event.impersonator() == null ? null : event.user());
        fields.field("impersonatedUser.groups", AUDIT, "The groups of who is impersonated")
                .also("user.effective.group.name")
                .are(event -> event.impersonator() == null ? List.of() : event.groups());
        fields.field("impersonatedUser.uid", AUDIT, "The uid of who is impersonated")
                .also("user.effective.id")
                .is(event -> event.impersonator() == null ? null : event.userUid());
        fields.root("impersonatedUser", AUDIT, false, "What else is told of who is impersonated");
    }

    private static @Nullable String authenticated(SecurityEvent event) {
        return event.impersonator() == null ? event.user() : event.impersonator();
    }

    private static void object(FieldTable fields) {
        fields.field("objectRef.resource", AUDIT, "The resource, plural, in lower case: pods")
                .also("objectRef", "resource", "ka.target.resource", "resources.type")
                .is(SecurityEvent::resource);
        fields.field("objectRef.subresource", AUDIT, "The subresource: exec, log, status")
                .also("subresource", "ka.target.subresource")
                .is(SecurityEvent::subresource);
        fields.field("objectRef.namespace", AUDIT, "The namespace; absent on a request that is about the whole cluster")
                .also(
                        "namespace",
                        "ka.target.namespace",
                        "orchestrator.namespace",
                        "kubernetes.namespace",
                        "resources.namespace")
                .is(SecurityEvent::namespace);
        fields.field("objectRef.name", AUDIT, "The object's name; absent on lists, and where the server chose it")
                .also("ka.target.name", "resources.name", "orchestrator.resource.name")
                .is(SecurityEvent::name);
        fields.field("objectRef.apiGroup", AUDIT, "The API group, without a version; absent for the core group")
                .also("apiGroup")
                .is(SecurityEvent::apiGroup);
        fields.root("objectRef", AUDIT, false, "What else is told of the object");
    }

    private static void answer(FieldTable fields) {
        fields.field("responseStatus.code", AUDIT, "The HTTP status of the answer")
                .also(
                        "ka.response.code",
                        "http.response.status_code",
                        "api.response.code",
                        "http_response.code",
                        "status_code")
                .is(event -> event.code() == 0 ? null : Integer.toString(event.code()));
        fields.root("responseStatus", AUDIT, false, "What else is told of the answer");
        fields.also(LOG, "responseStatus.reason", "ka.response.reason");
        fields.also(LOG, "responseStatus.message", "api.response.message");
        fields.field(DECISION, AUDIT, "What the authorizer decided; absent on 401, 429 and a forbidden impersonation")
                .values("allow", "forbid")
                .also(
                        "authorization.k8s.io/decision",
                        "annotations.authorization_k8s_io/decision",
                        "ka.auth.decision",
                        "decision")
                .at(DECISION);
        fields.root("annotations", AUDIT, true, "What the API server and its plugins add to the record");
        fields.also(
                LOG,
                "annotations.authorization.k8s.io/reason",
                "authorization.k8s.io/reason",
                "annotations.authorization_k8s_io/reason",
                "ka.auth.reason");
    }

    private static void bodies(FieldTable fields) {
        fields.root(
                "requestObject",
                AUDIT,
                // A JSON patch is an array, whose elements a rule may ask: requestObject[].
                true,
                "The body of the request, as it was sent; of a patch the patch. Only at level Request and above");
        fields.root("responseObject", AUDIT, true, "The body of the answer. Only at level RequestResponse");
        fields.root(
                "object",
                AUDIT,
                true,
                "The object as the API server has it where the answer is logged, else as the request has it; of a patch what it"
                        + " writes");
        fields.root(
                "pod",
                AUDIT,
                true,
                "The pod spec, wherever it sits: in pods, their templates and everything that makes pods. pod.containers has the"
                        + " init and ephemeral containers, too");
        fields.also(LOG, "pod.containers.image", "ka.req.pod.containers.image", "ka.req.container.image");
        fields.also(LOG, "pod.containers.securityContext.privileged", "ka.req.pod.containers.privileged");
        fields.also(LOG, "pod.containers.securityContext.capabilities.add", "ka.req.pod.containers.add_capabilities");
        fields.also(LOG, "pod.volumes.hostPath.path", "ka.req.pod.volumes.hostpath");
        fields.also(LOG, "pod.hostNetwork", "ka.req.pod.host_network");
        fields.also(LOG, "pod.hostPID", "ka.req.pod.host_pid");
        fields.also(LOG, "pod.hostIPC", "ka.req.pod.host_ipc");
    }
}
