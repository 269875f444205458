package io.tocsin.job.decode.kubernetes;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The object that an Event is about: {@code involvedObject}, which {@code events.k8s.io} calls {@code regarding}. */
final class ObjectReference {
    private record Members(
            String self,
            String kind,
            String apiVersion,
            String namespace,
            String name,
            String uid,
            String fieldPath,
            String owners) {
        static Members of(String self) {
            return new Members(
                    self,
                    self + "/kind",
                    self + "/apiVersion",
                    self + "/namespace",
                    self + "/name",
                    self + "/uid",
                    self + "/fieldPath",
                    self + "/ownerReferences");
        }

        List<String> all() {
            return List.of(self, kind, apiVersion, namespace, name, uid, fieldPath, owners);
        }
    }

    private static final Members CORE = Members.of("involvedObject");
    private static final Members EVENTS = Members.of("regarding");

    private final Projection ownerFields;
    private @Nullable String kind;
    private @Nullable String apiGroup;
    private @Nullable String namespace;
    private @Nullable String name;
    private @Nullable String uid;
    private @Nullable String container;
    private @Nullable String owner;

    ObjectReference(DecoderOptions options, JsonValues values) {
        this.ownerFields = new Projection(options, values, "kind", "name", "controller");
    }

    /** The members it needs, and more. */
    static String[] and(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(CORE.all());
        all.addAll(EVENTS.all());
        return all.toArray(new String[0]);
    }

    /** Whether there is one, be it empty. */
    static boolean isIn(Projection f) throws BadRecord {
        return f.object(CORE.self) != null || f.object(EVENTS.self) != null;
    }

    void read(Projection f) throws BadRecord {
        Members members = f.has(CORE.kind) || !f.has(EVENTS.self) ? CORE : EVENTS;
        f.object(members.self); // must be one
        kind = f.name(members.kind);
        apiGroup = group(f.name(members.apiVersion));
        namespace = f.name(members.namespace);
        name = f.name(members.name);
        uid = f.name(members.uid);
        container = container(f.name(members.fieldPath));
        owner = owner(f, members.owners);
    }

    private static @Nullable String group(@Nullable String apiVersion) {
        int slash = apiVersion == null ? -1 : apiVersion.indexOf('/');
        return apiVersion == null || slash <= 0 ? null : apiVersion.substring(0, slash);
    }

    /** {@code spec.containers{web}}, {@code spec.initContainers{setup}}. */
    private static @Nullable String container(@Nullable String fieldPath) {
        if (fieldPath == null || !fieldPath.startsWith("spec.") || !fieldPath.endsWith("}")) {
            return null;
        }
        int brace = fieldPath.indexOf('{');
        boolean container = fieldPath.startsWith("ontainers", brace - "ontainers".length());
        return container && brace + 1 < fieldPath.length() - 1
                ? fieldPath.substring(brace + 1, fieldPath.length() - 1)
                : null;
    }

    /** The controller among the owners that exporters look up, {@code Kind/name}. */
    private @Nullable String owner(Projection f, String path) throws BadRecord {
        RecordBytes owners = f.array(path);
        if (owners == null) {
            return null;
        }
        JsonElements each = new JsonElements(owners.bytes(), owners.start(), owners.end());
        String found = null;
        while (each.next()) {
            if (owners.bytes()[each.start()] != '{') {
                String given = Excerpt.of(owners.bytes(), each.start(), each.end());
                throw new BadRecord(path + " must hold objects: " + given);
            }
            ownerFields.read(new RecordBytes(owners.bytes(), each.start(), each.end(), false, owners.origin()));
            String ownerKind = ownerFields.name("kind");
            String ownerName = ownerFields.name("name");
            if (ownerKind != null && ownerName != null && (found == null || ownerFields.flag("controller"))) {
                found = ownerKind + "/" + ownerName;
            }
        }
        return found;
    }

    @Nullable
    String kind() {
        return kind;
    }

    /** Null for the core group. */
    @Nullable
    String apiGroup() {
        return apiGroup;
    }

    @Nullable
    String namespace() {
        return namespace;
    }

    @Nullable
    String name() {
        return name;
    }

    @Nullable
    String uid() {
        return uid;
    }

    @Nullable
    String container() {
        return container;
    }

    @Nullable
    String owner() {
        return owner;
    }
}
