package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;

import io.tocsin.job.generate.Cluster.Node;
import java.util.ArrayList;
import java.util.List;

/** The kubelets, the pods that run on every node with the node's address, and the nodes' logins. */
final class Nodes {
    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;

    Nodes(Simulation simulation, Cluster cluster, Pods pods) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
    }

    void start() {
        for (Node node : cluster.nodes) {
            run(4_600, node.kubelet, kubelet(node));
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
            simulation.routinely(
                    100,
                    now -> simulation.authenticator.granted(
                            node.session, node.kubelet.username(), "system:bootstrappers system:nodes", now));
        }
    }

    private Routine kubelet(Node node) {
        List<Cluster.Application> own = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            own.add(simulation.chance.pick(Cluster.APPLICATIONS));
        }
        Routine routine = new Routine()
                .call(190, "update", Api.LEASES, "kube-node-lease", node.name)
                .sub(40, "patch", Api.NODES, null, "status", node.name)
                .call(45, "get", Api.NODES, null, node.name)
                .call(12, "get", Api.CSI_NODES, null, node.name)
                .watch(6, Api.SERVICES, null)
                .watch(6, Api.PODS, null)
                .watch(3, Api.RUNTIME_CLASSES, null)
                .watchOne(8, Api.CONFIG_MAPS, "kube-system", "coredns")
                .call(8, "create", Api.TOKEN_REVIEWS, null);
        for (Cluster.Application app : own) {
            String pod = app.name() + "-" + simulation.chance.hex(9) + "-" + simulation.chance.suffix(5);
            routine.call(12, "get", Api.PODS, app.namespace(), pod)
                    .sub(16, "patch", Api.PODS, app.namespace(), "status", pod)
                    .watchOne(5, Api.CONFIG_MAPS, app.namespace(), app.name() + "-config")
                    .watchOne(5, Api.SECRETS, app.namespace(), app.name() + "-db");
        }
        return routine;
    }

    private void daemon(Node node, String name, int perDay, Routine routine) {
        Caller caller = Caller.serviceAccount(
                "kube-system",
                name,
                simulation.chance.uuid(),
                node.address(),
                name.equals("aws-node") ? "aws-k8s-agent/v1.19.2 (linux/amd64) kubernetes/$Format" : agent(name),
                name.equals("aws-node") ? name : "eks:" + name);
        Pod pod = new Pod("kube-system", name, name + "-" + simulation.chance.suffix(5), node, caller);
        pods.runs(pod, simulation.start + simulation.chance.between(0, 50 * MINUTE));
        run(perDay, caller, routine);
    }

    private static String agent(String name) {
        return name + "/" + Cluster.VERSION + "-eks-aeac579 (linux/amd64) kubernetes/fdb8c3d";
    }

    private void run(int perDay, Caller caller, Routine routine) {
        simulation.routinely(perDay, now -> routine.next(simulation.chance, simulation.audit, caller, now));
    }
}
