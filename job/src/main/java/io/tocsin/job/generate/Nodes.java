package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;

import io.tocsin.event.Source;
import io.tocsin.job.generate.Cluster.Node;

/** The kubelets, the pods that run on every node with the node's address, and the nodes' logins. */
final class Nodes {
    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;
    private int renewals;

    Nodes(Simulation simulation, Cluster cluster, Pods pods) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
    }

    void start() {
        for (Node node : cluster.nodes) {
            run(3_400, node.kubelet, kubelet(node));
            simulation.routinely(900, now -> attend(node, now));
            daemon(
                    node,
                    "kube-proxy",
                    220,
                    new Routine()
                            .watch(6, Api.SERVICES, null)
                            .watch(6, Api.SLICES, null)
                            .call(1, "get", Api.NODES, null, node.name));
            daemon(
                    node,
                    "aws-node",
                    420,
                    new Routine()
                            .call(10, "get", Api.NODES, null, node.name)
                            .watch(3, new Api("vpcresources.k8s.aws", "v1alpha1", "cninodes"), null)
                            .call(4, "get", Api.CONFIG_MAPS, "kube-system", "amazon-vpc-cni")
                            .path(6, "get", "/version?timeout=10s"));
        }
        // One node after the other renews its token: the authenticator is never quiet for long.
        long gap = (long) (Simulation.DAY / (100 * cluster.nodes.length * simulation.scale));
        simulation.steadily(Source.EKS_AUTHENTICATOR, gap, now -> {
            Node node = cluster.nodes[renewals++ % Cluster.STANDING_NODES];
            String groups = "system:bootstrappers system:nodes";
            simulation.logs.authenticator.granted(node.session, node.kubelet.username(), groups, now);
        });
    }

    Routine kubelet(Node node) {
        return new Routine()
                .call(190, "update", Api.LEASES, "kube-node-lease", node.name)
                .sub(40, "patch", Api.NODES, null, "status", node.name)
                .call(45, "get", Api.NODES, null, node.name)
                .call(12, "get", Api.CSI_NODES, null, node.name)
                .watch(6, Api.SERVICES, null)
                .watch(6, Api.PODS, null)
                .watch(3, Api.RUNTIME_CLASSES, null)
                .watchOne(8, Api.CONFIG_MAPS, "kube-system", "coredns")
                .call(8, "create", Api.TOKEN_REVIEWS, null);
    }

    /** The kubelet sees to one of its pods. */
    private void attend(Node node, long now) {
        Chance chance = simulation.chance;
        Pod pod = cluster.fleet.on(node, chance);
        if (pod == null) {
            return;
        }
        AuditLog audit = simulation.logs.audit;
        String namespace = pod.namespace();
        String name = pod.workload.name();
        switch (chance.below(8)) {
            case 0, 1, 2 -> audit.call(node.kubelet, Request.of("get", Api.PODS, namespace, pod.name()), now);
            case 3, 4, 5 ->
                audit.call(node.kubelet, Request.of("patch", Api.PODS, namespace, pod.name(), "status", ""), now);
            case 6 -> audit.watch(node.kubelet, Request.of("watch", Api.CONFIG_MAPS, namespace, name + "-config"), now);
            default -> audit.watch(node.kubelet, Request.of("watch", Api.SECRETS, namespace, name + "-db"), now);
        }
    }

    private void daemon(Node node, String name, int perDay, Routine routine) {
        Caller caller = Caller.serviceAccount(
                "kube-system",
                name,
                simulation.chance.uuid(),
                node.address(),
                name.equals("aws-node") ? "aws-k8s-agent/v1.19.2 (linux/amd64) kubernetes/$Format" : agent(name),
                name.equals("aws-node") ? name : "eks:" + name);
        Workload workload = new Workload("kube-system", name, "DaemonSet", "/usr/local/bin/" + name, 0);
        Pod pod = new Pod(workload, name, name + "-" + simulation.chance.suffix(5), node, caller);
        pods.runs(pod, caller, simulation.start + simulation.chance.between(0, 50 * MINUTE));
        run(perDay, caller, routine);
    }

    private static String agent(String name) {
        return name + "/" + Cluster.VERSION + "-eks-aeac579 (linux/amd64) kubernetes/fdb8c3d";
    }

    private void run(int perDay, Caller caller, Routine routine) {
        simulation.routinely(perDay, now -> routine.next(simulation.chance, simulation.logs.audit, caller, now));
    }
}
