package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.DAY;
import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

/** The pipeline makes a namespace for a merge request, runs the shop in it, and tears it down with everything in it. */
final class Previews {
    private static final Api[] CONTENTS = {
        Api.PODS,
        Api.DEPLOYMENTS,
        Api.REPLICA_SETS,
        Api.SERVICES,
        Api.CONFIG_MAPS,
        Api.SECRETS,
        Api.SERVICE_ACCOUNTS,
        Api.EVENTS
    };

    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;
    private final Deployer deployer;

    Previews(Simulation simulation, Cluster cluster, Pods pods, Deployer deployer) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
        this.deployer = deployer;
    }

    void start() {
        for (long day = simulation.start; day < simulation.end; day += DAY) {
            long at = day + simulation.chance.between(8 * HOUR, 15 * HOUR);
            simulation.timeline.at(at, this::create);
        }
    }

    private void create(long now) {
        String namespace = "preview-" + simulation.chance.between(400, 9_999);
        AuditLog audit = simulation.logs.audit;
        Caller caller = deployer.signIn(now);
        audit.call(caller, Request.of("create", Api.NAMESPACES, namespace, namespace), now + SECOND);
        for (String name : new String[] {"storefront", "cart"}) {
            Workload workload = new Workload(namespace, name, "Deployment", "/usr/local/bin/node", 8080);
            audit.call(caller, Request.of("create", Api.CONFIG_MAPS, namespace, name + "-config"), now + 2 * SECOND);
            audit.call(caller, Request.of("create", Api.SERVICES, namespace, name), now + 3 * SECOND);
            audit.call(caller, Request.of("create", Api.DEPLOYMENTS, namespace, name), now + 4 * SECOND);
            cluster.fleet.roll(workload, name + "-" + simulation.chance.hex(10));
            simulation.timeline.at(now + 5 * SECOND, later -> {
                Pod pod = pods.replica(workload, later);
                pods.starts(pod, "replicaset-controller", later);
            });
        }
        long gone = now + simulation.chance.between(50 * MINUTE, 4 * HOUR);
        simulation.timeline.at(gone, later -> remove(namespace, later));
    }

    private void remove(String namespace, long now) {
        AuditLog audit = simulation.logs.audit;
        Caller caller = deployer.signIn(now);
        audit.call(caller, Request.of("delete", Api.NAMESPACES, namespace, namespace), now + SECOND);
        Caller controller = cluster.controller("namespace-controller");
        for (int i = 0; i < CONTENTS.length; i++) {
            Request request = Request.of("deletecollection", CONTENTS[i], namespace, null);
            simulation.timeline.at(now + (3 + i) * SECOND, later -> audit.call(controller, request, later));
        }
        for (String name : new String[] {"storefront", "cart"}) {
            for (Pod pod : cluster.fleet.of(namespace + "/" + name)) {
                simulation.timeline.at(now + 4 * SECOND, later -> pods.ends(pod, later));
            }
        }
        Request finalized = Request.of("update", Api.NAMESPACES, namespace, namespace, "finalize", "");
        simulation.timeline.at(now + 15 * SECOND, later -> audit.call(controller, finalized, later));
    }
}
