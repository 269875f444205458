package io.tocsin.job.generate;

import io.tocsin.event.Source;

/** Processes that start in running containers without anybody at them: probes above all, and the scripts of stores and agents. */
final class ContainerProcesses {
    private static final String INIT = "/usr/bin/containerd-shim-runc-v2";

    /** Workload, binary, arguments: the same command line every few seconds. */
    private static final String[][] PROBES = {
        {"data/redis", "/usr/local/bin/redis-cli", "-h 127.0.0.1 ping"},
        {"data/kafka", "/bin/sh", "-c \"nc -z 127.0.0.1 9092\""},
        {"ledger/ledger-db", "/bin/sh", "-c \"exec pg_isready -U postgres -h 127.0.0.1 -p 5432\""},
        {"checkout/checkout-db", "/bin/sh", "-c \"exec pg_isready -U postgres -h 127.0.0.1 -p 5432\""},
        {"ml/scorer", "/bin/grpc_health_probe", "-addr=:8080"},
        {"checkout/fraud-check", "/bin/grpc_health_probe", "-addr=:8080"}
    };

    private static final String[][] SCRIPTS = {
        {"ledger/ledger-db", "/usr/lib/postgresql/16/bin/postgres", "/usr/bin/pg_dump", "--schema-only ledger"},
        {"web/images", "/app/images", "/usr/bin/convert", "-resize 640 - webp:-"},
        {"data/kafka", "/opt/java/openjdk/bin/java", "/usr/bin/df", "-k /var/lib/kafka"},
        {"kube-system/aws-node", "/app/aws-vpc-cni", "/usr/sbin/iptables", "-t nat -S"},
        {"kube-system/kube-proxy", "/usr/local/bin/kube-proxy", "/usr/sbin/iptables-restore", "-w 5 --noflush"}
    };

    private final Simulation simulation;
    private final Fleet fleet;
    private final ProcessLog log;
    private final Chance chance;

    ContainerProcesses(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.fleet = cluster.fleet;
        this.log = simulation.logs.processes;
        this.chance = log.chance;
    }

    void start() {
        simulation.fill(Source.TETRAGON, 0.60, 2, this::probe);
        simulation.fill(Source.TETRAGON, 0.30, 2, this::script);
        simulation.steadily(Source.FALCO, 20 * Simulation.MINUTE, this::noise);
    }

    private void probe(long now) {
        String[] probe = chance.pick(PROBES);
        Pod pod = fleet.any(chance, probe[0]);
        if (pod != null) {
            // The agent can't always tell a probe from what else the runtime starts.
            run(pod, INIT, probe[1], probe[2], !chance.oneIn(10), now);
        }
    }

    private void script(long now) {
        String[] script = chance.pick(SCRIPTS);
        Pod pod = fleet.any(chance, script[0]);
        if (pod != null) {
            run(pod, script[1], script[2], script[3], false, now);
        }
    }

    private void run(Pod pod, String parent, String binary, String arguments, boolean probe, long now) {
        ProcessLog.Running running = log.exec(pod, parent, binary, arguments, probe, now);
        simulation.timeline.at(now + chance.between(20_000, 400_000), later -> log.exit(running, 0, later));
    }

    /** Operators that a stock rule doesn't know. */
    private void noise(long now) {
        String[] talkative = {"postgres/cnpg-manager", "kafka/strimzi-cluster-operator", "keda/keda-operator"};
        Pod pod = fleet.any(chance, chance.pick(talkative));
        if (pod != null) {
            String rule = "Contact K8S API Server From Container";
            String binary = pod.workload.binary();
            simulation.logs.falco.alert(pod, "Notice", rule, binary, "containerd-shim", false, now);
        }
    }
}
