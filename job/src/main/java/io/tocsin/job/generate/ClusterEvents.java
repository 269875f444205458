package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;

import io.tocsin.event.Source;

/** Kubernetes Events besides those of pods that come and go: probes that fail once, quotas reached, pods that wait for a node. */
final class ClusterEvents {
    private final Simulation simulation;
    private final Cluster cluster;
    private final EventLog events;
    private final Chance chance;

    ClusterEvents(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.events = simulation.logs.events;
        this.chance = events.chance;
    }

    void start() {
        simulation.fill(Source.KUBERNETES_EVENT, 0.10, 1, this::unhealthy);
        simulation.fill(Source.KUBERNETES_EVENT, 0.12, 1, this::scaled);
        simulation.steadily(Source.KUBERNETES_EVENT, 7 * HOUR, this::waits);
        simulation.steadily(Source.KUBERNETES_EVENT, 31 * HOUR, this::overQuota);
        simulation.steadily(Source.KUBERNETES_EVENT, 10 * MINUTE, this::synced);
    }

    private void unhealthy(long now) {
        Pod pod = cluster.fleet.any(chance);
        if (pod.workload.port() > 0) {
            String message = "Readiness probe failed: Get \"http://" + pod.address() + ":" + pod.workload.port()
                    + "/ready\": context deadline exceeded";
            events.ofKubelet(pod, true, "Unhealthy", message, 1, now, now);
        }
    }

    private void scaled(long now) {
        Workload workload = chance.pick(Cluster.APPLICATIONS).workload();
        String set = cluster.fleet.replicaSet(workload);
        int size = Math.max(1, cluster.fleet.of(workload.key()).size());
        String message = "Scaled up replica set " + set + " to " + size;
        events.of(
                "Deployment",
                workload.namespace(),
                workload.name(),
                false,
                "deployment-controller",
                "ScalingReplicaSet",
                message,
                now);
    }

    private void synced(long now) {
        events.of(
                "ConfigMap",
                "cert-manager",
                "cert-manager-leader",
                false,
                "cert-manager",
                "LeaderElection",
                "still leading",
                now);
    }

    /** Too little room for four minutes, until the autoscaler has a node. */
    private void waits(long now) {
        Workload workload = new Workload("ml", "retrain", "Job", "/usr/local/bin/python3", 0);
        Pod pod = new Pod(
                workload,
                "default",
                "retrain-" + now / MINUTE + "-" + chance.suffix(5),
                chance.pick(cluster.nodes),
                null);
        pod.placed(pod.name(), pod.node(), "", chance, now);
        for (int i = 0; i < 4; i++) {
            int count = i + 1;
            simulation.timeline.at(
                    now + i * MINUTE,
                    later -> events.ofPod(
                            pod,
                            true,
                            "default-scheduler",
                            "FailedScheduling",
                            "0/9 nodes are available: 9 Insufficient memory.",
                            count,
                            now,
                            later));
        }
    }

    private void overQuota(long now) {
        String message = "Error creating: pods \"scorer-batch-\" is forbidden: exceeded quota: compute, requested:"
                + " limits.memory=8Gi, used: limits.memory=60Gi, limited: limits.memory=64Gi";
        events.of(
                "ReplicaSet",
                "ml",
                "scorer-batch-6d5c4b7f99",
                true,
                "replicaset-controller",
                "FailedCreate",
                message,
                now);
    }
}
