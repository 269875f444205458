package io.tocsin.job.decode.audit;

import io.tocsin.event.ObjectBody;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As whom pods run, how many there are to be, and what controls them: of pods, of what makes pods, and of its scale. */
final class BodyWorkload implements BodyReader {
    private static final int MAX_OWNERS = 64;
    private static final String REPLICAS = "spec/replicas";
    private static final String ACCOUNT = "spec/serviceAccountName";
    private static final String TEMPLATE = "spec/template/" + ACCOUNT;
    private static final String JOB_TEMPLATE = "spec/jobTemplate/" + TEMPLATE;
    private static final Set<String> KINDS = Set.of(
            "Pod",
            "Deployment",
            "StatefulSet",
            "ReplicaSet",
            "DaemonSet",
            "ReplicationController",
            "Job",
            "CronJob",
            "Scale",
            Bodies.ANY);

    private final JsonValues values;
    private final Projection workload;
    private final Projection owner;

    BodyWorkload(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.workload =
                new Projection(options, values, REPLICAS, ACCOUNT, TEMPLATE, JOB_TEMPLATE, "metadata/ownerReferences");
        this.owner = new Projection(options, values, "controller", "kind", "name");
    }

    @Override
    public boolean isOf(String kind) {
        return KINDS.contains(kind);
    }

    @Override
    public void object(RecordBytes object, boolean partial, ObjectBody.Builder into) throws BadRecord {
        workload.read(object);
        into.replicas = (int) workload.integer(REPLICAS, 0, Integer.MAX_VALUE, -1);
        for (String path : new String[] {ACCOUNT, TEMPLATE, JOB_TEMPLATE}) {
            String account = workload.name(path);
            into.serviceAccount = account == null ? into.serviceAccount : account;
        }
        into.owner = owner(workload.array("metadata/ownerReferences"));
    }

    @Override
    public void operation(String path, Projection operation, ObjectBody.Builder into) throws BadRecord {
        if (path.equals("/" + REPLICAS)) {
            into.replicas = (int) operation.integer("value", 0, Integer.MAX_VALUE, -1);
        } else if (path.equals("/" + ACCOUNT) || path.equals("/" + TEMPLATE) || path.equals("/" + JOB_TEMPLATE)) {
            into.serviceAccount = operation.name("value");
        }
    }

    private @Nullable String owner(@Nullable RecordBytes owners) throws BadRecord {
        JsonElements elements = BodyReader.elements(owners);
        for (int i = 0; owners != null && i < MAX_OWNERS && elements.next(); i++) {
            RecordBytes element = BodyReader.element(owners, elements);
            if (!BodyReader.isObject(element)) {
                continue;
            }
            owner.read(element);
            String kind = owner.name("kind");
            String name = owner.name("name");
            if (owner.flag("controller") && kind != null && name != null) {
                return values.recurring().of(kind + "/" + name);
            }
        }
        return null;
    }
}
