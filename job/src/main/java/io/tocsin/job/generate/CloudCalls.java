package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;

import io.tocsin.event.Source;
import io.tocsin.job.generate.Cluster.Node;

/** Calls to AWS that CloudTrail records: pods that turn tokens into roles, nodes, the pipeline. */
final class CloudCalls {
    /** The address that the cluster's calls to AWS come from. */
    static final String EGRESS = "203.0.113.200";

    private static final String[] ROLES = {
        "kube-system/aws-load-balancer-controller",
        "kube-system/ebs-csi-controller-sa",
        "external-dns/external-dns",
        "external-secrets/external-secrets",
        "velero/velero",
        "data/exporter"
    };

    private final Simulation simulation;
    private final Cluster cluster;
    private final CloudTrailLog log;
    private final Chance chance;
    private final String[] roleIds = new String[ROLES.length];

    CloudCalls(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.log = simulation.logs.cloudTrail;
        this.chance = log.chance;
    }

    void start() {
        for (int i = 0; i < ROLES.length; i++) {
            int index = i;
            roleIds[i] = chance.awsId("AROA");
            simulation.steadily(Source.CLOUDTRAIL, 50 * MINUTE, now -> renew(index, now));
        }
        simulation.fill(Source.CLOUDTRAIL, 0.7, 1, this::describe);
    }

    /** A pod with a role of its own renews its session. */
    private void renew(int index, long now) {
        Pod pod = cluster.fleet.any(chance, ROLES[index]);
        if (pod != null) {
            String role = "eks-" + pod.workload.name();
            String session = Long.toString(now / 1_000) + "000000";
            log.assumedByPod(pod, new IamSession(role, roleIds[index], session, chance.awsId("ASIA")), EGRESS, now);
        }
    }

    /** Nodes and controllers look the cluster up. */
    private void describe(long now) {
        Node node = chance.pick(cluster.nodes);
        String parameters = "{\"name\":\"" + CloudTrailLog.CLUSTER + "\"}";
        String agent = "aws-sdk-go-v2/1.32.2 os/linux lang/go#1.22.8 api/eks#1.51.0";
        log.call(node.session, EGRESS, agent, "eks", "DescribeCluster", true, parameters, "null", now);
    }
}
