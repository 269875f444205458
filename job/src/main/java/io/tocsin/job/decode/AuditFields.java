package io.tocsin.job.decode;

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

    /** Where a body stands, relative to the record's start; -1 where it doesn't, or where it isn't complete. */
    static final class Body {
        int start;
        int end;

        void clear() {
            start = -1;
            end = -1;
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
