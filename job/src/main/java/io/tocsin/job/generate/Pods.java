package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Node;

/** How pods come, get their tokens, and go: what controllers, the scheduler and the kubelet ask for on the way. */
final class Pods {
    private static final long MILLISECOND = 1_000;

    private final Simulation simulation;
    private final Cluster cluster;
    private final PodLifecycle lifecycle;

    Pods(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.lifecycle = new PodLifecycle(simulation);
    }

    /** The pod has run since before the log begins. */
    Pod standing(Pod pod, String address) {
        pod.placed(pod.name(), pod.node(), address, simulation.chance, simulation.start - 26 * Simulation.HOUR);
        cluster.fleet.add(pod);
        return pod;
    }

    /** The same for one that calls the API; its kubelet renews the token from then on. */
    void runs(Pod pod, Caller caller, long firstRenewal) {
        standing(pod, caller.address());
        bind(pod, caller, simulation.chance.uuid());
        simulation.timeline.at(firstRenewal, now -> renew(pod, caller, now));
    }

    private void renew(Pod pod, Caller caller, long now) {
        String id = issue(pod, now);
        simulation.timeline.at(now + 2 * SECOND, later -> bind(pod, caller, id));
        simulation.timeline.at(
                now + simulation.chance.between(47 * MINUTE, 56 * MINUTE), next -> renew(pod, caller, next));
    }

    static void bind(Pod pod, Caller caller, String tokenId) {
        caller.extra("authentication.kubernetes.io/credential-id", "JTI=" + tokenId)
                .extra("authentication.kubernetes.io/node-name", pod.node().name)
                .extra("authentication.kubernetes.io/node-uid", pod.node().uid)
                .extra("authentication.kubernetes.io/pod-name", pod.name())
                .extra("authentication.kubernetes.io/pod-uid", pod.uid());
    }

    private String issue(Pod pod, long now) {
        String id = simulation.chance.uuid();
        Request request = Request.of("create", Api.SERVICE_ACCOUNTS, pod.namespace(), pod.account, "token", "");
        simulation.logs.audit.issueToken(pod.node().kubelet, request, id, now);
        return id;
    }

    /** A pod that is about to start on some node. */
    Pod fresh(Workload workload, String account, String name, long now) {
        return fresh(workload, account, name, simulation.chance.pick(cluster.nodes), now);
    }

    Pod fresh(Workload workload, String account, String name, Node node, long now) {
        return new Pod(workload, account, name, node, null)
                .placed(name, node, node.nextPodAddress(), simulation.chance, now + 1_200 * MILLISECOND);
    }

    /** Another replica of a Deployment. */
    Pod replica(Workload workload, long now) {
        String name = cluster.fleet.replicaSet(workload) + "-" + simulation.chance.suffix(5);
        return fresh(workload, workload.name(), name, now);
    }

    /** A rollout replaces the pod of a workload that calls the API: another name, node, address and token. */
    void replace(Pod pod, Caller caller, String owner, long now) {
        Node node = cluster.nodes[simulation.chance.below(Cluster.STANDING_NODES)];
        Pod next = fresh(pod.workload, pod.account, owner + "-" + simulation.chance.suffix(5), node, now);
        Pod old = new Pod(pod);
        cluster.fleet.add(old);
        starts(next, "replicaset-controller", now);
        simulation.timeline.at(now + 4 * SECOND, later -> {
            cluster.fleet.remove(next);
            pod.like(next);
            caller.from(pod.address());
            bind(pod, caller, issue(pod, later));
            stops(old, "replicaset-controller", later);
        });
    }

    /** A controller creates a pod, the scheduler binds it, the kubelet starts it. */
    void starts(Pod pod, String controller, long now) {
        Caller creator = cluster.controller(controller);
        String namespace = pod.namespace();
        simulation.logs.audit.call(creator, Request.of("create", Api.PODS, namespace, null), now);
        lifecycle.created(pod, controller, now);
        scheduled(pod, now);
        if (controller.equals("replicaset-controller")) {
            String name = pod.name();
            at(now + 3_400 * MILLISECOND, later -> {
                String slice = pod.workload.name() + "-x4v7c";
                simulation.logs.audit.call(
                        cluster.controller("endpointslice-controller"),
                        Request.of("update", Api.SLICES, namespace, slice),
                        later);
                simulation.logs.audit.call(
                        creator,
                        Request.of(
                                "update",
                                Api.REPLICA_SETS,
                                namespace,
                                name.substring(0, name.lastIndexOf('-')),
                                "status",
                                ""),
                        later);
            });
        }
    }

    /** The scheduler binds a pod, the kubelet starts it. */
    void scheduled(Pod pod, long now) {
        AuditLog audit = simulation.logs.audit;
        Caller kubelet = pod.node().kubelet;
        String namespace = pod.namespace();
        String name = pod.name();
        at(
                now + 30 * MILLISECOND,
                later -> audit.call(
                        cluster.scheduler, Request.of("create", Api.PODS, namespace, name, "binding", ""), later));
        at(now + 70 * MILLISECOND, later -> {
            audit.call(kubelet, Request.of("get", Api.PODS, namespace, name), later);
            audit.watch(kubelet, Request.of("watch", Api.CONFIG_MAPS, namespace, "kube-root-ca.crt"), later);
            patchStatus(kubelet, namespace, name, later);
        });
        at(now + 140 * MILLISECOND, later -> issue(pod, later));
        at(now + 1_500 * MILLISECOND, later -> patchStatus(kubelet, namespace, name, later));
        at(now + 3_200 * MILLISECOND, later -> patchStatus(kubelet, namespace, name, later));
        at(now + 1_300 * MILLISECOND, later -> cluster.fleet.add(pod));
        lifecycle.starts(pod, now);
    }

    /** A controller deletes a pod, the kubelet ends it. */
    void stops(Pod pod, String controller, long now) {
        simulation.logs.audit.call(
                cluster.controller(controller), Request.of("delete", Api.PODS, pod.namespace(), pod.name()), now);
        lifecycle.deleted(pod, controller, now);
        ends(pod, now);
    }

    /** The kubelet ends a pod that somebody deleted. */
    void ends(Pod pod, long now) {
        Caller kubelet = pod.node().kubelet;
        String namespace = pod.namespace();
        String name = pod.name();
        cluster.fleet.remove(pod);
        lifecycle.ends(pod, now);
        at(now + 800 * MILLISECOND, later -> patchStatus(kubelet, namespace, name, later));
        at(now + 2_600 * MILLISECOND, later -> {
            simulation.logs.audit.call(kubelet, Request.of("get", Api.PODS, namespace, name), later);
            patchStatus(kubelet, namespace, name, later);
        });
        at(now + 2_700 * MILLISECOND, later -> {
            simulation.logs.audit.call(kubelet, Request.of("delete", Api.PODS, namespace, name), later);
            pod.node().release(pod.address());
        });
    }

    /** The container of a Job's pod is done; the pod stays until it is deleted. */
    void completes(Pod pod, long now) {
        patchStatus(pod.node().kubelet, pod.namespace(), pod.name(), now);
        cluster.fleet.remove(pod);
        lifecycle.exits(pod, now);
    }

    private void patchStatus(Caller kubelet, String namespace, String name, long now) {
        simulation.logs.audit.call(kubelet, Request.of("patch", Api.PODS, namespace, name, "status", ""), now);
    }

    private void at(long time, Timeline.Step step) {
        simulation.timeline.at(time, step);
    }
}
