package io.tocsin.job.generate;

import java.util.List;

/** The control plane's own routine: leader election, controllers, the API servers' loopback, what EKS runs beside them. */
final class ControlPlane {
    private final Simulation simulation;
    private final Cluster cluster;

    ControlPlane(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.cluster = cluster;
    }

    void start() {
        String system = "kube-system";
        run(
                6_000,
                cluster.controllerManager,
                new Routine()
                        .leads(80, system, "kube-controller-manager")
                        .list(3, Api.CUSTOM_RESOURCES, null)
                        .path(6, "get", "/api", "/apis", "/apis/metrics.k8s.io/v1beta1")
                        .watch(8, Api.API_SERVICES, null));
        run(
                6_000,
                cluster.scheduler,
                new Routine()
                        .leads(80, system, "kube-scheduler")
                        .watch(4, Api.PODS, null)
                        .watch(3, Api.NODES, null)
                        .watch(2, Api.CSI_NODES, null));
        for (Caller server : cluster.apiServers) {
            String lease = "apiserver-" + simulation.chance.suffix(24);
            run(
                    3_500,
                    server,
                    new Routine()
                            .leads(50, system, lease)
                            .call(6, "get", Api.SERVICES, "default", "kubernetes")
                            .call(6, "get", Api.ENDPOINTS, "default", "kubernetes")
                            .call(4, "update", Api.SLICES, "default", "kubernetes")
                            .list(4, Api.LEASES, system)
                            .watch(6, Api.CLUSTER_ROLES, null)
                            .watch(6, Api.SECRETS, null)
                            .watch(4, Api.CONFIG_MAPS, system)
                            .call(2, "get", Api.NAMESPACES, system, system));
        }
        controllers();
        eks();
        tokens();
    }

    private void controllers() {
        String[] apps = names();
        run(
                1_400,
                controller("endpointslice-controller"),
                new Routine()
                        .call(30, "update", Api.SLICES, "checkout", "cart-x7k2p", "checkout-api-9wq4d")
                        .call(20, "update", Api.SLICES, "web", "storefront-2mfxn", "search-r8t5c")
                        .watch(6, Api.SERVICES, null)
                        .watch(6, Api.PODS, null));
        run(
                900,
                controller("endpoint-controller"),
                new Routine()
                        .call(20, "update", Api.ENDPOINTS, "web", "storefront", "search", "images")
                        .call(20, "update", Api.ENDPOINTS, "ledger", "ledger-api", "posting"));
        run(
                1_200,
                controller("deployment-controller"),
                new Routine()
                        .sub(20, "update", Api.DEPLOYMENTS, "web", "status", "storefront", "search", "images")
                        .sub(20, "update", Api.DEPLOYMENTS, "ledger", "status", "ledger-api", "posting", "reconciler")
                        .watch(5, Api.REPLICA_SETS, null)
                        .fails(1, 409, "update", Api.DEPLOYMENTS, "web", "storefront"));
        run(
                900,
                controller("replicaset-controller"),
                new Routine()
                        .sub(
                                20,
                                "update",
                                Api.REPLICA_SETS,
                                "web",
                                "status",
                                "storefront-6c9d8b7f44",
                                "search-5f6d7c8b99")
                        .watch(5, Api.REPLICA_SETS, null)
                        .watch(5, Api.PODS, null));
        run(
                1_300,
                controller("generic-garbage-collector"),
                new Routine()
                        .path(30, "get", "/apis/batch/v1", "/apis/apps/v1", "/api/v1", "/apis/policy/v1")
                        .call(20, "get", Api.REPLICA_SETS, "web", "storefront-6c9d8b7f44", "search-5f6d7c8b99")
                        .watch(10, Api.JOBS, null));
        run(
                900,
                controller("resourcequota-controller"),
                new Routine()
                        .sub(15, "update", Api.QUOTAS, "ml", "status", "compute")
                        .list(10, Api.QUOTAS, null)
                        .path(20, "get", "/apis/apps/v1", "/apis/batch/v1"));
        run(
                1_300,
                controller("node-controller"),
                new Routine()
                        .call(30, "get", Api.NODES, null, nodeNames())
                        .call(10, "patch", Api.NODES, null, nodeNames())
                        .watch(10, Api.LEASES, "kube-node-lease"));
        run(
                2_400,
                controller("horizontal-pod-autoscaler"),
                new Routine()
                        .list(25, Api.POD_METRICS, "web")
                        .list(15, Api.POD_METRICS, "checkout")
                        .sub(20, "get", Api.DEPLOYMENTS, "web", "scale", "storefront", "search")
                        .sub(20, "update", Api.AUTOSCALERS, "web", "status", "storefront", "search"));
        run(
                600,
                controller("daemon-set-controller"),
                new Routine()
                        .sub(10, "update", Api.DAEMON_SETS, "kube-system", "status", "aws-node", "kube-proxy")
                        .watch(4, Api.NODES, null));
        run(
                600,
                controller("statefulset-controller"),
                new Routine()
                        .sub(10, "update", Api.STATEFUL_SETS, "data", "status", "kafka", "redis")
                        .watch(4, Api.PODS, null));
        run(
                700,
                controller("disruption-controller"),
                new Routine()
                        .sub(10, "update", Api.BUDGETS, "web", "status", "storefront", "search")
                        .sub(10, "update", Api.BUDGETS, "ledger", "status", "ledger-api"));
        run(
                400,
                controller("persistent-volume-binder"),
                new Routine().list(5, Api.VOLUME_CLAIMS, null).watch(5, Api.VOLUMES, null));
        run(
                300,
                controller("root-ca-cert-publisher"),
                new Routine()
                        .call(5, "get", Api.CONFIG_MAPS, "web", "kube-root-ca.crt")
                        .watch(5, Api.NAMESPACES, null));
        run(
                300,
                controller("service-account-controller"),
                new Routine()
                        .call(5, "get", Api.SERVICE_ACCOUNTS, "web", "default")
                        .watch(5, Api.SERVICE_ACCOUNTS, null));
        run(200, controller("pod-garbage-collector"), new Routine().list(5, Api.PODS, null));
        run(
                200,
                controller("namespace-controller"),
                new Routine().watch(5, Api.NAMESPACES, null).path(3, "get", "/api", "/apis"));
        run(
                400,
                controller("cronjob-controller"),
                new Routine().list(4, Api.CRON_JOBS, null).watch(4, Api.JOBS, null));
        run(
                300,
                controller("job-controller"),
                new Routine().watch(4, Api.JOBS, null).watch(4, Api.PODS, null));
        run(200, controller("ttl-after-finished-controller"), new Routine().watch(4, Api.JOBS, null));
        run(400, controller("deployment-controller"), new Routine().call(5, "get", Api.DEPLOYMENTS, "checkout", apps));
        // The aggregated roles are written again when an operator's roles change: rare, with bodies.
        simulation.daily(4, now -> Rbac.aggregate(simulation, controller("clusterrole-aggregation-controller"), now));
    }

    private void eks() {
        eks("eks:certificate-controller", 900, "eks-certificates-controller");
        eks("eks:cloud-controller-manager", 1_500, "cloud-controller-manager");
        eks("eks:vpc-resource-controller", 1_500, "cp-vpc-resource-controller");
        eks("eks:coredns-autoscaler", 1_100, "eks-coredns-autoscaler");
        eks("eks:fargate-manager", 500, "fargate-manager");
        Caller addons = eksCaller("eks:addon-manager", "10.0.7.68");
        run(
                700,
                addons,
                new Routine()
                        .call(10, "get", Api.DAEMON_SETS, "kube-system", "aws-node", "kube-proxy")
                        .call(10, "get", Api.DEPLOYMENTS, "kube-system", "coredns")
                        .call(6, "patch", Api.CONFIG_MAPS, "kube-system", "amazon-vpc-cni")
                        .call(4, "get", Api.CLUSTER_ROLES, null, "aws-node", "eks:kube-proxy"));
        Caller health = eksCaller("eks:cluster-event-watcher", "10.0.7.68");
        run(500, health, new Routine().list(5, Api.NODES, null).watch(5, Api.EVENTS, null));
    }

    private void eks(String name, int perDay, String lease) {
        run(
                perDay,
                eksCaller(name, "10.0.3.41"),
                new Routine()
                        .leads(40, "kube-system", lease)
                        .watch(4, Api.NODES, null)
                        .call(4, "get", Api.CONFIG_MAPS, "kube-system", "amazon-vpc-cni"));
    }

    static Caller eksCaller(String name, String address) {
        return new Caller(
                name,
                "",
                List.of("system:authenticated"),
                address,
                name.substring(4) + "/v0.0.0 (linux/amd64) kubernetes/$Format",
                "RBAC: allowed by ClusterRoleBinding \"%s\" of ClusterRole \"%s\" to User \"%s\""
                        .formatted(name, name, name));
    }

    /** Each controller's token is renewed by the manager every hour. */
    private void tokens() {
        for (String name : Cluster.CONTROLLERS) {
            Request request = Request.of("create", Api.SERVICE_ACCOUNTS, "kube-system", name, "token", "");
            long first = simulation.start + simulation.chance.between(0, 55 * Simulation.MINUTE);
            simulation.timeline.at(first, now -> renew(request, controller(name), now));
        }
    }

    private void renew(Request request, Caller caller, long now) {
        String id = simulation.chance.uuid();
        simulation.logs.audit.issueToken(cluster.controllerManager, request, id, now);
        simulation.timeline.at(now + 2 * Simulation.SECOND, later -> caller.credential("JTI=" + id));
        long wait = simulation.chance.between(50 * Simulation.MINUTE, 56 * Simulation.MINUTE);
        simulation.timeline.at(now + wait, next -> renew(request, caller, next));
    }

    private Caller controller(String name) {
        return cluster.controller(name);
    }

    private void run(int perDay, Caller caller, Routine routine) {
        simulation.routinely(perDay, now -> routine.next(simulation.chance, simulation.logs.audit, caller, now));
    }

    private String[] nodeNames() {
        String[] names = new String[cluster.nodes.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = cluster.nodes[i].name;
        }
        return names;
    }

    private static String[] names() {
        return new String[] {"cart", "checkout-api", "payment-gateway", "fraud-check"};
    }
}
