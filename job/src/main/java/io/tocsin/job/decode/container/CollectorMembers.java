package io.tocsin.job.decode.container;

import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.NamesByBytes;
import io.tocsin.job.decode.StringEnds;
import io.tocsin.job.decode.container.PodFields.Field;
import io.tocsin.job.decode.container.PodFields.Style;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The members of collectors' records and what they mean. Objects within objects and names with dots are the same: {@code
 * kubernetes: {pod: {name}}}, {@code kubernetes.pod.name}.
 */
final class CollectorMembers {
    /** A member that says something else than where. */
    enum Member {
        LOG,
        MESSAGE,
        BODY,
        STRUCTURED,
        JOURNAL_MESSAGE,
        STREAM,
        DATE,
        AT_TIMESTAMP,
        TIME,
        TIMESTAMP,
        OBSERVED,
        LEVEL,
        FILE,
        HOST,
        IMAGE,
        CLUSTER,
        RESOURCE_CLUSTER
    }

    /** Which part of a record tells of the pod, the most trusted first. */
    enum Teller {
        KUBERNETES,
        RESOURCE,
        RECORD,
        ATTRIBUTES
    }

    /**
     * What is told of the pod.
     *
     * @param kind what stands in front of the value: the kind of a workload whose name it is, with a slash
     */
    record PodMember(Teller teller, Field field, Style style, String kind) {}

    /** A member by its name, with those inside it. */
    static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private NamesByBytes<Node> named = new NamesByBytes<>(Map.of());
        private final String path;
        private @Nullable Member member;
        private @Nullable PodMember pod;

        private Node(String path) {
            this.path = path;
        }

        @Nullable
        Node child(String name) {
            return children.get(name);
        }

        /** The same by what is written. */
        NamesByBytes<Node> named() {
            return named;
        }

        private void close() {
            named = new NamesByBytes<>(children);
            children.values().forEach(Node::close);
        }

        boolean hasChildren() {
            return !children.isEmpty();
        }

        String path() {
            return path;
        }

        @Nullable
        Member member() {
            return member;
        }

        @Nullable
        PodMember pod() {
            return pod;
        }
    }

    static final String KUBERNETES = "kubernetes";
    static final String OWNERS = "ownerReferences";
    /** All that a line of Docker has. */
    static final Set<String> DOCKER = Set.of("log", "stream", "time", "attrs");

    static final NamesByBytes<String> DOCKER_NAMES =
            new NamesByBytes<>(DOCKER.stream().collect(Collectors.toMap(name -> name, name -> name)));
    /** Members that collectors add to what a container wrote, and that name no part of it. */
    static final Set<String> ADDED = Set.of(
            KUBERNETES,
            "kubernetes_namespace",
            "docker",
            "stream",
            "logtag",
            "_p",
            "date",
            "@timestamp",
            "@metadata",
            "@version",
            "source_type",
            "file",
            "tag",
            "agent",
            "ecs",
            "input",
            "container",
            "orchestrator",
            "openshift",
            "viaq_msg_id",
            "log_type",
            "log_source");

    private static final byte[] KUBERNETES_NAME = "\"kubernetes".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] K8S_NAME = "\"k8s.".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> WORKLOADS =
            List.of("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "ReplicaSet");

    static final Node ROOT = tree();

    private CollectorMembers() {}

    private static Node tree() {
        Node root = new Node("");
        member(root, "log", Member.LOG);
        member(root, "message", Member.MESSAGE);
        member(root, "body", Member.BODY);
        member(root, "body/stringValue", Member.BODY);
        member(root, "structured", Member.STRUCTURED);
        member(root, "MESSAGE", Member.JOURNAL_MESSAGE);
        member(root, "stream", Member.STREAM);
        member(root, "attributes/log.iostream", Member.STREAM);
        member(root, "date", Member.DATE);
        member(root, "@timestamp", Member.AT_TIMESTAMP);
        member(root, "time", Member.TIME);
        member(root, "timestamp", Member.TIMESTAMP);
        member(root, "timeUnixNano", Member.TIMESTAMP);
        member(root, "observed_timestamp", Member.OBSERVED);
        member(root, "observedTimestamp", Member.OBSERVED);
        member(root, "observedTimeUnixNano", Member.OBSERVED);
        member(root, "level", Member.LEVEL);
        member(root, "log/level", Member.LEVEL);
        member(root, "severity_text", Member.LEVEL);
        member(root, "severityText", Member.LEVEL);
        member(root, "file", Member.FILE);
        member(root, "log/file/path", Member.FILE);
        member(root, "attributes/log/file/path", Member.FILE);
        member(root, "host", Member.HOST);
        member(root, "host/name", Member.HOST);
        member(root, "hostname", Member.HOST);
        member(root, "resource/host/name", Member.HOST);
        member(root, "resource/attributes/host/name", Member.HOST);
        member(root, "container/image/name", Member.IMAGE);
        member(root, "orchestrator/cluster/name", Member.CLUSTER);

        fluent(root, "namespace_name", Field.NAMESPACE);
        fluent(root, "pod_name", Field.POD);
        fluent(root, "pod_id", Field.UID);
        fluent(root, "pod_ip", Field.ADDRESS);
        fluent(root, "host", Field.NODE);
        fluent(root, "node_name", Field.NODE);
        fluent(root, "container_name", Field.CONTAINER);
        fluent(root, "container_image", Field.IMAGE);
        pod(root, KUBERNETES + "/pod_namespace", new PodMember(Teller.KUBERNETES, Field.NAMESPACE, Style.VECTOR, ""));
        pod(root, KUBERNETES + "/pod_uid", new PodMember(Teller.KUBERNETES, Field.UID, Style.VECTOR, ""));
        pod(root, KUBERNETES + "/pod_node_name", new PodMember(Teller.KUBERNETES, Field.NODE, Style.VECTOR, ""));
        pod(root, KUBERNETES + "/pod_owner", new PodMember(Teller.KUBERNETES, Field.WORKLOAD, Style.VECTOR, ""));
        named(root, KUBERNETES, Teller.KUBERNETES, Style.ELASTIC);
        pod(root, KUBERNETES + "/namespace", new PodMember(Teller.KUBERNETES, Field.NAMESPACE, Style.ELASTIC, ""));
        pod(root, KUBERNETES + "/container/image", new PodMember(Teller.KUBERNETES, Field.IMAGE, Style.ELASTIC, ""));

        openTelemetry(root, "", Teller.RECORD);
        openTelemetry(root, "attributes/", Teller.ATTRIBUTES);
        openTelemetry(root, "resource/", Teller.RESOURCE);
        openTelemetry(root, "resource/attributes/", Teller.RESOURCE);
        openTelemetry(root, "resources/", Teller.RESOURCE);
        root.close();
        return root;
    }

    private static void openTelemetry(Node root, String group, Teller teller) {
        named(root, group + "k8s", teller, Style.OPENTELEMETRY);
        pod(root, group + "k8s/namespace/name", new PodMember(teller, Field.NAMESPACE, Style.OPENTELEMETRY, ""));
        pod(root, group + "container/image/name", new PodMember(teller, Field.IMAGE, Style.OPENTELEMETRY, ""));
        if (teller == Teller.RESOURCE) {
            member(root, group + "k8s/cluster/name", Member.RESOURCE_CLUSTER);
        }
    }

    /** What Elastic and OpenTelemetry name alike. */
    private static void named(Node root, String group, Teller teller, Style style) {
        pod(root, group + "/pod/name", new PodMember(teller, Field.POD, style, ""));
        pod(root, group + "/pod/uid", new PodMember(teller, Field.UID, style, ""));
        pod(root, group + "/pod/ip", new PodMember(teller, Field.ADDRESS, style, ""));
        pod(root, group + "/node/name", new PodMember(teller, Field.NODE, style, ""));
        pod(root, group + "/container/name", new PodMember(teller, Field.CONTAINER, style, ""));
        for (String kind : WORKLOADS) {
            String name = kind.toLowerCase(Locale.ROOT);
            pod(root, group + '/' + name + "/name", new PodMember(teller, Field.WORKLOAD, style, kind + '/'));
        }
    }

    private static void fluent(Node root, String name, Field field) {
        pod(root, KUBERNETES + '/' + name, new PodMember(Teller.KUBERNETES, field, Style.FLUENT, ""));
    }

    private static void member(Node root, String path, Member member) {
        each(root, path, 0, path, node -> node.member = member);
    }

    private static void pod(Node root, String path, PodMember member) {
        each(root, path, 0, path, node -> node.pod = member);
    }

    /** Every way to write the path: each slash is a step inside, or a dot in a name. */
    private static void each(Node node, String rest, int from, String path, Consumer<Node> set) {
        int slash = rest.indexOf('/', from);
        if (slash >= 0) {
            Node inside = node.children.computeIfAbsent(
                    rest.substring(0, slash), name -> new Node(dotted(path, rest, slash)));
            each(inside, rest.substring(slash + 1), 0, path, set);
            each(node, rest.substring(0, slash) + '.' + rest.substring(slash + 1), slash + 1, path, set);
        } else {
            set.accept(node.children.computeIfAbsent(rest, name -> new Node(path.replace('/', '.'))));
        }
    }

    private static String dotted(String path, String rest, int slash) {
        return path.substring(0, path.length() - rest.length() + slash).replace('/', '.');
    }

    /** Whether the object that starts here has a member in which a collector names the pod. */
    static boolean namePod(byte[] bytes, int start, int end) {
        if (StringEnds.quoteBefore((byte) 'k', bytes, start, end) == end) {
            // Nothing in it is called so: nearly always, and found sooner than the members.
            return false;
        }
        int at = JsonScanner.skipSpace(bytes, start + 1, end);
        while (at < end && bytes[at] == '"') {
            int name = at;
            int close = JsonScanner.valueEndInLine(bytes, name, end);
            int colon = close < 0 ? end : JsonScanner.skipSpace(bytes, close, end);
            if (colon >= end || bytes[colon] != ':') {
                return false;
            }
            int value = JsonScanner.skipSpace(bytes, colon + 1, end);
            if (value < end && namesPod(bytes, name, close, value)) {
                return true;
            }
            at = JsonScanner.valueEndInLine(bytes, value, end);
            if (at < 0) {
                return false;
            }
            at = JsonScanner.skipSpace(bytes, at, end);
            if (at >= end || bytes[at] != ',') {
                return false;
            }
            at = JsonScanner.skipSpace(bytes, at + 1, end);
        }
        return false;
    }

    private static boolean namesPod(byte[] bytes, int name, int close, int value) {
        if (startsWith(bytes, name, close, KUBERNETES_NAME)) {
            byte next = bytes[name + KUBERNETES_NAME.length];
            return next == '.' || (next == '"' && bytes[value] == '{');
        }
        return startsWith(bytes, name, close, K8S_NAME);
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] text) {
        if (to - from <= text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
