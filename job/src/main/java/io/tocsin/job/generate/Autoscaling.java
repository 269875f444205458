package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.DAY;
import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Node;

/** Nodes that come when there is much to do and go some hours later: new names and addresses, a certificate for the kubelet. */
final class Autoscaling {
    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;
    private final Churn churn;
    private final Nodes nodes;

    Autoscaling(Simulation simulation, Cluster cluster, Pods pods, Churn churn, Nodes nodes) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
        this.churn = churn;
        this.nodes = nodes;
    }

    /** @param scaler the operator that adds and removes nodes */
    void start(Caller scaler) {
        Chance chance = simulation.chance;
        int times = simulation.scale >= 0.2 ? 3 : 1;
        for (long day = simulation.start; day < simulation.end; day += DAY) {
            for (int i = 0; i < times; i++) {
                long joins = day + chance.between(7 * HOUR, 16 * HOUR);
                long leaves = joins + chance.between(2 * HOUR, 5 * HOUR);
                simulation.timeline.at(joins, now -> joins(scaler, leaves, now));
            }
        }
    }

    private void joins(Caller scaler, long leaves, long now) {
        Logs logs = simulation.logs;
        Node node = cluster.join(simulation.chance);
        logs.authenticator.granted(node.session, node.kubelet.username(), "system:bootstrappers system:nodes", now);
        logs.audit.call(node.kubelet, Request.of("create", Api.NODES, null, node.name), now + SECOND);
        serving(node, now + 3 * SECOND);
        logs.nodes.systemd(node, "Started kubelet.service - Kubernetes Kubelet.", now);
        logs.events.ofNode(
                node,
                "node-controller",
                "RegisteredNode",
                "Node " + node.name + " event: Registered Node",
                now + 2 * SECOND);
        logs.events.ofNode(
                node, "kubelet", "NodeReady", "Node " + node.name + " status is now: NodeReady", now + 20 * SECOND);
        for (Workload agent : StandingPods.AGENTS) {
            String name = agent.name() + "-" + simulation.chance.suffix(5);
            Pod pod = pods.fresh(agent, agent.name(), name, node, now);
            pods.starts(pod, "daemon-set-controller", now + 20 * SECOND);
        }
        long gone = leaves + 30 * MINUTE;
        simulation.timeline.at(now + 30 * SECOND, later -> beat(node, nodes.kubelet(node), gone, later));
        simulation.timeline.at(leaves, later -> leaves(scaler, node, later));
        simulation.timeline.at(gone, later -> {
            logs.audit.call(scaler, Request.of("delete", Api.NODES, null, node.name), later);
            logs.events.ofNode(
                    node, "node-controller", "RemovingNode", "Node " + node.name + " event: Removing Node", later);
        });
    }

    /** The kubelet asks for its serving certificate, and the certificate controller approves and signs it. */
    private void serving(Node node, long now) {
        String name = "csr-" + simulation.chance.suffix(5);
        String head =
                "{\"kind\":\"CertificateSigningRequest\",\"apiVersion\":\"certificates.k8s.io/v1\",\"metadata\":{\"name\":\""
                        + name + "\"},\"spec\":{\"request\":\""
                        + CertificateRequest.pem("system:nodes", node.kubelet.username(), simulation.logs.audit.chance)
                        + "\",\"signerName\":\"kubernetes.io/kubelet-serving\",\"usages\":[\"digital signature\",\"server auth\"],"
                        + "\"username\":\"" + node.kubelet.username() + "\"},\"status\":{";
        String approved =
                head + "\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\",\"reason\":\"AutoApproved\"}]}}";
        AuditLog audit = simulation.logs.audit;
        Caller controller = ControlPlane.eksCaller("eks:certificate-controller", "10.0.3.41");
        Request create = Request.of("create", Api.CERTIFICATE_REQUESTS, null, name);
        audit.change(node.kubelet, create, head + "}}", head + "}}", now);
        Request approve = Request.of("update", Api.CERTIFICATE_REQUESTS, null, name, "approval", "");
        audit.change(controller, approve, approved, approved, now + SECOND);
        audit.call(
                controller, Request.of("update", Api.CERTIFICATE_REQUESTS, null, name, "status", ""), now + 2 * SECOND);
    }

    private void beat(Node node, Routine routine, long gone, long now) {
        if (now >= gone) {
            return;
        }
        routine.next(simulation.chance, simulation.logs.audit, node.kubelet, now);
        long gap = (long) (DAY / (4_600 * simulation.scale) * (0.5 + simulation.chance.unit()));
        simulation.timeline.at(now + gap, next -> beat(node, routine, gone, next));
    }

    /** Nothing new is put on it, what a Deployment runs there is moved, and the Jobs may finish. */
    private void leaves(Caller scaler, Node node, long now) {
        cluster.leave(node);
        churn.drain(scaler, node, now);
        for (Workload agent : StandingPods.AGENTS) {
            for (Pod pod : cluster.fleet.of(agent.key())) {
                if (pod.node() == node) {
                    simulation.timeline.at(now + 29 * MINUTE, later -> {
                        if (cluster.fleet.has(pod)) {
                            pods.stops(pod, "daemon-set-controller", later);
                        }
                    });
                }
            }
        }
    }
}
