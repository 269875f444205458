package io.tocsin.job.generate;

import io.tocsin.event.Source;
import io.tocsin.job.generate.Cluster.Node;
import org.jspecify.annotations.Nullable;

/** Kubernetes Events, as a watcher prints them: core/v1, one object a line, whole seconds. */
final class EventLog extends SourceLog {
    private int revision = 40_000_000;

    EventLog(Timeline timeline, Chance chance) {
        super(timeline, Source.KUBERNETES_EVENT, chance);
    }

    /** The kubelet tells about a pod; warnings are those of trouble. */
    void ofKubelet(Pod pod, boolean warning, String reason, String message, int count, long since, long at) {
        String path = reason.equals("Killing") || reason.startsWith("Failed") ? "" : pod.workload.name();
        Node node = pod.node();
        write(
                "Pod",
                pod.namespace(),
                pod.name(),
                pod.uid(),
                path,
                warning,
                reason,
                message,
                "kubelet",
                node,
                count,
                since,
                at);
    }

    /** A controller or the scheduler tells about a pod. */
    void ofPod(
            Pod pod, boolean warning, String component, String reason, String message, int count, long since, long at) {
        String name = pod.name();
        write("Pod", pod.namespace(), name, pod.uid(), "", warning, reason, message, component, null, count, since, at);
    }

    /** A controller tells about an object. */
    void of(
            String kind,
            String namespace,
            String name,
            boolean warning,
            String component,
            String reason,
            String message,
            long at) {
        write(kind, namespace, name, uid(kind, name), "", warning, reason, message, component, null, 1, at, at);
    }

    /** Something about a node. */
    void ofNode(Node node, String component, String reason, String message, long at) {
        write("Node", "default", node.name, node.uid, "", false, reason, message, component, node, 1, at, at);
    }

    private static String uid(String kind, String name) {
        return new Chance(kind.hashCode() * 31L + name.hashCode()).uuid();
    }

    private void write(
            String kind,
            String namespace,
            String name,
            String uid,
            String container,
            boolean warning,
            String reason,
            String message,
            String component,
            @Nullable Node node,
            int count,
            long since,
            long at) {
        if (!wanted()) {
            return;
        }
        line.clear()
                .ascii("{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"")
                .ascii(name);
        line.ascii(".18").ascii(chance.hex(14)).ascii("\",\"namespace\":").json(namespace);
        line.ascii(",\"uid\":\"")
                .ascii(chance.uuid())
                .ascii("\",\"resourceVersion\":\"")
                .number(++revision);
        line.ascii("\",\"creationTimestamp\":\"")
                .seconds(since)
                .ascii("\"},\"involvedObject\":{\"kind\":")
                .json(kind);
        if (!kind.equals("Node")) {
            line.ascii(",\"namespace\":").json(namespace);
        }
        line.ascii(",\"name\":").json(name).ascii(",\"uid\":").json(uid).ascii(",\"apiVersion\":");
        line.json(
                kind.equals("Deployment") || kind.equals("ReplicaSet") || kind.equals("DaemonSet")
                        ? "apps/v1"
                        : kind.endsWith("Job") ? "batch/v1" : "v1");
        if (!container.isEmpty()) {
            line.ascii(",\"fieldPath\":").json("spec.containers{" + container + "}");
        }
        line.ascii("},\"reason\":").json(reason).ascii(",\"message\":").json(message);
        line.ascii(",\"source\":{\"component\":").json(component);
        if (node != null) {
            line.ascii(",\"host\":").json(node.name);
        }
        line.ascii("},\"firstTimestamp\":\"")
                .seconds(since)
                .ascii("\",\"lastTimestamp\":\"")
                .seconds(at);
        line.ascii("\",\"count\":").number(count).ascii(",\"type\":\"").ascii(warning ? "Warning" : "Normal");
        line.ascii("\",\"eventTime\":null,\"reportingComponent\":")
                .json(component)
                .ascii(",\"reportingInstance\":");
        line.json(node == null ? "" : node.name).ascii("}");
        log(at);
    }
}
