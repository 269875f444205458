package io.tocsin.alert;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record that an alert rests on: what a person needs to find and judge it. It holds no body, no query and no token.
 *
 * @param eventId the event's id
 * @param stage the stage of the detection it stands for
 * @param time event time
 * @param source id of the log
 * @param cluster the cluster's name
 * @param account cloud account, where known
 * @param user effective user
 * @param groups its groups
 * @param impersonator whose credential it was, when somebody was impersonated
 * @param credentialId the credential's id
 * @param arn canonical IAM ARN
 * @param sessionName session's name
 * @param accessKeyId AWS access key id
 * @param address peer address
 * @param zone where that address stands
 * @param userAgent client
 * @param operation {@code verb resource[/subresource]}, or verb and path for a non-resource request
 * @param namespace object's namespace
 * @param resource object's resource
 * @param name object's name
 * @param code HTTP status, 0 where absent
 * @param reason authorizer's reason or authenticator's error
 * @param truncated whether only the record's head is known
 * @param node the node it happened on, where known
 * @param pod the pod it happened in, {@code namespace/name}, where known
 * @param workload what the pod belongs to, {@code Kind/name}, where known
 */
public record Evidence(
        String eventId,
        String stage,
        Instant time,
        String source,
        String cluster,
        @Nullable String account,
        @Nullable String user,
        List<String> groups,
        @Nullable String impersonator,
        @Nullable String credentialId,
        @Nullable String arn,
        @Nullable String sessionName,
        @Nullable String accessKeyId,
        @Nullable String address,
        Zone zone,
        @Nullable String userAgent,
        String operation,
        @Nullable String namespace,
        @Nullable String resource,
        @Nullable String name,
        int code,
        @Nullable String reason,
        boolean truncated,
        @Nullable String node,
        @Nullable String pod,
        @Nullable String workload) {

    public Evidence {
        groups = groups == null ? List.of() : groups;
        zone = zone == null ? Zone.UNKNOWN : zone;
    }

    /** The evidence an event gives for a stage. */
    public static Evidence of(SecurityEvent event, String eventId, String stage) {
        return new Evidence(
                eventId,
                stage,
                event.time(),
                event.source().id(),
                event.cluster(),
                event.account(),
                event.user(),
                event.groups(),
                event.impersonator(),
                event.credentialId(),
                event.arn(),
                event.sessionName(),
                event.accessKeyId(),
                event.peer(),
                event.zone(),
                event.userAgent(),
                operation(event),
                event.namespace(),
                event.resource(),
                event.name(),
                event.code(),
                event.reason(),
                event.truncated(),
                event.place().node(),
                event.place().pod(),
                event.place().workload());
    }

    /** The identity that a sequence is about: {@link SecurityEvent#identity()}. */
    public @Nullable String identity() {
        return SecurityEvent.identity(user, impersonator, arn);
    }

    /** Whom an alert names: the user, else the ARN. */
    public String who() {
        return user != null ? user : arn != null ? arn : "an unknown identity";
    }

    /** From where, in words. */
    public String where() {
        return address != null ? address : "an unknown address";
    }

    /** The object, as {@code resource namespace/name}. */
    public String object() {
        if (resource == null) {
            return operation;
        }
        String path = namespace == null ? name : name == null ? namespace + "/*" : namespace + "/" + name;
        return path == null ? resource : resource + " " + path;
    }

    /** What was done to what, as {@code verb resource namespace/name}. */
    public String action() {
        String path = namespace == null ? name : name == null ? namespace + "/*" : namespace + "/" + name;
        return resource == null || path == null ? operation : operation + " " + path;
    }

    private static String operation(SecurityEvent event) {
        String verb = event.verb() == null ? "request" : event.verb();
        if (event.resource() != null) {
            return event.subresource() == null
                    ? verb + " " + event.resource()
                    : verb + " " + event.resource() + "/" + event.subresource();
        }
        String uri = event.uri();
        if (uri == null) {
            return verb;
        }
        // The query may carry what nobody should read in an alert.
        int query = uri.indexOf('?');
        return verb + " " + (query < 0 ? uri : uri.substring(0, query));
    }
}
