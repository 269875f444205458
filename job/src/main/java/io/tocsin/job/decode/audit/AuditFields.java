package io.tocsin.job.decode.audit;

import io.tocsin.event.Outcome;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.RecordBytes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was read of one audit event, as it stands in the log. Used again for the next one. */
final class AuditFields {
    /** A user, the real or the impersonated one. */
    static final class User {
        boolean present;

        @Nullable
        String username;

        @Nullable
        String uid;

        List<String> groups = List.of();

        void clear() {
            present = false;
            username = null;
            uid = null;
            groups = List.of();
        }
    }

    /** Where a body or another part stands, if the record has it. */
    static final class Body {
        /** Counts from the record's start; -1 where there is none. */
        private int start = -1;
        /** -1 where the record ends before the body does. */
        private int end = -1;
        /** A body that does not stand in the record as it is. */
        private @Nullable RecordBytes apart;

        void opensAt(int position) {
            start = position;
            end = -1;
        }

        void closesAt(int position) {
            end = position;
        }

        void is(@Nullable RecordBytes body) {
            apart = body;
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

        void clear() {
            start = -1;
            end = -1;
            apart = null;
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

    final User user = new User();
    final User impersonated = new User();

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

    /** The last addresses of the chain; belongs to the reader and is overwritten by the next record. */
    List<String> sourceIps = List.of();

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

    @Nullable
    String decision;

    @Nullable
    String reason;

    @Nullable
    String issuedCredentialId;

    final Body requestBody = new Body();
    final Body responseBody = new Body();
    /** The user whose credential it was. */
    final Body userPart = new Body();

    final Body impersonatedPart = new Body();
    final Body referencePart = new Body();
    final Body statusPart = new Body();
    final Body annotationsPart = new Body();

    /** The status's words, where no status of that shape is in the record. */
    @Nullable
    String statusMessage;

    /** Whether the request is told to have been a dry run otherwise than by its query. */
    boolean dryRun;

    /** Whether bodies were left out since the event was too large with them. */
    boolean bodiesLeftOut;

    /** Whether the record is cut and only its head was read. */
    boolean truncated;

    void clear() {
        kind = null;
        apiVersion = null;
        auditId = null;
        stage = null;
        uri = null;
        verb = null;
        user.clear();
        impersonated.clear();
        credentialId = null;
        podName = null;
        podUid = null;
        nodeName = null;
        arn = null;
        canonicalArn = null;
        sessionName = null;
        accessKeyId = null;
        sourceIps = List.of();
        userAgent = null;
        objectRead = false;
        apiGroup = null;
        resource = null;
        subresource = null;
        namespace = null;
        name = null;
        code = 0;
        impersonationRefusal = null;
        received = null;
        stageTime = null;
        legacyTime = null;
        created = null;
        decision = null;
        reason = null;
        issuedCredentialId = null;
        requestBody.clear();
        responseBody.clear();
        userPart.clear();
        impersonatedPart.clear();
        referencePart.clear();
        statusPart.clear();
        annotationsPart.clear();
        statusMessage = null;
        onlyClaimed = false;
        outcome = null;
        dryRun = false;
        bodiesLeftOut = false;
        truncated = false;
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
