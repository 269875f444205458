package io.tocsin.job.decode.audit;

import io.tocsin.event.ObjectBody;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which role is bound, and to whom. A patch that adds a subject names no role: a role can't be changed in a binding. */
final class BodyBinding implements BodyReader {
    private static final int MAX_SUBJECTS = 64;
    private static final String ACCOUNT = "system:serviceaccount:";

    private final Projection binding;
    private final Projection subject;
    private final JsonValues values;

    BodyBinding(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.binding = new Projection(options, values, "roleRef/kind", "roleRef/name", "subjects");
        this.subject = new Projection(options, values, "kind", "name", "namespace");
    }

    @Override
    public boolean isOf(String kind) {
        return kind.equals("ClusterRoleBinding") || kind.equals("RoleBinding") || kind.equals(Bodies.ANY);
    }

    @Override
    public void object(RecordBytes object, boolean partial, ObjectBody.Builder into) throws BadRecord {
        binding.read(object);
        into.role = role(binding.name("roleRef/kind"), binding.name("roleRef/name"));
        subjects(binding.array("subjects"), into);
    }

    @Override
    public void operation(String path, Projection operation, ObjectBody.Builder into) throws BadRecord {
        if (path.equals("/subjects")) {
            subjects(operation.array("value"), into);
        } else if (path.startsWith("/subjects/") && operation.isObject("value")) {
            List<String> subjects = new ArrayList<>(into.subjects);
            BodyReader.add(subjects, subject(operation.object("value")), MAX_SUBJECTS);
            into.subjects = List.copyOf(subjects);
        } else if (path.equals("/roleRef") && operation.isObject("value")) {
            RecordBytes role = operation.object("value");
            if (role != null) {
                subject.read(role);
                into.role = role(subject.name("kind"), subject.name("name"));
            }
        }
    }

    private @Nullable String role(@Nullable String kind, @Nullable String name) {
        return name == null ? null : values.recurring().of(("Role".equals(kind) ? "Role/" : "ClusterRole/") + name);
    }

    private void subjects(@Nullable RecordBytes array, ObjectBody.Builder into) {
        if (array == null) {
            return;
        }
        List<String> subjects = new ArrayList<>(into.subjects);
        JsonElements elements = BodyReader.elements(array);
        while (subjects.size() <= MAX_SUBJECTS && elements.next()) {
            BodyReader.add(subjects, named(BodyReader.element(array, elements)), MAX_SUBJECTS);
        }
        into.subjects = List.copyOf(subjects);
    }

    /** Null for what is no subject; the next one may be. */
    private @Nullable String named(@Nullable RecordBytes element) {
        try {
            return subject(element);
        } catch (BadRecord e) {
            return null;
        }
    }

    private @Nullable String subject(@Nullable RecordBytes element) throws BadRecord {
        if (element == null || !BodyReader.isObject(element)) {
            return null;
        }
        subject.read(element);
        String name = subject.name("name");
        String kind = subject.name("kind");
        if (name == null || kind == null) {
            return null;
        }
        return switch (kind) {
            case "ServiceAccount" -> {
                String namespace = subject.name("namespace");
                yield namespace == null ? null : values.recurring().of(ACCOUNT + namespace + ":" + name);
            }
            case "Group" -> values.recurring().of(ObjectBody.GROUP + name);
            case "User" -> name;
            default -> null;
        };
    }
}
