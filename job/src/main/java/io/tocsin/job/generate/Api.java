package io.tocsin.job.generate;

/**
 * A kind of object as the API serves it.
 *
 * @param group API group, empty for the core group
 * @param version version
 * @param resource plural name
 */
record Api(String group, String version, String resource) {
    static final Api PODS = core("pods");
    static final Api NODES = core("nodes");
    static final Api SERVICES = core("services");
    static final Api ENDPOINTS = core("endpoints");
    static final Api NAMESPACES = core("namespaces");
    static final Api SECRETS = core("secrets");
    static final Api CONFIG_MAPS = core("configmaps");
    static final Api SERVICE_ACCOUNTS = core("serviceaccounts");
    static final Api EVENTS = core("events");
    static final Api VOLUME_CLAIMS = core("persistentvolumeclaims");
    static final Api VOLUMES = core("persistentvolumes");
    static final Api QUOTAS = core("resourcequotas");
    static final Api DEPLOYMENTS = new Api("apps", "v1", "deployments");
    static final Api REPLICA_SETS = new Api("apps", "v1", "replicasets");
    static final Api STATEFUL_SETS = new Api("apps", "v1", "statefulsets");
    static final Api DAEMON_SETS = new Api("apps", "v1", "daemonsets");
    static final Api JOBS = new Api("batch", "v1", "jobs");
    static final Api CRON_JOBS = new Api("batch", "v1", "cronjobs");
    static final Api LEASES = new Api("coordination.k8s.io", "v1", "leases");
    static final Api SLICES = new Api("discovery.k8s.io", "v1", "endpointslices");
    static final Api INGRESSES = new Api("networking.k8s.io", "v1", "ingresses");
    static final Api NETWORK_POLICIES = new Api("networking.k8s.io", "v1", "networkpolicies");
    static final Api AUTOSCALERS = new Api("autoscaling", "v2", "horizontalpodautoscalers");
    static final Api BUDGETS = new Api("policy", "v1", "poddisruptionbudgets");
    static final Api ROLES = new Api("rbac.authorization.k8s.io", "v1", "roles");
    static final Api CLUSTER_ROLES = new Api("rbac.authorization.k8s.io", "v1", "clusterroles");
    static final Api CLUSTER_ROLE_BINDINGS = new Api("rbac.authorization.k8s.io", "v1", "clusterrolebindings");
    static final Api CSI_NODES = new Api("storage.k8s.io", "v1", "csinodes");
    static final Api STORAGE_CLASSES = new Api("storage.k8s.io", "v1", "storageclasses");
    static final Api RUNTIME_CLASSES = new Api("node.k8s.io", "v1", "runtimeclasses");
    static final Api CUSTOM_RESOURCES = new Api("apiextensions.k8s.io", "v1", "customresourcedefinitions");
    static final Api API_SERVICES = new Api("apiregistration.k8s.io", "v1", "apiservices");
    static final Api TOKEN_REVIEWS = new Api("authentication.k8s.io", "v1", "tokenreviews");
    static final Api POD_METRICS = new Api("metrics.k8s.io", "v1beta1", "pods");

    static final Api ACCESS_REVIEWS = new Api("authorization.k8s.io", "v1", "selfsubjectaccessreviews");
    static final Api RULES_REVIEWS = new Api("authorization.k8s.io", "v1", "selfsubjectrulesreviews");
    static final Api CERTIFICATE_REQUESTS = new Api("certificates.k8s.io", "v1", "certificatesigningrequests");

    private static Api core(String resource) {
        return new Api("", "v1", resource);
    }

    /** The path in front of namespace and resource. */
    String prefix() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    /** The name in the API server's messages. */
    String qualified() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
