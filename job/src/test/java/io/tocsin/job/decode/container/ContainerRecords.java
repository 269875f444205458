package io.tocsin.job.decode.container;

import java.nio.charset.StandardCharsets;

/** What runtimes and collectors make of a line, written down from their formats. */
final class ContainerRecords {
    static final String TIME = "2026-01-24T01:34:36.743000000Z";

    private ContainerRecords() {}

    static String cri(String message) {
        return TIME + " stdout F " + message;
    }

    static String docker(String message) {
        return "{\"log\":" + string(message + "\n") + ",\"stream\":\"stdout\",\"time\":\"" + TIME + "\"}";
    }

    static String fluentBit(String namespace, String log) {
        return "{\"date\":1769218476.743,\"log\":" + string(log) + ",\"stream\":\"stdout\"," + fluentPod(namespace)
                + "}";
    }

    /** The {@code kubernetes} member. */
    static String fluentPod(String namespace) {
        return "\"kubernetes\":{\"pod_name\":\"web-0\",\"namespace_name\":\"" + namespace + "\",\"pod_id\":"
                + "\"4f6c0e0e-0000-4000-8000-000000000007\",\"pod_ip\":\"10.1.2.3\",\"host\":\"node-1\","
                + "\"labels\":{\"app\":\"web\"},\"ownerReferences\":[{\"kind\":\"StatefulSet\",\"name\":\"web\","
                + "\"controller\":true}],\"container_name\":\"app\",\"docker_id\":\"0a1b\","
                + "\"container_image\":\"registry.example.com/web:1.2\"}";
    }

    static String vector(String namespace, String message) {
        return "{\"file\":\"/var/log/pods/" + namespace + "_web-0_4f6c0e0e-0000-4000-8000-000000000007/app/0.log\","
                + "\"kubernetes\":{\"container_id\":\"containerd://0a1b\",\"container_image\":"
                + "\"registry.example.com/web:1.2\",\"container_name\":\"app\",\"namespace_labels\":{},"
                + "\"pod_ip\":\"10.1.2.3\",\"pod_ips\":[\"10.1.2.3\"],\"pod_labels\":{},\"pod_name\":\"web-0\","
                + "\"pod_namespace\":\"" + namespace + "\",\"pod_node_name\":\"node-1\",\"pod_owner\":"
                + "\"StatefulSet/web\",\"pod_uid\":\"4f6c0e0e-0000-4000-8000-000000000007\"},\"message\":"
                + string(message) + ",\"source_type\":\"kubernetes_logs\",\"stream\":\"stdout\",\"timestamp\":\"" + TIME
                + "\",\"timestamp_end\":\"" + TIME + "\"}";
    }

    static String filebeat(String namespace, String message) {
        return "{\"@timestamp\":\"2026-01-24T01:34:36.743Z\",\"@metadata\":{\"beat\":\"filebeat\"},\"stream\":\"stdout\","
                + "\"message\":" + string(message) + ",\"log\":{\"offset\":12,\"file\":{\"path\":"
                + "\"/var/log/containers/web-0_" + namespace + "_app-" + "0a".repeat(32) + ".log\"}},"
                + "\"kubernetes\":{\"namespace\":\"" + namespace + "\",\"pod\":{\"name\":\"web-0\",\"uid\":"
                + "\"4f6c0e0e-0000-4000-8000-000000000007\",\"ip\":\"10.1.2.3\"},\"node\":{\"name\":\"node-1\"},"
                + "\"container\":{\"name\":\"app\"},\"statefulset\":{\"name\":\"web\"},\"labels\":{\"app\":\"web\"}},"
                + "\"container\":{\"id\":\"0a1b\",\"runtime\":\"containerd\",\"image\":{\"name\":"
                + "\"registry.example.com/web:1.2\"}},\"agent\":{\"type\":\"filebeat\"},\"host\":{\"name\":\"node-1\"}}";
    }

    static String openShift(String namespace, String message) {
        return "{\"@timestamp\":\"2026-01-24T01:34:36.743000+00:00\",\"hostname\":\"node-1\",\"kubernetes\":{"
                + "\"container_image\":\"registry.example.com/web:1.2\",\"container_name\":\"app\",\"host\":\"node-1\","
                + "\"namespace_id\":\"n-1\",\"namespace_name\":\"" + namespace + "\",\"pod_id\":"
                + "\"4f6c0e0e-0000-4000-8000-000000000007\",\"pod_ip\":\"10.1.2.3\",\"pod_name\":\"web-0\","
                + "\"pod_owner\":\"StatefulSet/web\"},\"level\":\"warn\",\"log_type\":\"application\",\"message\":"
                + string(message) + ",\"openshift\":{\"cluster_id\":\"c-1\",\"sequence\":7},\"viaq_msg_id\":\"x\"}";
    }

    static String openTelemetry(String namespace, String body) {
        return "{\"body\":" + string(body) + ",\"severity_text\":\"WARN\",\"timestamp\":\"" + TIME
                + "\",\"attributes\":{\"log.iostream\":\"stdout\",\"logtag\":\"F\"},\"resource\":{"
                + "\"k8s.namespace.name\":\"" + namespace + "\",\"k8s.pod.name\":\"web-0\",\"k8s.pod.uid\":"
                + "\"4f6c0e0e-0000-4000-8000-000000000007\",\"k8s.pod.ip\":\"10.1.2.3\",\"k8s.node.name\":\"node-1\","
                + "\"k8s.container.name\":\"app\",\"container.image.name\":\"registry.example.com/web:1.2\","
                + "\"k8s.statefulset.name\":\"web\"}}";
    }

    static String otlp(String namespace, String... bodies) {
        StringBuilder records = new StringBuilder();
        for (String body : bodies) {
            records.append(records.isEmpty() ? "" : ",")
                    .append(
                            "{\"timeUnixNano\":\"1769218476743000000\",\"observedTimeUnixNano\":\"1769218477000000000\","
                                    + "\"severityText\":\"WARN\",\"body\":{\"stringValue\":")
                    .append(string(body))
                    .append("},\"attributes\":[")
                    .append(attribute("log.iostream", "stdout"))
                    .append("]}");
        }
        return "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
                + attribute("k8s.cluster.name", "prod") + "," + attribute("k8s.namespace.name", namespace) + ","
                + attribute("k8s.pod.name", "web-0") + ","
                + attribute("k8s.pod.uid", "4f6c0e0e-0000-4000-8000-000000000007") + ","
                + attribute("k8s.pod.ip", "10.1.2.3") + "," + attribute("k8s.node.name", "node-1") + ","
                + attribute("k8s.container.name", "app") + ","
                + attribute("container.image.name", "registry.example.com/web:1.2") + ","
                + attribute("k8s.statefulset.name", "web") + ",{\"key\":\"k8s.pod.restart_count\",\"value\":{"
                + "\"intValue\":\"0\"}}]},\"scopeLogs\":[{\"scope\":{},\"logRecords\":[" + records + "]}]}]}";
    }

    static String attribute(String key, String value) {
        return "{\"key\":\"" + key + "\",\"value\":{\"stringValue\":" + string(value) + "}}";
    }

    /** A JSON string. */
    static String string(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\u001b", "\\u001b")
                + '"';
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
