package io.tocsin.job.decode;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request to an API server, as each cloud writes its audit record. Made up from their formats. */
public record TestingRequest(
        String stage,
        String verb,
        String uri,
        String user,
        @Nullable String impersonated,
        String address,
        String group,
        String resource,
        @Nullable String subresource,
        @Nullable String namespace,
        @Nullable String name,
        int code,
        int rpcCode,
        String decision,
        @Nullable String request,
        @Nullable String response) {
    public static final String ID = "6c1f0f7e-0000-4000-8000-00000000000a";
    public static final String RECEIVED = "2026-01-24T10:00:00.000001Z";
    public static final String ANSWERED = "2026-01-24T10:00:00.250000Z";
    public static final String AGENT = "kubectl/v1.31.0";
    public static final String CLUSTER =
            "/SUBSCRIPTIONS/0A0A0A0A-0000-0000-0000-000000000001/RESOURCEGROUPS/SHOP/PROVIDERS/"
                    + "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/PROD";

    /** A request that was let through. */
    public static TestingRequest of(String verb, String uri, String resource, String namespace, String name) {
        return new TestingRequest(
                "ResponseComplete",
                verb,
                uri,
                "jane",
                null,
                "203.0.113.7",
                "",
                resource,
                null,
                namespace,
                name,
                200,
                0,
                "allow",
                null,
                null);
    }

    public TestingRequest by(String otherUser) {
        return new TestingRequest(
                stage,
                verb,
                uri,
                otherUser,
                impersonated,
                address,
                group,
                resource,
                subresource,
                namespace,
                name,
                code,
                rpcCode,
                decision,
                request,
                response);
    }

    public TestingRequest as(String other) {
        return new TestingRequest(
                stage,
                verb,
                uri,
                user,
                other,
                address,
                group,
                resource,
                subresource,
                namespace,
                name,
                code,
                rpcCode,
                decision,
                request,
                response);
    }

    public TestingRequest in(String apiGroup) {
        return new TestingRequest(
                stage,
                verb,
                uri,
                user,
                impersonated,
                address,
                apiGroup,
                resource,
                subresource,
                namespace,
                name,
                code,
                rpcCode,
                decision,
                request,
                response);
    }

    public TestingRequest on(String other, String otherStage) {
        return new TestingRequest(
                otherStage,
                verb,
                uri,
                user,
                impersonated,
                address,
                group,
                resource,
                other,
                namespace,
                name,
                code,
                rpcCode,
                decision,
                request,
                response);
    }

    public TestingRequest ending(int http, int rpc, String decided) {
        return new TestingRequest(
                stage,
                verb,
                uri,
                user,
                impersonated,
                address,
                group,
                resource,
                subresource,
                namespace,
                name,
                http,
                rpc,
                decided,
                request,
                response);
    }

    public TestingRequest with(@Nullable String requestBody, @Nullable String responseBody) {
        return new TestingRequest(
                stage,
                verb,
                uri,
                user,
                impersonated,
                address,
                group,
                resource,
                subresource,
                namespace,
                name,
                code,
                rpcCode,
                decision,
                requestBody,
                responseBody);
    }

    private String userJson() {
        return "{\"username\":\"" + user + "\",\"uid\":\"u-1\",\"groups\":[\"dev\",\"system:authenticated\"],"
                + "\"extra\":{\"authentication.kubernetes.io/credential-id\":[\"JTI=1-2\"]}}";
    }

    private String object() {
        return "{\"resource\":\"" + resource + "\"" + member("namespace", namespace) + member("name", name)
                + member("apiGroup", group.isEmpty() ? null : group) + ",\"apiVersion\":\"v1\""
                + member("subresource", subresource) + "}";
    }

    private String status() {
        return "{\"metadata\":{},\"code\":" + code + "}";
    }

    private String annotations() {
        return "{\"authorization.k8s.io/decision\":\"" + decision + "\",\"authorization.k8s.io/reason\":\"r\"}";
    }

    private static String member(String key, @Nullable String value) {
        return value == null ? "" : ",\"" + key + "\":\"" + value + "\"";
    }

    private static String structure(String key, @Nullable String json) {
        return json == null ? "" : ",\"" + key + "\":" + json;
    }

    public static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** As the API server writes it. */
    public String raw() {
        return "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"RequestResponse\",\"auditID\":\""
                + ID
                + "\",\"stage\":\"" + stage + "\",\"requestURI\":\"" + uri + "\",\"verb\":\"" + verb + "\",\"user\":"
                + userJson()
                + (impersonated == null ? "" : ",\"impersonatedUser\":{\"username\":\"" + impersonated + "\"}")
                + ",\"sourceIPs\":[\"" + address + "\"],\"userAgent\":\"" + AGENT + "\",\"objectRef\":" + object()
                + ",\"responseStatus\":" + status() + structure("requestObject", request)
                + structure("responseObject", response) + ",\"requestReceivedTimestamp\":\"" + RECEIVED
                + "\",\"stageTimestamp\":\"" + ANSWERED + "\",\"annotations\":" + annotations() + "}";
    }

    /** A row of Insights. */
    public String insights() {
        return "{\"@timestamp\":\"2026-01-24 10:00:00.600\",\"@message\":" + quoted(raw())
                + ",\"@logStream\":\"kube-apiserver-audit-0a1b\",\"@log\":\"111122223333:/aws/eks/prod/cluster\"}";
    }

    /** A Cloud Logging entry. Longer requests are written when they start, at the time they were received. */
    public String gke() {
        boolean starts = stage.equals("ResponseStarted");
        String[] parts = group.isEmpty() ? new String[] {"io.k8s.core"} : group.split("\\.");
        String method = parts[0];
        for (int i = 1; i < parts.length; i++) {
            method = parts[i] + "." + method;
        }
        method = (group.isEmpty() || group.contains(".") ? method : "io.k8s." + method) + ".v1." + resource + "."
                + (subresource == null ? "" : subresource + ".") + verb;
        String resourceName = (group.isEmpty() ? "core" : group) + "/v1/"
                + (namespace == null ? "" : "namespaces/" + namespace + "/") + resource
                + (name == null ? "" : "/" + name) + (subresource == null ? "" : "/" + subresource);
        return "{\"insertId\":\"" + ID + "\",\"labels\":" + annotations()
                + ",\"logName\":\"projects/shop-1/logs/cloudaudit.googleapis.com%2Factivity\",\"operation\":{\"first\":true,"
                + "\"id\":\"" + ID + "\"," + (starts ? "" : "\"last\":true,") + "\"producer\":\"k8s.io\"},"
                + "\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\","
                + "\"authenticationInfo\":{\"principalEmail\":\"" + user + "\""
                + member("authoritySelector", impersonated)
                + "},\"authorizationInfo\":[{\"granted\":true,\"permission\":\"x\",\"resource\":\"y\"}],"
                + "\"methodName\":\"" + method + "\"" + structure("request", request)
                + ",\"requestMetadata\":{\"callerIp\":\"" + address + "\",\"callerSuppliedUserAgent\":\"" + AGENT
                + "\"},\"resourceName\":\"" + resourceName + "\"" + structure("response", response)
                + ",\"serviceName\":\"k8s.io\",\"status\":" + (rpcCode == 0 ? "{}" : "{\"code\":" + rpcCode + "}")
                + "},\"receiveTimestamp\":\"2026-01-24T10:00:02.123456789Z\",\"resource\":{\"labels\":{"
                + "\"cluster_name\":\"prod\",\"location\":\"europe-west1\",\"project_id\":\"shop-1\"},"
                + "\"type\":\"k8s_cluster\"},\"timestamp\":\"" + (starts ? RECEIVED : ANSWERED) + "\"}";
    }

    /** A record of Azure, its log a string. */
    public String azure(String category) {
        return azure(category, quoted(raw() + "\n"));
    }

    /** A record of Azure with this log. */
    public static String azure(String category, String log) {
        return "{\"operationName\":\"Microsoft.ContainerService/managedClusters/diagnosticLogs/Read\",\"category\":\""
                + category + "\",\"ccpNamespace\":\"x\",\"resourceId\":\"" + CLUSTER + "\",\"properties\":{\"log\":"
                + log
                + ",\"stream\":\"stdout\",\"pod\":\"kube-apiserver-1\"},\"time\":\"2026-01-24T10:00:01.1234567Z\"}";
    }

    /** A row of AzureDiagnostics. */
    public String diagnostics() {
        return "{\"TimeGenerated\":\"2026-01-24T10:00:01.1Z\",\"ResourceId\":\"" + CLUSTER
                + "\",\"Category\":\"kube-audit\",\"log_s\":" + quoted(raw())
                + ",\"pod_s\":\"kube-apiserver-1\",\"stream_s\":\"stdout\",\"Type\":\"AzureDiagnostics\"}";
    }

    /** A row of AKSAudit, its structures as objects or as text. */
    public String aksTable(boolean asText) {
        return "{\"TenantId\":\"t\",\"TimeGenerated\":\"2026-01-24T10:00:01.1234567Z\",\"Level\":\"Metadata\",\"AuditId\":\""
                + ID + "\",\"Stage\":\"" + stage + "\",\"RequestUri\":\"" + uri + "\",\"Verb\":\"" + verb + "\""
                + column("User", userJson(), asText)
                + (impersonated == null
                        ? ""
                        : column("ImpersonatedUser", "{\"username\":\"" + impersonated + "\"}", asText))
                + column("SourceIps", "[\"" + address + "\"]", asText) + ",\"UserAgent\":\"" + AGENT + "\""
                + column("ObjectRef", object(), asText) + column("ResponseStatus", status(), asText)
                + column("RequestObject", request, asText) + column("ResponseObject", response, asText)
                + ",\"RequestReceivedTime\":\"" + RECEIVED + "\",\"StageReceivedTime\":\"" + ANSWERED + "\""
                + column("Annotations", annotations(), asText)
                + ",\"PodName\":\"kube-apiserver-1\",\"Type\":\"AKSAudit\",\"_ResourceId\":\""
                + CLUSTER.toLowerCase(Locale.ROOT) + "\"}";
    }

    private static String column(String key, @Nullable String json, boolean asText) {
        return json == null ? "" : ",\"" + key + "\":" + (asText ? quoted(json) : json);
    }

    /** A line of the legacy format. */
    public String legacy() {
        return RECEIVED + " AUDIT: id=\"" + ID + "\" stage=\"" + stage + "\" ip=\"" + address + "\" method=\"" + verb
                + "\" user=\"" + user + "\" groups=\"\\\"dev\\\",\\\"system:authenticated\\\"\" as=\""
                + (impersonated == null ? "<self>" : impersonated) + "\" asgroups=\"<lookup>\" user-agent=\"" + AGENT
                + "\" namespace=\"" + (namespace == null ? "<none>" : namespace) + "\" uri=\""
                + uri.replace("\\u0026", "&") + "\" response=\"" + code + "\"";
    }
}
