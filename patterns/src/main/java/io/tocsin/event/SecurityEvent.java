package io.tocsin.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did, whatever the source: one flat record.
 *
 * <p>Components are only ever added, at the end, and never throw: the constructor also runs on restore.
 *
 * @param time event time; for a long-running request when it was received, else when the stage was reached
 * @param source the log it comes from
 * @param cluster the cluster's name as people know it
 * @param scope the cluster as state knows it: account and region in front of the name where the envelope tells them
 * @param account cloud account, project or subscription
 * @param instance the API server instance or log stream, where the envelope names one
 * @param auditId the audit id; <b>the client may choose it</b>
 * @param received when the request was received, or the legacy timestamp; part of the event's id
 * @param recordId for records without an audit id: a digest of the innermost record and its own position
 * @param user the effective user: the impersonated one if there is one
 * @param userUid the effective user's uid
 * @param groups the effective user's groups
 * @param credentialId {@code JTI=…} or {@code X509SHA256=…} of the credential really used
 * @param impersonator the user whose credential it was, when another user was impersonated
 * @param arn the canonical IAM ARN behind the credential: account and role or user, no path, no session
 * @param sessionName the session's name; <b>the caller may choose it</b>
 * @param accessKeyId the AWS access key id
 * @param credentialPod the pod the credential is bound to, {@code namespace/name} where both are known
 * @param credentialNode the node the credential is bound to
 * @param peer the peer's address in canonical form: the last forwarded address, or further left behind trusted proxies
 * @param zone where the peer stands
 * @param claimed the forwarded addresses left of the peer; <b>the client may choose them</b>
 * @param userAgent the client's name for itself; <b>the client chooses it</b>
 * @param verb the Kubernetes verb; {@code authenticate} for an authenticator, an HTTP method in lower case for an access log,
 *     else what the source's format calls it
 * @param apiGroup API group; absent for the core group
 * @param resource resource, plural; absent for non-resource requests
 * @param subresource subresource
 * @param namespace namespace; absent means cluster-wide
 * @param name object name; absent where the record has none
 * @param uri path and query as received
 * @param dryRun whether the request asked for {@code dryRun=All} and so did nothing
 * @param outcome how it ended
 * @param code HTTP status; 0 where absent
 * @param reason why: the authorizer's reason, an error, the reason of a Kubernetes Event, the rule or policy that was met
 * @param issuedCredentialId the credential id a TokenRequest issued
 * @param mentionedArns canonical ARNs named in the body of a change to an identity mapping
 * @param truncated whether the record was cut and only its head is known
 * @param credentialPodUid the uid of the pod the credential is bound to
 * @param longOver whether this is the end of a request that was received long before; its start, if logged, has told it, and its
 *     coming after the clock is no delay of delivery
 * @param place the node, pod and workload it happened in, as far as the record or the collector's envelope tells
 * @param process the process that did it, for records of hosts and of eBPF
 * @param flow the connection it was or came over
 * @param message the log's own words; <b>whoever wrote the log chose them</b>
 * @param level how grave its writer thinks it is, in lower case: {@code warning}, {@code error}, Falco's priority
 * @param count how often it happened, where one record tells of several; 1 otherwise
 * @param body what the bodies of a request that was done tell of its object
 * @param content what rules read of the record beyond all this
 */
public record SecurityEvent(
        Instant time,
        Source source,
        String cluster,
        String scope,
        @Nullable String account,
        @Nullable String instance,
        @Nullable String auditId,
        @Nullable Instant received,
        @Nullable String recordId,
        @Nullable String user,
        @Nullable String userUid,
        List<String> groups,
        @Nullable String credentialId,
        @Nullable String impersonator,
        @Nullable String arn,
        @Nullable String sessionName,
        @Nullable String accessKeyId,
        @Nullable String credentialPod,
        @Nullable String credentialNode,
        @Nullable String peer,
        Zone zone,
        List<String> claimed,
        @Nullable String userAgent,
        @Nullable String verb,
        @Nullable String apiGroup,
        @Nullable String resource,
        @Nullable String subresource,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String uri,
        boolean dryRun,
        Outcome outcome,
        int code,
        @Nullable String reason,
        @Nullable String issuedCredentialId,
        List<String> mentionedArns,
        boolean truncated,
        @Nullable String credentialPodUid,
        boolean longOver,
        Place place,
        HostProcess process,
        Flow flow,
        @Nullable String message,
        @Nullable String level,
        int count,
        ObjectBody body,
        Content content) {

    public SecurityEvent {
        groups = groups == null ? List.of() : groups;
        claimed = claimed == null ? List.of() : claimed;
        mentionedArns = mentionedArns == null ? List.of() : mentionedArns;
        zone = zone == null ? Zone.UNKNOWN : zone;
        outcome = outcome == null ? Outcome.UNKNOWN : outcome;
        place = place == null ? Place.NONE : place;
        process = process == null ? HostProcess.NONE : process;
        flow = flow == null ? Flow.NONE : flow;
        count = Math.max(count, 1);
        body = body == null ? ObjectBody.NONE : body;
        content = content == null ? Content.NONE : content;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The identity a sequence is about: the canonical ARN where IAM stands behind a person or a program, so that sessions of one
     * role are one identity; else the effective user name. Nodes keep their own names: on EKS they all share one role. Null where
     * nobody is named, as on a 401.
     */
    public @Nullable String identity() {
        return identity(user, impersonator, arn);
    }

    /** The same of these parts of an event. */
    public static @Nullable String identity(
            @Nullable String user, @Nullable String impersonator, @Nullable String arn) {
        boolean named = user != null && user.startsWith("system:");
        return arn != null && impersonator == null && !named ? arn : user;
    }

    /**
     * The id by which two deliveries of one request are known as one: 128 bits of SHA-256, hexadecimal. Never the stage, the
     * file or the offset. A cryptographic hash, because the client chooses some of the input.
     */
    public String id() {
        Digest digest = new Digest().add(scope).add(source.id()).add(instance);
        if (recordId != null) {
            return digest.add(recordId).hex();
        }
        Instant at = received != null ? received : time;
        return digest.add(auditId)
                .add(at.getEpochSecond() + "." + at.getNano())
                .add(verb)
                .add(uri)
                .add(user)
                .hex();
    }

    /** Whether the verb and the object say that this is {@code verb resource[/subresource]}; a null part matches any. */
    public boolean is(@Nullable String verb, @Nullable String resource, @Nullable String subresource) {
        return (verb == null || verb.equals(this.verb))
                && (resource == null || resource.equals(this.resource))
                && Objects.equals(subresource, this.subresource);
    }

    /** Collects the components; one builder may be used again after {@link #clear()}. */
    @SuppressWarnings("NullAway.Init")
    public static final class Builder {
        public Instant time;
        public Source source;
        public String cluster;
        public String scope;
        public @Nullable String account;
        public @Nullable String instance;
        public @Nullable String auditId;
        public @Nullable Instant received;
        public @Nullable String recordId;
        public @Nullable String user;
        public @Nullable String userUid;
        public List<String> groups;
        public @Nullable String credentialId;
        public @Nullable String impersonator;
        public @Nullable String arn;
        public @Nullable String sessionName;
        public @Nullable String accessKeyId;
        public @Nullable String credentialPod;
        public @Nullable String credentialNode;
        public @Nullable String peer;
        public Zone zone;
        public List<String> claimed;
        public @Nullable String userAgent;
        public @Nullable String verb;
        public @Nullable String apiGroup;
        public @Nullable String resource;
        public @Nullable String subresource;
        public @Nullable String namespace;
        public @Nullable String name;
        public @Nullable String uri;
        public boolean dryRun;
        public Outcome outcome;
        public int code;
        public @Nullable String reason;
        public @Nullable String issuedCredentialId;
        public List<String> mentionedArns;
        public boolean truncated;
        public @Nullable String credentialPodUid;
        public boolean longOver;
        public Place place;
        public HostProcess process;
        public Flow flow;
        public @Nullable String message;
        public @Nullable String level;
        public int count;
        public ObjectBody body;
        public Content content;

        private Builder() {
            clear();
        }

        /** Forgets everything. */
        @SuppressWarnings("NullAway")
        public void clear() {
            time = null;
            source = null;
            cluster = null;
            scope = null;
            account = null;
            instance = null;
            auditId = null;
            received = null;
            recordId = null;
            user = null;
            userUid = null;
            groups = List.of();
            credentialId = null;
            impersonator = null;
            arn = null;
            sessionName = null;
            accessKeyId = null;
            credentialPod = null;
            credentialNode = null;
            peer = null;
            zone = Zone.UNKNOWN;
            claimed = List.of();
            userAgent = null;
            verb = null;
            apiGroup = null;
            resource = null;
            subresource = null;
            namespace = null;
            name = null;
            uri = null;
            dryRun = false;
            outcome = Outcome.UNKNOWN;
            code = 0;
            reason = null;
            issuedCredentialId = null;
            mentionedArns = List.of();
            truncated = false;
            credentialPodUid = null;
            longOver = false;
            place = Place.NONE;
            process = HostProcess.NONE;
            flow = Flow.NONE;
            message = null;
            level = null;
            count = 1;
            body = ObjectBody.NONE;
            content = Content.NONE;
        }

        public SecurityEvent build() {
            return new SecurityEvent(
                    time,
                    source,
                    cluster,
                    scope,
                    account,
                    instance,
                    auditId,
                    received,
                    recordId,
                    user,
                    userUid,
                    groups,
                    credentialId,
                    impersonator,
                    arn,
                    sessionName,
                    accessKeyId,
                    credentialPod,
                    credentialNode,
                    peer,
                    zone,
                    claimed,
                    userAgent,
                    verb,
                    apiGroup,
                    resource,
                    subresource,
                    namespace,
                    name,
                    uri,
                    dryRun,
                    outcome,
                    code,
                    reason,
                    issuedCredentialId,
                    mentionedArns,
                    truncated,
                    credentialPodUid,
                    longOver,
                    place,
                    process,
                    flow,
                    message,
                    level,
                    count,
                    body,
                    content);
        }
    }
}
