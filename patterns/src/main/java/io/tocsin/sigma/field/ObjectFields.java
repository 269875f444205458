package io.tocsin.sigma.field;

import io.tocsin.enrich.ExecCommand;
import io.tocsin.event.Content;
import io.tocsin.event.EventField;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.Surroundings;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is made of the bodies and the query of an API request: rights, subjects, certificates, commands, what is sensitive. */
final class ObjectFields {
    private static final Set<Source> AUDIT = Set.of(Source.KUBERNETES_AUDIT);
    /** Logs that tell of commands, as a request's query or as processes. */
    private static final Set<Source> COMMANDS = Set.of(
            Source.KUBERNETES_AUDIT, Source.TETRAGON, Source.FALCO, Source.AUDITD, Source.JOURNALD, Source.SYSLOG);

    private static final String FAILED_OPEN = "annotations.failed-open.";

    private static final String DATA = "object.data";
    private static final String LABELS = "object.metadata.labels";
    private static final String TEMPLATE_LABELS = "object.spec.template.metadata.labels";
    private static final String POD_HOST_PATH = "pod.volumes.hostPath.path";
    private static final String VOLUME_HOST_PATH = "object.spec.hostPath.path";
    /** A local volume is a directory of its node as well. */
    private static final String VOLUME_LOCAL_PATH = "object.spec.local.path";

    /** The labels that name an app by convention. */
    private static final List<String> NAMING = List.of(
            "app", "k8s-app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/part-of");

    private ObjectFields() {}

    static void define(FieldTable fields) {
        roles(fields);
        certificates(fields);
        commands(fields);
        sensitive(fields);
    }

    private static FieldTable.Definition body(FieldTable fields, String name, String description) {
        return fields.field(name, AUDIT, description).costs(EventField.BODY);
    }

    private static void roles(FieldTable fields) {
        body(fields, "role.rights", "The dangerous rights that a role gives")
                .values(
                        ObjectBody.EVERYTHING,
                        ObjectBody.ESCALATE,
                        ObjectBody.BIND,
                        ObjectBody.IMPERSONATE,
                        ObjectBody.EXEC,
                        ObjectBody.TOKENS,
                        ObjectBody.KUBELETS,
                        ObjectBody.SECRETS)
                .are(event -> event.body().rights());
        body(fields, "role.content_seen", "Whether the rules of a role were logged")
                .holds(subject -> subject.event().body().contentSeen());
        body(fields, "binding.role", "The role that is bound: ClusterRole/name or Role/name")
                .is(event -> event.body().role());
        body(
                        fields,
                        "binding.subjects",
                        "Who is bound: user names, system:serviceaccount:NAMESPACE:NAME among them, and group:NAME")
                .are(event -> event.body().subjects());
        body(fields, "secret.type", "A Secret's type").is(event -> event.body().secretType());
        body(fields, "secret.account", "The service account that a Secret holds a token of")
                .is(event -> event.body().secretAccount());
        fields.field(
                        "admission.failed_open",
                        AUDIT,
                        "The webhooks that were not asked because they failed and may: the values of the failed-open annotations")
                .reads("annotations.failed-open")
                .by((subject, into) -> {
                    for (Content.Leaf leaf : subject.event().content().leaves()) {
                        if (leaf.value() != null && leaf.path().startsWith(FAILED_OPEN)) {
                            into.add(leaf.value());
                        }
                    }
                });
        fields.field(
                        "configmap.data",
                        AUDIT,
                        "What a ConfigMap holds, each entry as KEY=VALUE; of a patch what it writes. Not its binary data")
                .reads(DATA)
                .by((subject, into) -> {
                    for (Content.Leaf leaf : subject.event().content().leaves()) {
                        if (leaf.value() != null && leaf.path().startsWith(DATA + ".")) {
                            into.add(leaf.path().substring(DATA.length() + 1) + "=" + leaf.value());
                        }
                    }
                });
        fields.field("mentioned_arns", AUDIT, "Canonical ARNs that a change to the aws-auth ConfigMap names")
                .costs(EventField.MENTIONED_ARNS)
                .are(SecurityEvent::mentionedArns);
    }

    private static void certificates(FieldTable fields) {
        body(fields, "csr.signer", "A certificate request's signer")
                .is(event -> event.body().signer());
        body(fields, "csr.client_auth", "Whether a certificate for clients is asked for")
                .holds(subject -> subject.event().body().clientAuth());
        body(fields, "csr.common_name", "The common name that is asked for: the user name of who holds the certificate")
                .is(event -> event.body().commonName());
        body(fields, "csr.organizations", "The organizations that are asked for, which are groups")
                .are(event -> event.body().organizations());
        body(fields, "csr.requester", "Who created the certificate request, as the API server saw it")
                .is(event -> event.body().requester());
        body(fields, "csr.verdict", "What was decided about a certificate request")
                .values("approved", "denied")
                .is(event -> verdict(event.body().verdict()));
    }

    private static @Nullable String verdict(@Nullable String verdict) {
        if (verdict == null) {
            return null;
        }
        return verdict.equals(ObjectBody.APPROVED) ? "approved" : "denied";
    }

    private static void commands(FieldTable fields) {
        fields.field(
                        "exec.command",
                        AUDIT,
                        "The command that exec runs, decoded, its arguments joined by one space; and once more without quotes,"
                                + " backslashes and $IFS, where it has some")
                .are(event -> ExecCommand.of(event).lines());
        fields.field(
                        "exec.opens_shell",
                        COMMANDS,
                        "Whether the command opens a shell, in which nothing more is audited")
                .holds(subject -> command(subject.event()).opensShell());
        fields.field(
                        "exec.reads_token",
                        COMMANDS,
                        "Whether the command reads where tokens of service accounts are mounted")
                .holds(subject -> command(subject.event()).readsToken());
        fields.field(
                        "exec.reads_credentials",
                        COMMANDS,
                        "Whether the command reads where passwords, keys and kubeconfigs are kept")
                .holds(subject -> command(subject.event()).readsCredentials());
        fields.field(
                        "exec.calls_metadata",
                        COMMANDS,
                        "Whether the command calls the cloud's metadata service, however spelt")
                .holds(subject -> command(subject.event()).callsMetadata());
    }

    private static ExecCommand command(SecurityEvent event) {
        if (event.source() == Source.KUBERNETES_AUDIT) {
            return ExecCommand.of(event);
        }
        String line = HostFields.commandLine(event);
        return line == null ? ExecCommand.of(event) : ExecCommand.line(line);
    }

    private static void sensitive(FieldTable fields) {
        fields.field(
                        "sensitive_host_path",
                        AUDIT,
                        "The paths of the node that a pod or a PersistentVolume mounts and that are on the list"
                                + " host-paths.sensitive")
                .reads(POD_HOST_PATH, VOLUME_HOST_PATH, VOLUME_LOCAL_PATH)
                .by((subject, into) -> {
                    addSensitive(subject, POD_HOST_PATH, into);
                    addSensitive(subject, VOLUME_HOST_PATH, into);
                    addSensitive(subject, VOLUME_LOCAL_PATH, into);
                });
        fields.field(
                        "app.sensitive",
                        Set.of(Source.values()),
                        "Whether the namespace, the name or a label of what it is about is on the list apps.sensitive")
                .reads(LABELS, TEMPLATE_LABELS)
                .holds(ObjectFields::isSensitiveApp);
    }

    private static void addSensitive(Subject subject, String at, Collection<String> into) {
        for (String path : subject.event().content().values(at)) {
            if (subject.surroundings().isSensitiveHostPath(subject.event().cluster(), path)) {
                into.add(path);
            }
        }
    }

    private static boolean isSensitiveApp(Subject subject) {
        SecurityEvent event = subject.event();
        Surroundings surroundings = subject.surroundings();
        String namespace = HostFields.namespace(event);
        String in = namespace == null ? "" : namespace;
        if (isSensitive(event, surroundings, in, event.name())
                || isSensitive(
                        event,
                        surroundings,
                        in,
                        HostFields.podName(event.place().pod()))
                || isSensitive(
                        event,
                        surroundings,
                        in,
                        HostFields.podName(event.place().workload()))
                || isSensitive(
                        event, surroundings, in, HostFields.podName(event.flow().workload()))) {
            return true;
        }
        for (String label : NAMING) {
            for (String at : List.of(LABELS, TEMPLATE_LABELS)) {
                for (String value : event.content().values(at + "." + label)) {
                    if (isSensitive(event, surroundings, in, value)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isSensitive(
            SecurityEvent event, Surroundings surroundings, String namespace, @Nullable String name) {
        return (!namespace.isEmpty() || name != null)
                && surroundings.isSensitiveApp(event.cluster(), namespace, name == null ? "" : name);
    }
}
