package io.tocsin.job.bench;

import java.util.function.UnaryOperator;

/**
 * Audit lines at level RequestResponse: what is written has the object as it was sent and as it is, what is read as it is, a list
 * {@value #LISTED} of them. Refusals and watches have none, as in any audit log.
 */
final class BodyLines implements UnaryOperator<String> {
    private static final int LISTED = 3;
    private static final String RECEIVED = "\"requestReceivedTimestamp\":";

    private int number;

    @Override
    public String apply(String line) {
        int at = line.indexOf(RECEIVED);
        boolean allowed = line.contains("\"code\":200}") || line.contains("\"code\":201}");
        if (at < 0
                || !allowed
                || line.contains("\"requestObject\":")
                || line.contains("\"verb\":\"watch\"")
                || !line.contains("\"objectRef\":{\"resource\":")) {
            return line;
        }
        number++;
        String object = object(resource(line));
        boolean write = line.contains("\"verb\":\"create\"")
                || line.contains("\"verb\":\"update\"")
                || line.contains("\"verb\":\"patch\"");
        String bodies = write
                ? "\"requestObject\":" + object + ",\"responseObject\":" + object + ","
                : line.contains("\"verb\":\"list\"")
                        ? "\"responseObject\":{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":["
                                + (object + ",").repeat(LISTED - 1) + object + "]},"
                        : "\"responseObject\":" + object + ",";
        String head = line.substring(0, at).replace("\"level\":\"Metadata\"", "\"level\":\"RequestResponse\"");
        return head + bodies + line.substring(at);
    }

    private static String resource(String line) {
        String before = "\"objectRef\":{\"resource\":\"";
        int at = line.indexOf(before) + before.length();
        return line.substring(at, line.indexOf('"', at));
    }

    private String object(String resource) {
        return switch (resource) {
            case "pods" ->
                "{\"kind\":\"Pod\"," + meta() + ",\"spec\":" + podSpec() + ",\"status\":{\"phase\":\"Running\","
                        + "\"podIP\":\"10.0.4." + number % 250 + "\",\"conditions\":[" + condition("Ready") + ","
                        + condition("Initialized") + "," + condition("PodScheduled") + "]}}";
            case "deployments", "replicasets", "statefulsets", "jobs" ->
                "{\"kind\":\"Deployment\"," + meta() + ",\"spec\":{\"replicas\":3,\"template\":{" + meta()
                        + ",\"spec\":" + podSpec() + "}}}";
            default ->
                "{\"kind\":\"Object\"," + meta() + ",\"spec\":{\"holderIdentity\":\"holder-" + number
                        + "\",\"leaseDurationSeconds\":15,\"renewTime\":\"2026-03-02T09:00:00.000000Z\"}}";
        };
    }

    private String meta() {
        return "\"metadata\":{\"name\":\"object-" + number
                + "\",\"namespace\":\"shop\",\"uid\":\"00000000-0000-4000-8000-"
                + "%012d".formatted(number)
                + "\",\"resourceVersion\":\"" + (31_000_000 + number)
                + "\",\"creationTimestamp\":\"2026-03-01T08:00:00Z\",\"labels\":{\"app.kubernetes.io/name\":\"cart\","
                + "\"app.kubernetes.io/instance\":\"cart-" + number % 7 + "\",\"pod-template-hash\":\"6d4cf56db6\"},"
                + "\"annotations\":{\"checksum/config\":\"9b74c9897bac770ffc029102a200c5de\"},\"managedFields\":[{"
                + "\"manager\":\"kubelet\",\"operation\":\"Update\",\"apiVersion\":\"v1\",\"time\":\"2026-03-02T08:59:00Z\","
                + "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:metadata\":{\"f:labels\":{\".\":{},"
                + "\"f:app.kubernetes.io/name\":{},\"f:pod-template-hash\":{}}},\"f:spec\":{\"f:containers\":{"
                + "\"k:{\\\"name\\\":\\\"cart\\\"}\":{\".\":{},\"f:image\":{},\"f:resources\":{\".\":{},\"f:limits\":{}}}}}},"
                + "\"subresource\":\"status\"}]}";
    }

    private static String podSpec() {
        return "{\"serviceAccountName\":\"cart\",\"nodeName\":\"ip-10-0-4-21.eu-central-1.compute.internal\",\"containers\":["
                + container("cart") + "," + container("proxy")
                + "],\"volumes\":[{\"name\":\"config\",\"configMap\":{\"name\":\"cart\",\"defaultMode\":420}},"
                + "{\"name\":\"token\",\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"expirationSeconds\":3607,"
                + "\"path\":\"token\"}}],\"defaultMode\":420}}],\"restartPolicy\":\"Always\",\"tolerations\":[{\"key\":"
                + "\"node.kubernetes.io/not-ready\",\"operator\":\"Exists\",\"effect\":\"NoExecute\",\"tolerationSeconds\":300}]}";
    }

    private static String container(String name) {
        return "{\"name\":\"" + name + "\",\"image\":\"registry.example/shop/" + name
                + ":1.42.0\",\"args\":[\"--port=8080\","
                + "\"--log-format=json\"],\"env\":[{\"name\":\"POD_NAME\",\"valueFrom\":{\"fieldRef\":{\"apiVersion\":\"v1\","
                + "\"fieldPath\":\"metadata.name\"}}},{\"name\":\"LEVEL\",\"value\":\"info\"}],\"resources\":{\"limits\":{"
                + "\"cpu\":\"500m\",\"memory\":\"256Mi\"},\"requests\":{\"cpu\":\"100m\",\"memory\":\"128Mi\"}},"
                + "\"volumeMounts\":[{\"name\":\"config\",\"mountPath\":\"/etc/cart\",\"readOnly\":true},{\"name\":\"token\","
                + "\"mountPath\":\"/var/run/secrets/tokens\",\"readOnly\":true}],\"securityContext\":{\"runAsNonRoot\":true,"
                + "\"allowPrivilegeEscalation\":false,\"readOnlyRootFilesystem\":true,\"capabilities\":{\"drop\":[\"ALL\"]}},"
                + "\"imagePullPolicy\":\"IfNotPresent\"}";
    }

    private static String condition(String type) {
        return "{\"type\":\"" + type + "\",\"status\":\"True\",\"lastTransitionTime\":\"2026-03-02T08:00:00Z\"}";
    }
}
