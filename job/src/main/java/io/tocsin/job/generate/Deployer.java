package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Application;
import java.util.List;

/** The pipeline that deploys with Helm: one IAM role, from a build host inside the network. */
final class Deployer {
    static final String USERNAME = "cd-deployer";

    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;
    private final String roleId;
    private int releases = 400;

    Deployer(Simulation simulation, Cluster cluster, Pods pods) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
        this.roleId = simulation.chance.awsId("AROA");
    }

    void start() {
        simulation.daily(40, this::deploy);
    }

    private void deploy(long now) {
        Chance chance = simulation.chance;
        Application app = chance.pick(Cluster.APPLICATIONS);
        String namespace = app.namespace();
        int release = ++releases;
        IamSession session = new IamSession("cd-deployer", roleId, "pipeline-" + release, chance.awsId("ASIA"));
        Caller caller = session.describe(new Caller(
                USERNAME,
                session.uid(),
                List.of("deployers", "system:authenticated"),
                "10.0.88.14",
                "Helm/3.16.2",
                "RBAC: allowed by ClusterRoleBinding \"deployers\" of ClusterRole \"deployer\" to Group"
                        + " \"deployers\""));
        simulation.authenticator.granted(session, USERNAME, "deployers", now);
        String record = "sh.helm.release.v1." + app.name() + ".v";
        Request[] requests = {
            Request.path("get", "/version"),
            Request.path("get", "/apis?timeout=32s"),
            Request.of("get", Api.SECRETS, namespace, record + (release - 1)),
            Request.of("create", Api.SECRETS, namespace, record + release),
            Request.of("get", Api.CONFIG_MAPS, namespace, app.name() + "-config"),
            Request.of("patch", Api.CONFIG_MAPS, namespace, app.name() + "-config"),
            Request.of("get", Api.SERVICES, namespace, app.name()),
            Request.of("get", Api.DEPLOYMENTS, namespace, app.name()),
            Request.of("patch", Api.DEPLOYMENTS, namespace, app.name()),
            Request.of("get", Api.DEPLOYMENTS, namespace, app.name()),
            Request.of("update", Api.SECRETS, namespace, record + release),
            Request.of("delete", Api.SECRETS, namespace, record + (release - 10)),
        };
        long at = now + SECOND;
        for (Request request : requests) {
            at += chance.between(60_000, 700_000);
            simulation.timeline.at(at, later -> simulation.audit.call(caller, request, later));
        }
        String oldSet = app.name() + "-" + chance.hex(10) + "-";
        String set = app.name() + "-" + chance.hex(10);
        simulation.timeline.at(at, later -> {
            Caller deployments = cluster.controller("deployment-controller");
            simulation.audit.call(deployments, Request.of("create", Api.REPLICA_SETS, namespace, set), later);
        });
        for (int i = 0; i < 2; i++) {
            Cluster.Node node = chance.pick(cluster.nodes);
            Cluster.Node oldNode = chance.pick(cluster.nodes);
            String pod = set + "-" + chance.suffix(5);
            String old = oldSet + chance.suffix(5);
            at += 5 * SECOND;
            simulation.timeline.at(
                    at, later -> pods.starts(namespace, pod, "default", node, "replicaset-controller", later));
            simulation.timeline.at(
                    at + 4 * SECOND, later -> pods.stops(namespace, old, oldNode, "replicaset-controller", later));
        }
    }
}
