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
        Caller caller = signIn(now);
        int release = releases;
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
            simulation.timeline.at(at, later -> simulation.logs.audit.call(caller, request, later));
        }
        Workload workload = app.workload();
        String set = app.name() + "-" + chance.hex(10);
        simulation.timeline.at(at, later -> {
            Caller deployments = cluster.controller("deployment-controller");
            simulation.logs.audit.call(deployments, Request.of("create", Api.REPLICA_SETS, namespace, set), later);
            roll(workload, set, later);
        });
    }

    /** A run of the pipeline: the role's session and the caller behind it. */
    Caller signIn(long now) {
        Chance chance = simulation.chance;
        String run = "pipeline-" + ++releases;
        IamSession session = new IamSession("cd-deployer", roleId, run, chance.awsId("ASIA"));
        simulation.logs.cloudTrail.assumed(session, CloudCalls.EGRESS, "gitlab-runner/17.5.3", now);
        simulation.logs.authenticator.granted(session, USERNAME, "deployers", now);
        return caller(session);
    }

    /** The caller behind another run, whose sign-in is left out. */
    Caller caller(String run, String accessKeyId) {
        return caller(new IamSession("cd-deployer", roleId, run, accessKeyId));
    }

    private static Caller caller(IamSession session) {
        return session.describe(new Caller(
                USERNAME,
                session.uid(),
                List.of("deployers", "system:authenticated"),
                "10.0.88.14",
                "Helm/3.16.2",
                "RBAC: allowed by ClusterRoleBinding \"deployers\" of ClusterRole \"deployer\" to Group"
                        + " \"deployers\""));
    }

    /** Pod by pod, a new one first. */
    private void roll(Workload workload, String set, long now) {
        cluster.fleet.roll(workload, set);
        long at = now;
        for (Pod old : cluster.fleet.of(workload.key())) {
            at += 5 * SECOND;
            simulation.timeline.at(
                    at, later -> pods.starts(pods.replica(workload, later), "replicaset-controller", later));
            simulation.timeline.at(at + 4 * SECOND, later -> {
                if (cluster.fleet.has(old)) {
                    pods.stops(old, "replicaset-controller", later);
                }
            });
        }
    }
}
