package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Application;
import io.tocsin.job.generate.Cluster.Node;

/** Pods that come and go all day: scheduled jobs, scaling, build pods, and now and then a node that is drained. */
final class Churn {
    private static final String[] CRON_JOBS = {
        "data/export-hourly", "data/compact", "ledger/close-books", "web/sitemap", "ml/retrain", "checkout/expire-carts"
    };

    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;

    Churn(Simulation simulation, Cluster cluster, Pods pods) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
    }

    /** @param drainer the operator that empties nodes */
    void start(Caller runner, Caller drainer) {
        simulation.daily(420, this::cronJob);
        simulation.daily(160, this::scale);
        simulation.daily(130, now -> build(runner, now));
        for (long day = simulation.start; day < simulation.end; day += Simulation.DAY) {
            simulation.timeline.at(day + simulation.chance.between(2 * HOUR, 3 * HOUR), now -> cleanUp(runner, now));
            simulation.timeline.at(day + simulation.chance.between(4 * HOUR, 12 * HOUR), now -> drain(drainer, now));
        }
    }

    private void cronJob(long now) {
        String[] target = simulation.chance.pick(CRON_JOBS).split("/", 2);
        String namespace = target[0];
        String job = target[1] + "-" + now / MINUTE;
        String pod = job + "-" + simulation.chance.suffix(5);
        Node node = simulation.chance.pick(cluster.nodes);
        AuditLog audit = simulation.audit;
        Caller cron = cluster.controller("cronjob-controller");
        audit.call(cron, Request.of("create", Api.JOBS, namespace, job), now);
        audit.call(cron, Request.of("update", Api.CRON_JOBS, namespace, target[1], "status", ""), now + 40_000);
        pods.starts(namespace, pod, "default", node, "job-controller", now + 60_000);
        long done = now + simulation.chance.between(20 * SECOND, 6 * MINUTE);
        Request status = Request.of("update", Api.JOBS, namespace, job, "status", "");
        simulation.timeline.at(done, later -> {
            audit.call(node.kubelet, Request.of("patch", Api.PODS, namespace, pod, "status", ""), later);
            audit.call(cluster.controller("job-controller"), status, later);
        });
        simulation.timeline.at(done + 10 * MINUTE, later -> {
            audit.call(
                    cluster.controller("ttl-after-finished-controller"),
                    Request.of("delete", Api.JOBS, namespace, job),
                    later);
        });
        simulation.timeline.at(
                done + 10 * MINUTE + SECOND / 2,
                later -> pods.stops(namespace, pod, node, "generic-garbage-collector", later));
    }

    private void scale(long now) {
        Application app = simulation.chance.pick(Cluster.APPLICATIONS);
        String pod = app.name() + "-" + simulation.chance.hex(10) + "-" + simulation.chance.suffix(5);
        Node node = simulation.chance.pick(cluster.nodes);
        simulation.audit.call(
                cluster.controller("horizontal-pod-autoscaler"),
                Request.of("update", Api.DEPLOYMENTS, app.namespace(), app.name(), "scale", ""),
                now);
        pods.starts(app.namespace(), pod, "default", node, "replicaset-controller", now + 90_000);
        long gone = now + simulation.chance.between(15 * MINUTE, 3 * HOUR);
        simulation.timeline.at(gone, later -> pods.stops(app.namespace(), pod, node, "replicaset-controller", later));
    }

    /** The build runner makes a pod for each job in its own namespace and deletes it afterwards. */
    private void build(Caller runner, long now) {
        String pod = "runner-" + simulation.chance.suffix(8) + "-project-" + simulation.chance.between(3, 60)
                + "-concurrent-0";
        Node node = simulation.chance.pick(cluster.nodes);
        AuditLog audit = simulation.audit;
        audit.call(runner, Request.of("create", Api.PODS, "ci", pod), now);
        pods.scheduled("ci", pod, "default", node, now);
        audit.stream(
                runner,
                Request.of("get", Api.PODS, "ci", pod, "log", "container=build&follow=true&timestamps=true"),
                200,
                now + 5 * SECOND,
                simulation.chance.between(30 * SECOND, 5 * MINUTE));
        simulation.timeline.at(now + simulation.chance.between(6 * MINUTE, 9 * MINUTE), later -> {
            audit.call(runner, Request.of("delete", Api.PODS, "ci", pod), later);
            pods.ends("ci", pod, node, later);
        });
    }

    /** At night the runner deletes 60 left-over pods of its namespace within a minute. */
    private void cleanUp(Caller runner, long now) {
        for (int i = 0; i < 60; i++) {
            String pod = "runner-" + simulation.chance.suffix(8) + "-project-" + (3 + i) + "-concurrent-0";
            simulation.timeline.at(
                    now + i * 900_000L,
                    later -> simulation.audit.call(runner, Request.of("delete", Api.PODS, "ci", pod), later));
        }
    }

    /** An operator cordons a node and evicts a dozen pods, which start elsewhere. */
    private void drain(Caller drainer, long now) {
        Node node = simulation.chance.pick(cluster.nodes);
        simulation.audit.call(drainer, Request.of("patch", Api.NODES, null, node.name), now);
        for (int i = 0; i < 12; i++) {
            Application app = Cluster.APPLICATIONS[i];
            String set = app.name() + "-" + simulation.chance.hex(10) + "-";
            String old = set + simulation.chance.suffix(5);
            String fresh = set + simulation.chance.suffix(5);
            Node other = simulation.chance.pick(cluster.nodes);
            simulation.timeline.at(now + (5 + i * 20) * SECOND, later -> {
                simulation.audit.call(
                        drainer, Request.of("create", Api.PODS, app.namespace(), old, "eviction", ""), later);
                pods.ends(app.namespace(), old, node, later);
                pods.starts(app.namespace(), fresh, "default", other, "replicaset-controller", later + 20_000);
            });
        }
    }
}
