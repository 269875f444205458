package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;

import io.tocsin.job.generate.Cluster.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What runs in the cluster and calls its API: operators, GitOps, monitoring, ingress, autoscaling, build runners. */
final class Workloads {
    private static final String GO = " (linux/amd64) kubernetes/$Format";

    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;
    private final Map<String, Caller> callers = new HashMap<>();
    private final List<Pod> replaceable = new ArrayList<>();

    Workloads(Simulation simulation, Cluster cluster, Pods pods) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
    }

    void start() {
        gitOps();
        platform();
        operators();
        teams();
        // Now and then one is rolled: its pod comes back with another name, address and token.
        simulation.daily(6, now -> {
            Pod pod = replaceable.get(simulation.chance.below(replaceable.size()));
            Caller caller = pod.caller;
            if (caller != null) {
                pods.replace(pod, caller, pod.account + "-" + simulation.chance.hex(10), now);
            }
        });
    }

    /** The caller of a service account, {@code namespace/name}; of several pods, the first one's. */
    Caller caller(String account) {
        Caller caller = callers.get(account);
        if (caller == null) {
            throw new IllegalStateException("no such workload: " + account);
        }
        return caller;
    }

    private void gitOps() {
        Api applications = new Api("argoproj.io", "v1alpha1", "applications");
        String[] apps = {"checkout", "ledger", "web", "ml", "data", "platform"};
        run("argocd", "argocd-application-controller", "argocd-application-controller/v0.0.0" + GO, 1, 9_000)
                .call(30, "get", applications, "argocd", apps)
                .call(24, "patch", applications, "argocd", apps)
                .watch(10, Api.DEPLOYMENTS, null)
                .watch(8, Api.CONFIG_MAPS, null)
                .watch(6, Api.REPLICA_SETS, null)
                .call(10, "get", Api.DEPLOYMENTS, "web", "storefront", "search", "recommendations", "images")
                .call(6, "patch", Api.DEPLOYMENTS, "ml", "feature-store", "scorer")
                .call(4, "patch", Api.CONFIG_MAPS, "web", "storefront-config", "search-config")
                .call(2, "get", Api.ROLES, "web", "storefront")
                .path(14, "get", "/openapi/v2", "/apis/apps/v1", "/api/v1", "/version");
        run("argocd", "argocd-server", "argocd-server/v0.0.0" + GO, 1, 2_600)
                .call(20, "get", applications, "argocd", apps)
                .list(8, applications, "argocd")
                .watch(4, applications, "argocd")
                .call(5, "get", Api.SECRETS, "argocd", "argocd-secret")
                .call(6, "get", Api.CONFIG_MAPS, "argocd", "argocd-cm", "argocd-rbac-cm");
        run("argocd", "argocd-applicationset-controller", "argocd-applicationset-controller/v0.0.0" + GO, 1, 900)
                .watch(3, new Api("argoproj.io", "v1alpha1", "applicationsets"), "argocd")
                .leads(10, "argocd", "58ac56fa.applicationsets.argoproj.io");
        Caller argo = caller("argocd/argocd-application-controller");
        simulation.daily(6, now -> Rbac.applyRole(simulation, argo, "web", "storefront", now));
    }

    private void platform() {
        String system = "kube-system";
        run("monitoring", "prometheus", "Prometheus/2.54.1", 2, 2_600)
                .watch(10, Api.PODS, null)
                .watch(8, Api.ENDPOINTS, null)
                .watch(6, Api.SERVICES, null)
                .path(30, "get", "/metrics", "/metrics/cadvisor");
        run("monitoring", "kube-state-metrics", "kube-state-metrics/v2.13.0" + GO, 1, 2_600)
                .watch(8, Api.PODS, null)
                .watch(8, Api.DEPLOYMENTS, null)
                .watch(8, Api.JOBS, null)
                .watch(6, Api.CONFIG_MAPS, null)
                .list(2, Api.CRON_JOBS, null);
        run("monitoring", "prometheus-operator", "PrometheusOperator/0.77.1", 1, 1_500)
                .watch(8, new Api("monitoring.coreos.com", "v1", "servicemonitors"), null)
                .call(6, "update", Api.SECRETS, "monitoring", "prometheus-main")
                .call(6, "get", Api.STATEFUL_SETS, "monitoring", "prometheus-main");
        run("monitoring", "grafana-agent", "Alloy/v1.4.2 (linux; helm)", 2, 1_200)
                .watch(6, Api.PODS, null)
                .watch(4, Api.NODES, null);
        run("ingress-nginx", "ingress-nginx", "nginx-ingress-controller/v1.11.3" + GO, 2, 2_400)
                .leads(30, "ingress-nginx", "ingress-nginx-leader")
                .watch(6, Api.INGRESSES, null)
                .watch(6, Api.SLICES, null)
                .sub(4, "update", Api.INGRESSES, "web", "status", "storefront", "images");
        run(system, "cluster-autoscaler", "cluster-autoscaler/1.31.0" + GO, 1, 4_200)
                .leads(30, system, "cluster-autoscaler")
                .list(8, Api.NODES, null)
                .list(8, Api.PODS, null)
                .call(8, "update", Api.CONFIG_MAPS, system, "cluster-autoscaler-status")
                .list(3, Api.BUDGETS, null)
                .watch(3, Api.STORAGE_CLASSES, null);
        run("karpenter", "karpenter", "karpenter.sh/v1.0.6" + GO, 1, 3_200)
                .leads(25, "karpenter", "karpenter-leader-election")
                .watch(5, Api.NODES, null)
                .watch(5, Api.PODS, null)
                .sub(6, "update", new Api("karpenter.sh", "v1", "nodepools"), null, "status", "general");
        run(system, "coredns", "coredns/1.11.3" + GO, 2, 900)
                .watch(6, Api.SERVICES, null)
                .watch(6, Api.SLICES, null)
                .path(10, "get", "/version");
        run(system, "metrics-server", "metrics-server/v0.7.2" + GO, 1, 1_100)
                .watch(4, Api.NODES, null)
                .list(4, Api.PODS, null)
                .call(6, "create", Api.TOKEN_REVIEWS, null)
                .path(4, "get", "/readyz");
        run(system, "ebs-csi-controller-sa", "ebs-csi-provisioner/v5.1.0" + GO, 2, 2_000)
                .leads(30, system, "ebs-csi-aws-com", "external-attacher-leader-ebs-csi-aws-com")
                .watch(5, Api.VOLUME_CLAIMS, null)
                .watch(4, Api.VOLUMES, null);
        run(system, "aws-load-balancer-controller", "elbv2.k8s.aws/v2.9.0" + GO, 2, 2_000)
                .leads(30, system, "aws-load-balancer-controller-leader")
                .watch(5, Api.INGRESSES, null)
                .watch(5, Api.SERVICES, null);
        run(system, "snapshot-controller", "snapshot-controller/v8.1.0" + GO, 1, 700)
                .leads(20, system, "snapshot-controller-leader");
    }

    private void operators() {
        operator("cert-manager", "cert-manager", "cert-manager-controller/v1.16.1", "cert-manager.io", "certificates");
        operator("cert-manager", "cert-manager-cainjector", "cainjector/v1.16.1", "cert-manager.io", "issuers");
        operator("cert-manager", "cert-manager-webhook", "webhook/v1.16.1", "cert-manager.io", "clusterissuers");
        operator("velero", "velero", "velero-server/v1.15.0", "velero.io", "backups");
        operator("kafka", "strimzi-cluster-operator", "fabric8-kubernetes-client/6.13.4", "kafka.strimzi.io", "kafkas");
        operator("postgres", "cnpg-manager", "manager/1.24.1", "postgresql.cnpg.io", "clusters");
        operator("redis", "redis-operator", "redis-operator/v1.3.0", "databases.spotahome.com", "redisfailovers");
        operator("keda", "keda-operator", "keda/v2.16.0", "keda.sh", "scaledobjects");
        operator(
                "flux-image",
                "image-reflector",
                "image-reflector-controller/v0.33.0",
                "image.toolkit.fluxcd.io",
                "imagepolicies");
        operator("kyverno", "kyverno-background-controller", "kyverno/v1.12.6", "kyverno.io", "updaterequests");
        operator("kyverno", "kyverno-reports-controller", "kyverno/v1.12.6", "kyverno.io", "policyreports");
        operator(
                "tracing",
                "opentelemetry-operator",
                "opentelemetry-operator/v0.112.0",
                "opentelemetry.io",
                "opentelemetrycollectors");
        operator(
                "trivy-system",
                "trivy-operator",
                "trivy-operator/v0.22.0",
                "aquasecurity.github.io",
                "vulnerabilityreports");
        Api stores = new Api("external-secrets.io", "v1beta1", "externalsecrets");
        run("external-secrets", "external-secrets", "external-secrets/v0.10.5" + GO, 1, 2_800)
                .leads(20, "external-secrets", "external-secrets-controller")
                .watch(5, stores, null)
                .sub(12, "update", stores, "web", "status", "storefront-db", "search-api-key")
                .sub(8, "update", stores, "ledger", "status", "ledger-db", "bank-api-key")
                .call(8, "get", Api.SECRETS, "ledger", "ledger-db", "bank-api-key")
                .call(8, "update", Api.SECRETS, "web", "storefront-db", "search-api-key");
        // external-dns was given a source that its role doesn't cover, and asks for it until somebody notices.
        run("external-dns", "external-dns", "external-dns/v0.15.0" + GO, 1, 1_900)
                .watch(4, Api.INGRESSES, null)
                .watch(4, Api.SERVICES, null)
                .list(3, Api.NODES, null)
                .fails(12, 403, "list", new Api("gateway.networking.k8s.io", "v1", "httproutes"), null);
    }

    private void operator(String namespace, String account, String agent, String group, String resource) {
        Api api = new Api(group, "v1", resource);
        run(namespace, account, agent + GO, 1, 1_500)
                .leads(30, namespace, account + "-leader")
                .watch(6, api, null)
                .list(2, api, null)
                .call(6, "get", api, namespace, "main", "staging", "batch")
                .sub(6, "update", api, namespace, "status", "main", "staging", "batch")
                .watch(3, Api.CONFIG_MAPS, namespace)
                .call(1, "get", Api.SECRETS, namespace, account + "-tls")
                .fails(1, 404, "get", Api.CONFIG_MAPS, namespace, account + "-overrides");
    }

    private void teams() {
        run("ci", "gitlab-runner", "gitlab-runner 17.5.3 linux/amd64", 1, 1_500)
                .call(20, "get", Api.PODS, "ci", "runner-cache")
                .call(4, "get", Api.CONFIG_MAPS, "ci", "runner-config");
        run("checkout", "cart-sessions", "kubernetes-client-java/21.0.1", 2, 500)
                .leads(20, "checkout", "cart-sessions");
        run("ledger", "posting-leader", "kubernetes-client-java/21.0.1", 2, 600).leads(20, "ledger", "posting-leader");
        run("web", "search-indexer", "python-requests/2.32.3", 1, 400)
                .call(10, "get", Api.CONFIG_MAPS, "web", "search-config")
                .call(4, "list", Api.PODS, "web");
        run("ml", "spark-driver", "fabric8-kubernetes-client/6.13.4", 1, 900)
                .watch(4, Api.PODS, "ml")
                .call(10, "get", Api.PODS, "ml", "spark-exec-1", "spark-exec-2", "spark-exec-3");
        run("data", "airflow-scheduler", "OpenAPI-Generator/31.0.0/python", 1, 1_200)
                .watch(4, Api.PODS, "data")
                .call(8, "list", Api.PODS, "data")
                .call(6, "get", Api.JOBS, "data", "compact", "export-hourly");
    }

    private Routine run(String namespace, String account, String agent, int replicas, int perDay) {
        Routine routine = new Routine();
        String set = account + "-" + simulation.chance.hex(10);
        String uid = simulation.chance.uuid();
        for (int i = 0; i < replicas; i++) {
            Node node = simulation.chance.pick(cluster.nodes);
            Caller caller = Caller.serviceAccount(namespace, account, uid, node.nextPodAddress(), agent, account);
            callers.putIfAbsent(namespace + "/" + account, caller);
            Workload workload = new Workload(namespace, account, "Deployment", "/usr/bin/" + account, 8443);
            Pod pod = new Pod(workload, account, set + "-" + simulation.chance.suffix(5), node, caller);
            pods.runs(pod, caller, simulation.start + simulation.chance.between(0, HOUR - 10 * MINUTE));
            if (!namespace.equals("ci")) {
                replaceable.add(pod);
            }
            simulation.routinely(
                    (double) perDay / replicas,
                    now -> routine.next(simulation.chance, simulation.logs.audit, caller, now));
        }
        return routine;
    }
}
