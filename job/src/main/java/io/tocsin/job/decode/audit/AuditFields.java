package io.tocsin.job.decode.audit;

import io.tocsin.event.Outcome;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.content.PathNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was read of one audit event, as it stands in the log. */
final class AuditFields {
    /** A user, the real or the impersonated one. One that other records share is never changed. */
    static final class User {
        private static final User NONE = new User();

        boolean present;

        @Nullable
        String username;

        @Nullable
        String uid;

        List<String> groups = List.of();

        @Nullable
        String credentialId;

        @Nullable
        String podName;

        @Nullable
        String podUid;

        @Nullable
        String nodeName;

        @Nullable
        String arn;

        @Nullable
        String canonicalArn;

        @Nullable
        String sessionName;

        @Nullable
        String accessKeyId;

        /** What follows from all this; null until it is asked for. */
        @Nullable
        UserFacts facts;
    }

    /** Annotations. Those that other records share are never changed. */
    static final class Annotations {
        private static final Annotations NONE = new Annotations();

        @Nullable
        String decision;

        @Nullable
        String reason;

        @Nullable
        String issuedCredentialId;

        /** Whether bodies were left out since the event was too large with them. */
        boolean truncated;

        /** Whether they tell that the request was a dry run. */
        boolean dryRun;

        /** A root at which these were found to tell nothing; null if at none. */
        @Nullable
        PathNode silentAt;
    }

    /** What an {@code objectRef} names. */
    record Reference(
            @Nullable String apiGroup,
            @Nullable String resource,
            @Nullable String subresource,
            @Nullable String namespace,
            @Nullable String name) {}

    /** What a {@code responseStatus} tells. */
    record Status(int code, @Nullable String impersonationRefusal) {}

    /**
     * Where a body or another part stands, if the record has it.
     *
     * @param start counts from the record's start; -1 where there is none
     * @param end -1 where the record ends before the part does
     * @param apart a part that does not stand in the record as it is
     */
    record Part(int start, int end, @Nullable RecordBytes apart) {
        static final Part ABSENT = new Part(-1, -1, null);

        /** One of which the end is not known. */
        static Part from(int start) {
            return new Part(start, -1, null);
        }

        static Part of(int start, int end) {
            return new Part(start, end, null);
        }

        static Part apart(@Nullable RecordBytes bytes) {
            return bytes == null ? ABSENT : new Part(-1, -1, bytes);
        }

        /** Its bytes, as far as the record holds them; null if it has none. */
        @Nullable
        RecordBytes in(RecordBytes record) {
            if (apart != null || start < 0) {
                return apart;
            }
            int to = end < 0 ? record.end() : record.start() + end;
            return new RecordBytes(record.bytes(), record.start() + start, to, end < 0, record.origin());
        }

        boolean isAbsent() {
            return apart == null && start < 0;
        }
    }

    @Nullable
    String kind;

    @Nullable
    String apiVersion;

    @Nullable
    String auditId;

    @Nullable
    String stage;

    @Nullable
    String uri;

    @Nullable
    String verb;

    User user = User.NONE;
    User impersonated = User.NONE;
    Annotations annotations = Annotations.NONE;

    /** The last addresses of the chain. */
    SourceAddresses sources = SourceAddresses.NONE;

    /** Whether the peer is not among the addresses: all of them are what the client claims. */
    boolean onlyClaimed;

    @Nullable
    String userAgent;

    boolean objectRead;

    @Nullable
    String apiGroup;

    @Nullable
    String resource;

    @Nullable
    String subresource;

    @Nullable
    String namespace;

    @Nullable
    String name;

    int code;

    /** How it ended, where the record tells it without an HTTP status. */
    @Nullable
    Outcome outcome;

    @Nullable
    String impersonationRefusal;

    @Nullable
    Instant received;

    @Nullable
    Instant stageTime;

    @Nullable
    Instant legacyTime;

    @Nullable
    Instant created;

    Part requestBody = Part.ABSENT;
    Part responseBody = Part.ABSENT;
    /** The user whose credential it was. */
    Part userPart = Part.ABSENT;

    Part impersonatedPart = Part.ABSENT;
    Part referencePart = Part.ABSENT;
    Part statusPart = Part.ABSENT;
    Part annotationsPart = Part.ABSENT;

    /** The status's words, where no status of that shape is in the record. */
    @Nullable
    String statusMessage;

    /** Whether bodies are told elsewhere to have been left out. */
    boolean bodiesLeftOut;

    /** Whether the record is cut and only its head was read. */
    boolean truncated;

    /** The user, to be written. */
    User ownUser() {
        user = user == User.NONE ? new User() : user;
        return user;
    }

    /** The impersonated user, to be written. */
    User ownImpersonated() {
        impersonated = impersonated == User.NONE ? new User() : impersonated;
        return impersonated;
    }

    void take(Reference reference) {
        apiGroup = reference.apiGroup;
        resource = reference.resource;
        subresource = reference.subresource;
        namespace = reference.namespace;
        name = reference.name;
    }

    void take(Status status) {
        code = status.code;
        impersonationRefusal = status.impersonationRefusal;
    }

    Status status() {
        return new Status(code, impersonationRefusal);
    }

    Reference reference() {
        return new Reference(apiGroup, resource, subresource, namespace, name);
    }

    /** Takes what the path is about for the object, where no reference to it was read. */
    void readObjectFromPath() {
        if (!objectRead) {
            RequestPath path = RequestPath.of(uri);
            apiGroup = path.apiGroup();
            resource = path.resource();
            subresource = path.subresource();
            namespace = path.namespace();
            name = path.name();
        }
    }

    /** What is wrong with the stage; null if nothing. Of a cut record it may be absent. */
    @Nullable
    String stageFlaw() {
        if (stage == null) {
            return truncated ? null : "stage is missing";
        }
        return switch (stage) {
            case "RequestReceived", "ResponseStarted", "ResponseComplete", "Panic" -> null;
            default ->
                "stage must be RequestReceived, ResponseStarted, ResponseComplete or Panic: "
                        + Excerpt.of("\"" + stage + "\"");
        };
    }

    /** Whether anything was read that only an audit event has. */
    boolean looksLikeAudit() {
        return kind != null || apiVersion != null || auditId != null || stage != null || uri != null;
    }

    /** Whether the head of a cut record tells enough to be an event. */
    boolean salvageable() {
        return (stage != null && auditId != null) || (user.username != null && verb != null && uri != null);
    }
}
