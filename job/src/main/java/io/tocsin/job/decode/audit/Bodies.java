package io.tocsin.job.decode.audit;

import io.tocsin.event.EventField;
import io.tocsin.event.ObjectBody;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the bodies of a request tell of its object. Read only of the objects that detections ask about, and only of requests that
 * were granted and done: before that, a body is what somebody would like to be true. The answer's body is the object as the API
 * server has it and is preferred; the request's is read where the answer isn't logged, is cut, or is no such object. A body that is
 * no such object tells nothing and never makes the record a bad one.
 *
 * <p>Not read: lists, whose items would be many bodies of one event.
 */
final class Bodies {
    /** Stands for the kind of a request's object that names none. */
    static final String ANY = "?";

    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String CERTIFICATES = "certificates.k8s.io";
    private static final int MAX_OPERATIONS = 10_000;

    private final boolean wanted;
    private final BodyReader rights;
    private final BodyReader binding;
    private final BodyReader secret;
    private final BodyReader certificate;
    private final BodyReader workload;
    private final Projection operation;
    private final ObjectBody.Builder body = ObjectBody.builder();

    Bodies(DecoderOptions options, JsonValues values) {
        this.wanted = options.fields().contains(EventField.BODY);
        this.rights = new BodyRights(values);
        this.binding = new BodyBinding(options, values);
        this.secret = new BodySecret(options, values);
        this.certificate = new BodyCertificate(options, values);
        this.workload = new BodyWorkload(options, values);
        this.operation = new Projection(options, values, "op", "path", "value");
    }

    /** What they tell, {@link ObjectBody#NONE} if nothing. */
    ObjectBody of(AuditFields f, RecordBytes record) {
        BodyReader reader = wanted ? reader(f) : null;
        if (reader == null) {
            return ObjectBody.NONE;
        }
        body.clear();
        RecordBytes answered = f.responseBody.in(record);
        RecordBytes requested = f.requestBody.in(record);
        if (answered != null
                && (requested == null || !answered.cut())
                && BodyReader.isObject(answered)
                && reader.isOf(kind(answered, ""))) {
            object(reader, answered, false);
        } else if (requested != null) {
            requested(reader, requested, "patch".equals(f.verb));
        }
        ObjectBody told = body.build();
        return told.equals(ObjectBody.NONE) ? ObjectBody.NONE : told;
    }

    private @Nullable BodyReader reader(AuditFields f) {
        if (f.resource == null || (f.requestBody.isAbsent() && f.responseBody.isAbsent()) || !isOfOne(f.verb)) {
            return null;
        }
        String group = f.apiGroup == null ? "" : f.apiGroup;
        String subresource = f.subresource == null ? "" : f.subresource;
        boolean plain = subresource.isEmpty();
        return switch (f.resource) {
            case "roles", "clusterroles" -> plain && group.equals(RBAC) ? rights : null;
            case "rolebindings", "clusterrolebindings" -> plain && group.equals(RBAC) ? binding : null;
            case "secrets" -> plain && group.isEmpty() ? secret : null;
            case "certificatesigningrequests" ->
                group.equals(CERTIFICATES) && (plain || subresource.equals("approval")) ? certificate : null;
            case "pods" -> plain && group.isEmpty() ? workload : null;
            case "replicationcontrollers" ->
                group.isEmpty() && (plain || subresource.equals("scale")) ? workload : null;
            case "deployments", "statefulsets", "replicasets", "daemonsets" ->
                group.equals("apps") && (plain || subresource.equals("scale")) ? workload : null;
            case "jobs", "cronjobs" -> plain && group.equals("batch") ? workload : null;
            default -> null;
        };
    }

    /** Whether the bodies of a request of this verb hold one object that is still there. */
    private static boolean isOfOne(@Nullable String verb) {
        if (verb == null) {
            return false;
        }
        return switch (verb) {
            case "create", "update", "patch", "get" -> true;
            default -> false;
        };
    }

    private void requested(BodyReader reader, RecordBytes requested, boolean patch) {
        if (BodyReader.isObject(requested)) {
            if (patch || reader.isOf(kind(requested, ANY))) {
                object(reader, requested, patch);
            }
        } else if (patch) {
            operations(reader, requested);
        }
    }

    private void object(BodyReader reader, RecordBytes object, boolean partial) {
        try {
            reader.object(object, partial, body);
        } catch (BadRecord | IOException e) {
            // What a body tells is an addition to an event that was read.
            return;
        }
    }

    /** A JSON patch: what it adds and replaces. */
    private void operations(BodyReader reader, RecordBytes array) {
        JsonElements elements = BodyReader.elements(array);
        for (int i = 0; i < MAX_OPERATIONS && elements.next(); i++) {
            operation(reader, BodyReader.element(array, elements));
        }
    }

    private void operation(BodyReader reader, RecordBytes element) {
        try {
            if (BodyReader.isObject(element)) {
                operation.read(element);
                String op = operation.text("op");
                String path = operation.text("path");
                if (path != null && ("add".equals(op) || "replace".equals(op))) {
                    reader.operation(path, operation, body);
                }
            }
        } catch (BadRecord | IOException e) {
            // This operation tells nothing; the next one may.
            return;
        }
    }

    /** An object's kind. Where it names none, the last part of what Cloud Logging calls its type; else what is given. */
    static String kind(RecordBytes object, String none) {
        JsonMembers members = new JsonMembers(object.bytes(), object.start(), object.end());
        String typed = none;
        while (members.next()) {
            String name = members.name();
            boolean kind = name.equals("kind");
            if (kind || name.equals("@type")) {
                String value = text(object, members);
                if (kind) {
                    return value;
                }
                typed = value.substring(value.lastIndexOf('.') + 1);
            }
        }
        return typed;
    }

    private static String text(RecordBytes object, JsonMembers member) {
        int start = member.valueStart() + 1;
        int end = member.valueEnd() - 1;
        return end <= start ? "" : new String(object.bytes(), start, end - start, StandardCharsets.UTF_8);
    }
}
