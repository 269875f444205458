package io.tocsin.job.decode.audit;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ValueReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one {@code audit.k8s.io} Event and skips all others. Names are accepted as Kubernetes writes them and
 * capitalised, as consumers do that marshal the Go structs again without their tags.
 */
final class AuditReader {
    private static final int MAX_GROUPS = 256;
    /** Enough to walk past every proxy anybody trusts and to keep what the client claimed. */
    private static final int MAX_ADDRESSES = 64;

    private static final int MAX_URI = 8 * 1_024;
    private static final String CREDENTIALS = "authentication.kubernetes.io/";
    private static final String IAM = "sigs.k8s.io/aws-iam-authenticator/";

    /**
     * Reads the object the parser stands on. Where it throws, the fields hold what stood in front of the damage.
     *
     * @return false if it turned out to be a list of events
     * @see SecurityEvent what the fields mean
     */
    boolean read(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "kind", "Kind" -> {
                    seen = JsonValues.once(seen, 1, "kind");
                    f.kind = in.name("kind");
                    if ("EventList".equals(f.kind)) {
                        return false;
                    }
                }
                case "items", "Items" -> {
                    if (f.kind == null) {
                        return false;
                    }
                    in.skip();
                }
                case "apiVersion", "APIVersion" -> {
                    seen = JsonValues.once(seen, 1 << 1, "apiVersion");
                    f.apiVersion = in.name("apiVersion");
                }
                case "auditID", "AuditID" -> {
                    seen = JsonValues.once(seen, 1 << 2, "auditID");
                    f.auditId = in.text("auditID", ValueReader.SHORT);
                }
                case "stage", "Stage" -> {
                    seen = JsonValues.once(seen, 1 << 3, "stage");
                    f.stage = in.name("stage");
                }
                case "requestURI", "RequestURI" -> {
                    seen = JsonValues.once(seen, 1 << 4, "requestURI");
                    f.uri = in.text("requestURI", MAX_URI);
                }
                case "verb", "Verb" -> {
                    seen = JsonValues.once(seen, 1 << 5, "verb");
                    f.verb = in.name("verb");
                }
                case "user", "User" -> {
                    seen = JsonValues.once(seen, 1 << 6, "user");
                    int at = in.valueStart();
                    if (in.enterObject("user")) {
                        f.userPart.opensAt(at);
                        user(in, f.user, f, "user");
                        f.userPart.closesAt(in.position());
                    }
                }
                case "impersonatedUser", "ImpersonatedUser" -> {
                    seen = JsonValues.once(seen, 1 << 7, "impersonatedUser");
                    int at = in.valueStart();
                    if (in.enterObject("impersonatedUser")) {
                        f.impersonatedPart.opensAt(at);
                        user(in, f.impersonated, null, "impersonatedUser");
                        f.impersonatedPart.closesAt(in.position());
                    }
                }
                case "sourceIPs", "SourceIPs" -> {
                    seen = JsonValues.once(seen, 1 << 8, "sourceIPs");
                    f.sourceIps = in.lastTexts("sourceIPs", MAX_ADDRESSES);
                }
                case "userAgent", "UserAgent" -> {
                    seen = JsonValues.once(seen, 1 << 9, "userAgent");
                    f.userAgent = in.name("userAgent");
                }
                case "objectRef", "ObjectRef" -> {
                    seen = JsonValues.once(seen, 1 << 10, "objectRef");
                    int at = in.valueStart();
                    if (in.enterObject("objectRef")) {
                        f.referencePart.opensAt(at);
                        object(in, f);
                        f.referencePart.closesAt(in.position());
                    }
                    f.objectRead = true;
                }
                case "responseStatus", "ResponseStatus" -> {
                    seen = JsonValues.once(seen, 1 << 11, "responseStatus");
                    int at = in.valueStart();
                    if (in.enterObject("responseStatus")) {
                        f.statusPart.opensAt(at);
                        status(in, f);
                        f.statusPart.closesAt(in.position());
                    }
                }
                case "requestReceivedTimestamp", "RequestReceivedTimestamp" -> {
                    seen = JsonValues.once(seen, 1 << 12, "requestReceivedTimestamp");
                    f.received = in.time("requestReceivedTimestamp");
                }
                case "stageTimestamp", "StageTimestamp" -> {
                    seen = JsonValues.once(seen, 1 << 13, "stageTimestamp");
                    f.stageTime = in.time("stageTimestamp");
                }
                case "timestamp", "Timestamp" -> {
                    seen = JsonValues.once(seen, 1 << 14, "timestamp");
                    f.legacyTime = in.time("timestamp");
                }
                case "metadata" -> {
                    seen = JsonValues.once(seen, 1 << 15, "metadata");
                    if (in.enterObject("metadata")) {
                        metadata(in, f);
                    }
                }
                case "annotations", "Annotations" -> {
                    seen = JsonValues.once(seen, 1 << 16, "annotations");
                    int at = in.valueStart();
                    if (in.enterObject("annotations")) {
                        f.annotationsPart.opensAt(at);
                        annotations(in, f);
                        f.annotationsPart.closesAt(in.position());
                    }
                }
                case "requestObject", "RequestObject" -> {
                    seen = JsonValues.once(seen, 1 << 17, "requestObject");
                    body(in, f.requestBody);
                }
                case "responseObject", "ResponseObject" -> {
                    seen = JsonValues.once(seen, 1 << 18, "responseObject");
                    body(in, f.responseBody);
                }
                default -> in.skip();
            }
        }
        return true;
    }

    /**
     * Reads the object it stands in, a user.
     *
     * @param f takes what the extra fields tell of the credential; null for the impersonated user, whose extra fields were
     *     chosen by the one who impersonates
     */
    void user(ValueReader in, AuditFields.User user, @Nullable AuditFields f, String field)
            throws IOException, BadRecord {
        user.present = true;
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "username", "Username" -> {
                    seen = JsonValues.once(seen, 1, field + ".username");
                    user.username = in.name(field + ".username");
                }
                case "uid", "UID" -> {
                    seen = JsonValues.once(seen, 1 << 1, field + ".uid");
                    user.uid = in.name(field + ".uid");
                }
                case "groups", "Groups" -> {
                    seen = JsonValues.once(seen, 1 << 2, field + ".groups");
                    user.groups = in.names(field + ".groups", MAX_GROUPS);
                }
                case "extra", "Extra" -> {
                    seen = JsonValues.once(seen, 1 << 3, field + ".extra");
                    if (f == null) {
                        in.skip();
                    } else if (in.enterObject(field + ".extra")) {
                        extra(in, f);
                    }
                }
                default -> in.skip();
            }
        }
    }

    private void extra(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case CREDENTIALS + "credential-id" -> {
                    seen = JsonValues.once(seen, 1, "user.extra.credential-id");
                    f.credentialId = in.firstName("user.extra.credential-id");
                }
                case CREDENTIALS + "pod-name" -> {
                    seen = JsonValues.once(seen, 1 << 1, "user.extra.pod-name");
                    f.podName = in.firstName("user.extra.pod-name");
                }
                case CREDENTIALS + "pod-uid" -> {
                    seen = JsonValues.once(seen, 1 << 7, "user.extra.pod-uid");
                    f.podUid = in.firstName("user.extra.pod-uid");
                }
                case CREDENTIALS + "node-name" -> {
                    seen = JsonValues.once(seen, 1 << 2, "user.extra.node-name");
                    f.nodeName = in.firstName("user.extra.node-name");
                }
                case "arn", IAM + "arn" -> {
                    seen = JsonValues.once(seen, 1 << 3, "user.extra.arn");
                    f.arn = in.firstName("user.extra.arn");
                }
                case "canonicalArn", IAM + "canonicalArn" -> {
                    seen = JsonValues.once(seen, 1 << 4, "user.extra.canonicalArn");
                    f.canonicalArn = in.firstName("user.extra.canonicalArn");
                }
                case "sessionName", IAM + "sessionName" -> {
                    seen = JsonValues.once(seen, 1 << 5, "user.extra.sessionName");
                    f.sessionName = in.firstName("user.extra.sessionName");
                }
                case "accessKeyId", IAM + "accessKeyId" -> {
                    seen = JsonValues.once(seen, 1 << 6, "user.extra.accessKeyId");
                    f.accessKeyId = in.firstName("user.extra.accessKeyId");
                }
                default -> in.skip();
            }
        }
    }

    /** Reads the object it stands in, an {@code objectRef}. */
    void object(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "resource", "Resource" -> {
                    seen = JsonValues.once(seen, 1, "objectRef.resource");
                    f.resource = in.name("objectRef.resource");
                }
                case "namespace", "Namespace" -> {
                    seen = JsonValues.once(seen, 1 << 1, "objectRef.namespace");
                    f.namespace = in.name("objectRef.namespace");
                }
                case "name", "Name" -> {
                    seen = JsonValues.once(seen, 1 << 2, "objectRef.name");
                    f.name = in.name("objectRef.name");
                }
                case "apiGroup", "APIGroup" -> {
                    seen = JsonValues.once(seen, 1 << 3, "objectRef.apiGroup");
                    f.apiGroup = in.name("objectRef.apiGroup");
                }
                case "subresource", "Subresource" -> {
                    seen = JsonValues.once(seen, 1 << 4, "objectRef.subresource");
                    f.subresource = in.name("objectRef.subresource");
                }
                default -> in.skip();
            }
        }
    }

    /** Reads the object it stands in, a {@code responseStatus}. */
    void status(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "code", "Code" -> {
                    seen = JsonValues.once(seen, 1, "responseStatus.code");
                    f.code = (int) in.integer("responseStatus.code", 0, 999, 0);
                }
                case "message", "Message" -> {
                    seen = JsonValues.once(seen, 1 << 1, "responseStatus.message");
                    f.impersonationRefusal =
                            in.textWith("responseStatus.message", "cannot impersonate", ValueReader.SHORT);
                }
                default -> in.skip();
            }
        }
    }

    private void metadata(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (name.equals("creationTimestamp")) {
                seen = JsonValues.once(seen, 1, "metadata.creationTimestamp");
                f.created = in.time("metadata.creationTimestamp");
            } else {
                in.skip();
            }
        }
    }

    /** Reads the object it stands in, annotations. */
    void annotations(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "authorization.k8s.io/decision" -> {
                    seen = JsonValues.once(seen, 1, "annotations.decision");
                    f.decision = in.name("annotations.decision");
                }
                case "authorization.k8s.io/reason" -> {
                    seen = JsonValues.once(seen, 1 << 1, "annotations.reason");
                    f.reason = in.name("annotations.reason");
                }
                case "authentication.kubernetes.io/issued-credential-id" -> {
                    seen = JsonValues.once(seen, 1 << 2, "annotations.issued-credential-id");
                    f.issuedCredentialId = in.text("annotations.issued-credential-id", ValueReader.SHORT);
                }
                case "audit.k8s.io/truncated" -> {
                    seen = JsonValues.once(seen, 1 << 3, "annotations.truncated");
                    f.bodiesLeftOut |= "true".equals(in.name("annotations.truncated"));
                }
                case "command.gke.io/dryRun" -> {
                    seen = JsonValues.once(seen, 1 << 4, "annotations.dryRun");
                    String dryRun = in.name("annotations.dryRun");
                    f.dryRun = dryRun != null && !dryRun.isEmpty() && !dryRun.equals("false");
                }
                default -> in.skip();
            }
        }
    }

    /** Remembers where a body stands: whether it is worth reading shows only when the object it belongs to is known. */
    private void body(ValueReader in, AuditFields.Body body) throws IOException, BadRecord {
        if (!in.onStructure()) {
            in.skip();
            return;
        }
        body.opensAt(in.valueStart());
        in.skip();
        body.closesAt(in.position());
    }
}
