package io.tocsin.sigma.field;

import io.tocsin.event.HostProcess;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where it happened and which process, file and connection it was: what logs of nodes, pods and the network tell. */
final class HostFields {
    /** What a record tells was done: {@code exec}, {@code open}, {@code connect}. */
    static final String ACTION = "event.action";

    static final String EXECUTABLE = "process.executable";

    private static final Set<Source> RUNTIME = Set.of(Source.TETRAGON, Source.FALCO);
    private static final Set<Source> HOST =
            Set.of(Source.TETRAGON, Source.FALCO, Source.AUDITD, Source.JOURNALD, Source.SYSLOG);
    private static final Set<Source> NETWORK =
            Set.of(Source.HUBBLE, Source.TETRAGON, Source.FALCO, Source.AUDITD, Source.ACCESS_LOG);
    private static final Set<Source> PODS = Set.of(
            Source.KUBERNETES_EVENT,
            Source.CONTAINER_LOG,
            Source.HUBBLE,
            Source.TETRAGON,
            Source.FALCO,
            Source.JOURNALD,
            Source.SYSLOG,
            Source.ACCESS_LOG);
    private static final Set<Source> NODES = Set.of(
            Source.KUBERNETES_AUDIT,
            Source.KUBERNETES_EVENT,
            Source.CONTAINER_LOG,
            Source.HUBBLE,
            Source.TETRAGON,
            Source.FALCO,
            Source.JOURNALD,
            Source.SYSLOG,
            Source.AUDITD);
    private static final Set<Source> NAMESPACES = Set.of(
            Source.KUBERNETES_AUDIT,
            Source.KUBERNETES_EVENT,
            Source.CONTAINER_LOG,
            Source.HUBBLE,
            Source.TETRAGON,
            Source.FALCO,
            Source.JOURNALD,
            Source.SYSLOG,
            Source.ACCESS_LOG);
    private static final Set<Source> WORDS = Set.of(
            Source.EKS_AUTHENTICATOR,
            Source.CLOUDTRAIL,
            Source.KUBERNETES_EVENT,
            Source.CONTAINER_LOG,
            Source.JOURNALD,
            Source.SYSLOG,
            Source.AUDITD,
            Source.ACCESS_LOG,
            Source.HUBBLE,
            Source.TETRAGON,
            Source.FALCO);
    private static final Set<Source> LEVELS =
            Set.of(Source.KUBERNETES_EVENT, Source.CONTAINER_LOG, Source.JOURNALD, Source.SYSLOG, Source.FALCO);

    private HostFields() {}

    static void define(FieldTable fields) {
        place(fields);
        words(fields);
        process(fields);
        network(fields);
    }

    private static void place(FieldTable fields) {
        fields.field("node", NODES, "The node's name")
                .also("host.name", "kubernetes.node.name", "node.name", "device.hostname", "Computer")
                .is(event -> event.place().node());
        fields.field("pod.name", PODS, "The pod's name")
                .also("kubernetes.pod.name", "k8s.pod.name", "pod")
                .is(event -> podName(event.place().pod()));
        fields.field("container", PODS, "The container's name")
                .also("container.name", "kubernetes.container.name", "k8s.container.name")
                .is(event -> event.place().container());
        fields.field("image", PODS, "The container's image")
                .also("container.image.name", "container.image")
                .is(event -> event.place().image());
        fields.field("workload", PODS, "What the pod belongs to, Kind/name: Deployment/web")
                .is(event -> event.place().workload());
        fields.field("namespace", withoutAudit(), "The namespace it happened in")
                .also("kubernetes.namespace", "orchestrator.namespace", "k8s.namespace.name")
                .is(HostFields::namespace);
        fields.field(
                        "namespace.system",
                        NAMESPACES,
                        "Whether that namespace is kube-system, kube-public, kube-node-lease or the platform's")
                .holds(subject -> {
                    String namespace = namespace(subject.event());
                    return namespace != null
                            && subject.surroundings()
                                    .isSystemNamespace(subject.event().cluster(), namespace);
                });
    }

    private static Set<Source> withoutAudit() {
        return Set.of(NAMESPACES.stream()
                .filter(source -> source != Source.KUBERNETES_AUDIT)
                .toArray(Source[]::new));
    }

    private static void words(FieldTable fields) {
        fields.field("message", WORDS, "The log's own words, which whoever wrote the log chose")
                .also("note", "log", "MESSAGE", "output", "msg")
                .is(SecurityEvent::message);
        fields.field(
                        "reason",
                        WORDS,
                        "Why: an error, the reason of a Kubernetes Event, the rule or the policy that was met")
                .also("event.reason", "error.message", "error")
                .is(SecurityEvent::reason);
        fields.field("log.level", LEVELS, "How grave its writer thinks it is, in lower case")
                .also("level", "severity", "type")
                .is(SecurityEvent::level);
        fields.field("event.count", WORDS, "How often it happened, where one record tells of several")
                .also("count", "series.count")
                .is(event -> Integer.toString(event.count()));
        fields.field(
                        ACTION,
                        Set.of(
                                Source.HUBBLE,
                                Source.TETRAGON,
                                Source.FALCO,
                                Source.AUDITD,
                                Source.JOURNALD,
                                Source.SYSLOG),
                        "What was done: exec, open, write, connect, accept, listen, login, sudo; of a request the HTTP method")
                .also("verb", "action")
                .is(SecurityEvent::verb);
        fields.field(
                        "object.kind",
                        Set.of(Source.KUBERNETES_EVENT, Source.JOURNALD, Source.SYSLOG, Source.AUDITD),
                        "What it is about, a resource's plural: pods, units")
                .also("resource", "resources.type")
                .is(SecurityEvent::resource);
        fields.field(
                        "object.name",
                        Set.of(Source.KUBERNETES_EVENT, Source.JOURNALD, Source.SYSLOG, Source.AUDITD),
                        "The name of what it is about")
                .also("resources.name")
                .is(SecurityEvent::name);
    }

    private static void process(FieldTable fields) {
        fields.field(EXECUTABLE, HOST, "What runs: a path where the kernel told it, else the program's name for itself")
                .also("Image", "process.name", "exe", "process.file.path", "actor.process.file.path")
                .is(event -> event.process().binary());
        fields.field("process.command_line", HOST, "What runs, with its arguments")
                .also("CommandLine", "process.cmd_line", "process.args", "proctitle", "actor.process.cmd_line")
                .is(HostFields::commandLine);
        fields.field("process.parent", RUNTIME, "What started it")
                .also(
                        "ParentImage",
                        "process.parent.executable",
                        "process.parent.name",
                        "process.parent_process.file.path")
                .is(event -> event.process().parent());
        fields.field("process.directory", HOST, "Its working directory")
                .also("CurrentDirectory", "process.working_directory", "cwd")
                .is(event -> event.process().directory());
        fields.field(
                        "file.path",
                        Set.of(Source.TETRAGON, Source.FALCO, Source.AUDITD),
                        "The file it is about: opened, written, deleted")
                .also("TargetFilename", "file.name")
                .is(event -> event.process().file());
    }

    private static void network(FieldTable fields) {
        fields.field("destination.ip", NETWORK, "The address it goes to")
                .also("DestinationIp", "dst_endpoint.ip", "dst_ip")
                .is(event -> event.flow().destination());
        fields.field("destination.port", NETWORK, "The port it goes to")
                .also("DestinationPort", "dst_endpoint.port", "dst_port")
                .is(event -> event.flow().port() == 0
                        ? null
                        : Integer.toString(event.flow().port()));
        fields.field("destination.name", NETWORK, "The DNS or HTTP name it goes to; the client chooses an HTTP host")
                .also(
                        "DestinationHostname",
                        "destination.domain",
                        "dst_endpoint.hostname",
                        "dns.question.name",
                        "cs-host",
                        "http_request.url.hostname",
                        "vhost",
                        "query")
                .is(event -> event.flow().name());
        fields.field("network.direction", NETWORK, "The direction, seen from where it was recorded")
                .values("ingress", "egress")
                .also("connection_info.direction")
                .is(event -> event.flow().direction());
        fields.field("network.protocol", NETWORK, "The protocol, in lower case: tcp, udp, http/1.1")
                .also("Protocol", "network.transport", "connection_info.protocol_name", "cs-version")
                .is(event -> event.flow().protocol());
        fields.field("destination.pod", Set.of(Source.HUBBLE), "The pod it goes to, NAMESPACE/NAME")
                .is(event -> event.flow().pod());
        fields.field(
                        "destination.workload",
                        Set.of(Source.HUBBLE, Source.ACCESS_LOG),
                        "The workload it goes to, Kind/name")
                .is(event -> event.flow().workload());
    }

    static @Nullable String namespace(SecurityEvent event) {
        return event.namespace() != null ? event.namespace() : event.place().namespace();
    }

    /** What follows the slash of {@code namespace/name} and of {@code Kind/name}. */
    static @Nullable String podName(@Nullable String pod) {
        return pod == null ? null : pod.substring(pod.indexOf('/') + 1);
    }

    /** The command line as a shell would take it: the binary, then its arguments. */
    static @Nullable String commandLine(SecurityEvent event) {
        HostProcess process = event.process();
        if (process.command() == null) {
            return process.binary();
        }
        return process.binary() == null ? process.command() : process.binary() + " " + process.command();
    }
}
