package io.tocsin.job.generate;

import io.tocsin.job.generate.Cluster.Application;
import io.tocsin.job.generate.Cluster.Node;

/** What has run since before the log begins and calls no API: the teams' applications, their stores, the agents on the nodes. */
final class StandingPods {
    static final String COLLECTOR = "logging/fluent-bit";

    private static final Workload[] STORES = {
        new Workload("data", "kafka", "StatefulSet", "/opt/java/openjdk/bin/java", 9092),
        new Workload("data", "redis", "StatefulSet", "/usr/local/bin/redis-server", 6379),
        new Workload("ledger", "ledger-db", "StatefulSet", "/usr/lib/postgresql/16/bin/postgres", 5432),
        new Workload("checkout", "checkout-db", "StatefulSet", "/usr/lib/postgresql/16/bin/postgres", 5432)
    };

    static final Workload[] AGENTS = {
        new Workload("logging", "fluent-bit", "DaemonSet", "/fluent-bit/bin/fluent-bit", 2020),
        new Workload("monitoring", "node-exporter", "DaemonSet", "/bin/node_exporter", 9100)
    };

    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;

    StandingPods(Simulation simulation, Cluster cluster, Pods pods) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
    }

    void start() {
        Chance chance = simulation.chance;
        for (Application app : Cluster.APPLICATIONS) {
            Workload workload = app.workload();
            String set = cluster.fleet.roll(workload, app.name() + "-" + chance.hex(10));
            int replicas = 2 + chance.below(2);
            for (int i = 0; i < replicas; i++) {
                stand(workload, set + "-" + chance.suffix(5), chance.pick(cluster.nodes));
            }
        }
        for (Workload store : STORES) {
            int replicas = store.name().equals("kafka") ? 3 : 1;
            for (int i = 0; i < replicas; i++) {
                stand(store, store.name() + "-" + i, chance.pick(cluster.nodes));
            }
        }
        for (Node node : cluster.nodes) {
            for (Workload agent : AGENTS) {
                stand(agent, agent.name() + "-" + chance.suffix(5), node);
            }
        }
    }

    private void stand(Workload workload, String name, Node node) {
        pods.standing(new Pod(workload, workload.name(), name, node, null), node.nextPodAddress());
    }
}
