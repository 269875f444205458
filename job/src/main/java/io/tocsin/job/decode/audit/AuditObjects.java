package io.tocsin.job.decode.audit;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ValueReader;
import java.io.IOException;

/** Reads the objects of which an {@code audit.k8s.io} Event is made, wherever they stand. */
final class AuditObjects {
    private static final int MAX_GROUPS = 256;
    private static final String CREDENTIALS = "authentication.kubernetes.io/";
    private static final String IAM = "sigs.k8s.io/aws-iam-authenticator/";

    private AuditObjects() {}

    /**
     * Reads the object it stands in, a user.
     *
     * @param credential whether the extra fields tell of the credential: those of the impersonated user were chosen by the one
     *     who impersonates
     */
    static void user(ValueReader in, AuditFields.User user, boolean credential, String field)
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
                    if (!credential) {
                        in.skip();
                    } else if (in.enterObject(field + ".extra")) {
                        extra(in, user);
                    }
                }
                default -> in.skip();
            }
        }
    }

    private static void extra(ValueReader in, AuditFields.User user) throws IOException, BadRecord {
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case CREDENTIALS + "credential-id" -> {
                    seen = JsonValues.once(seen, 1, "user.extra.credential-id");
                    user.credentialId = in.firstName("user.extra.credential-id");
                }
                case CREDENTIALS + "pod-name" -> {
                    seen = JsonValues.once(seen, 1 << 1, "user.extra.pod-name");
                    user.podName = in.firstName("user.extra.pod-name");
                }
                case CREDENTIALS + "pod-uid" -> {
                    seen = JsonValues.once(seen, 1 << 7, "user.extra.pod-uid");
                    user.podUid = in.firstName("user.extra.pod-uid");
                }
                case CREDENTIALS + "node-name" -> {
                    seen = JsonValues.once(seen, 1 << 2, "user.extra.node-name");
                    user.nodeName = in.firstName("user.extra.node-name");
                }
                case "arn", IAM + "arn" -> {
                    seen = JsonValues.once(seen, 1 << 3, "user.extra.arn");
                    user.arn = in.firstName("user.extra.arn");
                }
                case "canonicalArn", IAM + "canonicalArn" -> {
                    seen = JsonValues.once(seen, 1 << 4, "user.extra.canonicalArn");
                    user.canonicalArn = in.firstName("user.extra.canonicalArn");
                }
                case "sessionName", IAM + "sessionName" -> {
                    seen = JsonValues.once(seen, 1 << 5, "user.extra.sessionName");
                    user.sessionName = in.firstName("user.extra.sessionName");
                }
                case "accessKeyId", IAM + "accessKeyId" -> {
                    seen = JsonValues.once(seen, 1 << 6, "user.extra.accessKeyId");
                    user.accessKeyId = in.firstName("user.extra.accessKeyId");
                }
                default -> in.skip();
            }
        }
    }

    /** Reads the object it stands in, an {@code objectRef}. */
    static void object(ValueReader in, AuditFields f) throws IOException, BadRecord {
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
    static void status(ValueReader in, AuditFields f) throws IOException, BadRecord {
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

    /** Reads the object it stands in, {@code metadata}. */
    static void metadata(ValueReader in, AuditFields f) throws IOException, BadRecord {
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
    static void annotations(ValueReader in, AuditFields f) throws IOException, BadRecord {
        AuditFields.Annotations told = new AuditFields.Annotations();
        f.annotations = told;
        int seen = 0;
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "authorization.k8s.io/decision" -> {
                    seen = JsonValues.once(seen, 1, "annotations.decision");
                    told.decision = in.name("annotations.decision");
                }
                case "authorization.k8s.io/reason" -> {
                    seen = JsonValues.once(seen, 1 << 1, "annotations.reason");
                    told.reason = in.name("annotations.reason");
                }
                case "authentication.kubernetes.io/issued-credential-id" -> {
                    seen = JsonValues.once(seen, 1 << 2, "annotations.issued-credential-id");
                    told.issuedCredentialId = in.text("annotations.issued-credential-id", ValueReader.SHORT);
                }
                case "audit.k8s.io/truncated" -> {
                    seen = JsonValues.once(seen, 1 << 3, "annotations.truncated");
                    told.truncated = "true".equals(in.name("annotations.truncated"));
                }
                case "command.gke.io/dryRun" -> {
                    seen = JsonValues.once(seen, 1 << 4, "annotations.dryRun");
                    String dryRun = in.name("annotations.dryRun");
                    told.dryRun = dryRun != null && !dryRun.isEmpty() && !dryRun.equals("false");
                }
                default -> in.skip();
            }
        }
    }
}
