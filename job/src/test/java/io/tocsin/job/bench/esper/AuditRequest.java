package io.tocsin.job.bench.esper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An audit record as a user of Esper would hand it in: a bean, which Esper reads fastest, filled from Jackson's tree. Esper compiles
 * calls of its getters, so it is public. What only few statements ask is answered when it is asked.
 */
public final class AuditRequest {
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final Set<String> READS = Set.of("get", "list", "watch");
    private static final Set<String> SELF_REVIEWS =
            Set.of("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews");
    private static final Set<String> INTO_CONTAINERS = Set.of("exec", "attach", "portforward");
    private static final String RBAC = "rbac.authorization.k8s.io";

    private final JsonNode tree;
    private final long time;
    private final @Nullable String verb;
    private final @Nullable String uri;
    private final @Nullable String apiGroup;
    private final @Nullable String resource;
    private final @Nullable String subresource;
    private final @Nullable String namespace;
    private final @Nullable String name;
    private final @Nullable String authenticated;
    private final @Nullable String impersonated;
    private final @Nullable String credential;
    private final @Nullable String credentialPod;
    private final @Nullable String accessKey;
    private final @Nullable String arn;
    private final @Nullable String peer;
    private final boolean outside;
    private final int code;
    private final String outcome;
    private final String kind;

    AuditRequest(JsonNode tree, long time) {
        this.tree = tree;
        this.time = time;
        this.verb = text(tree.get("verb"));
        this.uri = text(tree.get("requestURI"));
        JsonNode object = tree.path("objectRef");
        this.apiGroup = text(object.get("apiGroup"));
        this.resource = text(object.get("resource"));
        this.subresource = text(object.get("subresource"));
        this.namespace = text(object.get("namespace"));
        this.name = text(object.get("name"));
        JsonNode user = tree.path("user");
        this.authenticated = text(user.get("username"));
        this.impersonated = text(tree.path("impersonatedUser").get("username"));
        JsonNode extra = user.path("extra");
        this.credential = first(extra.get("authentication.kubernetes.io/credential-id"));
        this.credentialPod = first(extra.get("authentication.kubernetes.io/pod-name"));
        this.accessKey = first(extra.get("accessKeyId"));
        this.arn = first(extra.get("canonicalArn"));
        JsonNode addresses = tree.path("sourceIPs");
        this.peer = addresses.isEmpty() ? null : text(addresses.get(addresses.size() - 1));
        this.outside = peer != null && !isPrivate(peer);
        this.code = tree.path("responseStatus").path("code").asInt();
        this.outcome = outcome(code, text(tree.path("annotations").get("authorization.k8s.io/decision")));
        this.kind = kind(impersonated == null ? authenticated : impersonated);
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || !node.isTextual() ? null : node.textValue();
    }

    private static @Nullable String first(@Nullable JsonNode node) {
        return node == null ? null : text(node.get(0));
    }

    private static boolean isPrivate(String address) {
        if (address.startsWith("172.")) {
            int dot = address.indexOf('.', 4);
            int second = dot < 0 ? 0 : Integer.parseInt(address, 4, dot, 10);
            return second >= 16 && second <= 31;
        }
        return address.startsWith("10.")
                || address.startsWith("192.168.")
                || address.startsWith("127.")
                || address.startsWith("fd")
                || address.equals("::1");
    }

    private static String outcome(int code, @Nullable String decision) {
        if (code == 0) {
            return "forbid".equals(decision) ? "denied" : "allow".equals(decision) ? "success" : "unknown";
        }
        if (code < 300) {
            return "success";
        }
        return switch (code) {
            case 401 -> "unauthenticated";
            case 403 -> "allow".equals(decision) ? "admission-denied" : "denied";
            default -> "error";
        };
    }

    private static String kind(@Nullable String user) {
        if (user == null) {
            return "";
        }
        if (!user.startsWith("system:")) {
            return user.startsWith("eks:") ? "control-plane" : "person";
        }
        if (user.startsWith("system:node:")) {
            return "node";
        }
        if (user.startsWith("system:serviceaccount:")) {
            return user.startsWith("kube-system:", 22) && user.endsWith("-controller")
                    ? "control-plane"
                    : "service-account";
        }
        return switch (user) {
            case "system:anonymous" -> "anonymous";
            case "system:apiserver", "system:kube-controller-manager", "system:kube-scheduler" -> "control-plane";
            default -> "platform";
        };
    }

    public JsonNode getTree() {
        return tree;
    }

    public long getTime() {
        return time;
    }

    public @Nullable String getVerb() {
        return verb;
    }

    public @Nullable String getApiGroup() {
        return apiGroup;
    }

    public @Nullable String getResource() {
        return resource;
    }

    public @Nullable String getSubresource() {
        return subresource;
    }

    public @Nullable String getNamespace() {
        return namespace;
    }

    public @Nullable String getName() {
        return name;
    }

    public @Nullable String getAuthenticated() {
        return authenticated;
    }

    public @Nullable String getImpersonated() {
        return impersonated;
    }

    public boolean isImpersonates() {
        return impersonated != null;
    }

    public @Nullable String getUser() {
        return impersonated == null ? authenticated : impersonated;
    }

    /** Who: the ARN behind people and programs, else the user. */
    public @Nullable String getIdentity() {
        boolean arnTells = arn != null && (kind.equals("person") && impersonated == null);
        return arnTells ? arn : getUser();
    }

    public @Nullable String getCredential() {
        return credential;
    }

    public @Nullable String getCredentialPod() {
        return credentialPod;
    }

    public @Nullable String getAccessKey() {
        return accessKey;
    }

    public @Nullable String getArn() {
        return arn;
    }

    public @Nullable String getPeer() {
        return peer;
    }

    public boolean isOutside() {
        return outside;
    }

    public String getZone() {
        return peer == null ? "unknown" : outside ? "outside" : "inside";
    }

    public int getCode() {
        return code;
    }

    public String getOutcome() {
        return outcome;
    }

    public boolean isSucceeded() {
        return outcome.equals("success");
    }

    public String getKind() {
        return kind;
    }

    public String getCluster() {
        return "demo";
    }

    public @Nullable String getAuditId() {
        return text(tree.get("auditID"));
    }

    public @Nullable String getPath() {
        int query = uri == null ? -1 : uri.indexOf('?');
        return query < 0 || uri == null ? uri : uri.substring(0, query);
    }

    public @Nullable String getQuery() {
        int query = uri == null ? -1 : uri.indexOf('?');
        return query < 0 || uri == null ? null : uri.substring(query + 1);
    }

    public @Nullable String getUri() {
        return uri;
    }

    public @Nullable String getUserAgent() {
        return text(tree.get("userAgent"));
    }

    /** The client's name up to its version. */
    public @Nullable String getClient() {
        String agent = getUserAgent();
        int slash = agent == null ? -1 : agent.indexOf('/');
        return slash < 0 || agent == null ? agent : agent.substring(0, slash);
    }

    /** A machine where it belongs. */
    public boolean isAtHome() {
        return isSystem() && impersonated == null && !outside && !kind.equals("anonymous");
    }

    private boolean isSystem() {
        return !kind.equals("person") && !kind.isEmpty();
    }

    /** The platform's own machines, which do the same all day. */
    public boolean isPlatform() {
        return isAtHome() && !kind.equals("service-account");
    }

    public boolean isDeployer() {
        return "cd-deployer".equals(getUser());
    }

    public boolean isSystemNamespace() {
        return namespace != null && namespace.startsWith("kube-");
    }

    /** A success that says something of whoever had it. */
    public boolean isCounted() {
        return isSucceeded()
                && resource != null
                && !SELF_REVIEWS.contains(resource)
                && !("cluster-info".equals(name) && "kube-public".equals(namespace));
    }

    /** What was asked, so that the same again is not another one. */
    public String getRequest() {
        return resource == null ? verb + " " + getPath() : verb + " " + getObject();
    }

    public String getObject() {
        return apiGroup + "/" + resource + "/" + subresource + " " + namespace + "/" + name;
    }

    /** What kind of thing was done where. */
    public String getAction() {
        return verb + " " + apiGroup + "/" + resource + "/" + subresource + " " + namespace;
    }

    public boolean isAsksForItself() {
        return "create".equals(verb)
                && ("selfsubjectaccessreviews".equals(resource) || "selfsubjectrulesreviews".equals(resource));
    }

    /** Lists, or begins a watch that is one. */
    public boolean isLists() {
        return subresource == null
                && resource != null
                && ("list".equals(verb)
                        || ("watch".equals(verb) && (uri == null || !uri.contains("resourceVersion="))));
    }

    public boolean isEntersPod() {
        return "pods".equals(resource)
                && subresource != null
                && (subresource.equals("exec")
                        || subresource.equals("attach")
                        || (subresource.equals("ephemeralcontainers") && !"get".equals(verb)));
    }

    /** What an attacker does with a cluster and nobody does all day. */
    public boolean isSensitive() {
        if (resource == null || !isSucceeded() || isPlatform()) {
            return false;
        }
        return switch (resource) {
            case "pods" -> subresource != null && INTO_CONTAINERS.contains(subresource);
            case "nodes" -> "proxy".equals(subresource);
            case "secrets" ->
                subresource == null && READS.contains(verb) && (name == null || !name.startsWith("sh.helm.release."));
            case "serviceaccounts" -> "token".equals(subresource) && "create".equals(verb);
            case "certificatesigningrequests" -> "approval".equals(subresource) && WRITES.contains(verb);
            default ->
                subresource == null
                        && (RBAC.equals(apiGroup) || "admissionregistration.k8s.io".equals(apiGroup))
                        && WRITES.contains(verb);
        };
    }

    /** Takes an object away, and not one that the platform clears up. */
    public boolean isDeletes() {
        boolean deletes = subresource == null
                ? "delete".equals(verb) || "deletecollection".equals(verb)
                : "eviction".equals(subresource) && "create".equals(verb);
        return deletes && resource != null && isSucceeded() && !isPlatform();
    }

    /** The credential that a TokenRequest issued. */
    public @Nullable String getIssued() {
        return "token".equals(subresource)
                ? text(tree.path("annotations").get("authentication.kubernetes.io/issued-credential-id"))
                : null;
    }

    /** Whether the audit id is not one that the API server makes. */
    public boolean isChosenId() {
        String id = getAuditId();
        return id != null && !id.isEmpty() && (id.length() != 36 || id.charAt(8) != '-' || id.charAt(23) != '-');
    }
}
