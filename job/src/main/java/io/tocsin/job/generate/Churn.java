package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Application;
import io.tocsin.job.generate.Cluster.Node;
import java.util.ArrayList;
import java.util.List;

/** Pods that come and go all day: scheduled jobs, scaling, build pods, and now and then a node that is drained. */
final class Churn {
    private static final Workload[] CRON_JOBS = {
        job("data", "export-hourly"),
        job("data", "compact"),
        job("ledger", "close-books"),
        job("web", "sitemap"),
        job("ml", "retrain"),
        job("checkout", "expire-carts")
    };
    private static final Workload BUILD = new Workload("ci", "runner", "Job", "/usr/bin/gitlab-runner-helper", 0);

    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;

    Churn(Simulation simulation, Cluster cluster, Pods pods) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
    }

    private static Workload job(String namespace, String name) {
        return new Workload(namespace, name, "Job", "/usr/local/bin/python3", 0);
    }

    /** @param drainer the operator that empties nodes */
    void start(Caller runner, Caller drainer) {
        simulation.daily(420, now -> cronJob(simulation.chance.pick(CRON_JOBS), "", now));
        simulation.daily(160, this::scale);
        simulation.daily(130, now -> build(runner, now));
        for (long day = simulation.start; day < simulation.end; day += Simulation.DAY) {
            simulation.timeline.at(day + simulation.chance.between(2 * HOUR, 3 * HOUR), now -> cleanUp(runner, now));
            simulation.timeline.at(
                    day + simulation.chance.between(4 * HOUR, 12 * HOUR),
                    now -> drain(drainer, simulation.chance.pick(cluster.nodes), now));
        }
    }

    /** A scheduled Job: one pod, some seconds to minutes, deleted ten minutes later. */
    void cronJob(Workload of, String suffix, long now) {
        String namespace = of.namespace();
        String job = of.name() + "-" + now / MINUTE + suffix;
        Pod pod = pods.fresh(of, "default", job + "-" + simulation.chance.suffix(5), now);
        AuditLog audit = simulation.logs.audit;
        Caller cron = cluster.controller("cronjob-controller");
        audit.call(cron, Request.of("create", Api.JOBS, namespace, job), now);
        audit.call(cron, Request.of("update", Api.CRON_JOBS, namespace, of.name(), "status", ""), now + 40_000);
        pods.starts(pod, "job-controller", now + 60_000);
        long done = now + simulation.chance.between(20 * SECOND, 6 * MINUTE);
        Request status = Request.of("update", Api.JOBS, namespace, job, "status", "");
        simulation.timeline.at(done, later -> {
            pods.completes(pod, later);
            audit.call(cluster.controller("job-controller"), status, later);
        });
        simulation.timeline.at(done + 10 * MINUTE, later -> {
            audit.call(
                    cluster.controller("ttl-after-finished-controller"),
                    Request.of("delete", Api.JOBS, namespace, job),
                    later);
        });
        simulation.timeline.at(
                done + 10 * MINUTE + SECOND / 2, later -> pods.stops(pod, "generic-garbage-collector", later));
    }

    private void scale(long now) {
        surge(simulation.chance.pick(Cluster.APPLICATIONS).workload(), 1, now);
    }

    /** The autoscaler adds so many pods to a Deployment, a second apart, and takes them away some time later. */
    void surge(Workload workload, int count, long now) {
        simulation.logs.audit.call(
                cluster.controller("horizontal-pod-autoscaler"),
                Request.of("update", Api.DEPLOYMENTS, workload.namespace(), workload.name(), "scale", ""),
                now);
        long gone = now + simulation.chance.between(15 * MINUTE, 3 * HOUR);
        for (int i = 0; i < count; i++) {
            long later = now + 90_000 + i * SECOND;
            simulation.timeline.at(later, at -> {
                Pod pod = pods.replica(workload, at);
                pods.starts(pod, "replicaset-controller", at);
                simulation.timeline.at(gone + (at - now), end -> {
                    if (cluster.fleet.has(pod)) {
                        pods.stops(pod, "replicaset-controller", end);
                    }
                });
            });
        }
    }

    /** The build runner makes a pod for each job in its own namespace and deletes it afterwards. */
    private void build(Caller runner, long now) {
        String name = "runner-" + simulation.chance.suffix(8) + "-project-" + simulation.chance.between(3, 60)
                + "-concurrent-0";
        Pod pod = pods.fresh(BUILD, "default", name, now);
        AuditLog audit = simulation.logs.audit;
        audit.call(runner, Request.of("create", Api.PODS, "ci", name), now);
        pods.scheduled(pod, now);
        audit.stream(
                runner,
                Request.of("get", Api.PODS, "ci", name, "log", "container=build&follow=true&timestamps=true"),
                200,
                now + 5 * SECOND,
                simulation.chance.between(30 * SECOND, 5 * MINUTE));
        simulation.timeline.at(now + simulation.chance.between(6 * MINUTE, 9 * MINUTE), later -> {
            audit.call(runner, Request.of("delete", Api.PODS, "ci", name), later);
            pods.ends(pod, later);
        });
    }

    /** At night the runner deletes 60 left-over pods of its namespace within a minute. */
    private void cleanUp(Caller runner, long now) {
        for (int i = 0; i < 60; i++) {
            String pod = "runner-" + simulation.chance.suffix(8) + "-project-" + (3 + i) + "-concurrent-0";
            simulation.timeline.at(
                    now + i * 900_000L,
                    later -> simulation.logs.audit.call(runner, Request.of("delete", Api.PODS, "ci", pod), later));
        }
    }

    /** An operator cordons a node and evicts the applications' pods, a dozen at most, which start elsewhere. */
    void drain(Caller drainer, Node node, long now) {
        simulation.logs.audit.call(drainer, Request.of("patch", Api.NODES, null, node.name), now);
        List<Pod> evicted = new ArrayList<>();
        for (Application app : Cluster.APPLICATIONS) {
            for (Pod pod : cluster.fleet.of(app.workload().key())) {
                if (pod.node() == node && evicted.size() < 12) {
                    evicted.add(pod);
                }
            }
        }
        for (int i = 0; i < evicted.size(); i++) {
            Pod old = evicted.get(i);
            simulation.timeline.at(now + (5 + i * 20) * SECOND, later -> {
                if (!cluster.fleet.has(old)) {
                    return;
                }
                simulation.logs.audit.call(
                        drainer, Request.of("create", Api.PODS, old.namespace(), old.name(), "eviction", ""), later);
                pods.ends(old, later);
                pods.starts(pods.replica(old.workload, later), "replicaset-controller", later + 20_000);
            });
        }
    }
}
