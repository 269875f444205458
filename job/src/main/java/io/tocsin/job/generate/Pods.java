package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Node;

/** How pods come, get their tokens, and go: what controllers, the scheduler and the kubelet ask for on the way. */
final class Pods {
    private static final long MILLISECOND = 1_000;

    private final Simulation simulation;
    private final Cluster cluster;

    Pods(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.cluster = cluster;
    }

    /** The pod has run since before the log begins; its kubelet renews the token from then on. */
    void runs(Pod pod, long firstRenewal) {
        pod.uid = simulation.chance.uuid();
        bind(pod, simulation.chance.uuid());
        simulation.timeline.at(firstRenewal, now -> renew(pod, now));
    }

    private void renew(Pod pod, long now) {
        String id = issue(pod.node, pod.namespace, pod.account, now);
        simulation.timeline.at(now + 2 * SECOND, later -> bind(pod, id));
        simulation.timeline.at(now + simulation.chance.between(47 * MINUTE, 56 * MINUTE), next -> renew(pod, next));
    }

    private void bind(Pod pod, String tokenId) {
        pod.caller
                .extra("authentication.kubernetes.io/credential-id", "JTI=" + tokenId)
                .extra("authentication.kubernetes.io/node-name", pod.node.name)
                .extra("authentication.kubernetes.io/node-uid", pod.node.uid)
                .extra("authentication.kubernetes.io/pod-name", pod.name)
                .extra("authentication.kubernetes.io/pod-uid", pod.uid);
    }

    private String issue(Node node, String namespace, String account, long now) {
        String id = simulation.chance.uuid();
        Request request = Request.of("create", Api.SERVICE_ACCOUNTS, namespace, account, "token", "");
        simulation.audit.issueToken(node.kubelet, request, id, now);
        return id;
    }

    /** A rollout replaces the pod of a workload that calls the API: another name, node, address and token. */
    void replace(Pod pod, String owner, long now) {
        String old = pod.name;
        Node oldNode = pod.node;
        Node next = simulation.chance.pick(cluster.nodes);
        String name = owner + "-" + simulation.chance.suffix(5);
        starts(pod.namespace, name, pod.account, next, "replicaset-controller", now);
        simulation.timeline.at(now + 4 * SECOND, later -> {
            pod.name = name;
            pod.uid = simulation.chance.uuid();
            pod.node = next;
            pod.caller.from(next.nextPodAddress());
            bind(pod, issue(next, pod.namespace, pod.account, later));
            stops(pod.namespace, old, oldNode, "replicaset-controller", later);
        });
    }

    /** A controller creates a pod, the scheduler binds it, the kubelet starts it. */
    void starts(String namespace, String name, String account, Node node, String controller, long now) {
        Caller creator = cluster.controller(controller);
        simulation.audit.call(creator, Request.of("create", Api.PODS, namespace, null), now);
        scheduled(namespace, name, account, node, now);
        if (controller.equals("replicaset-controller")) {
            at(now + 3_400 * MILLISECOND, later -> {
                String slice = name.substring(0, name.indexOf('-')) + "-" + "x4v7c";
                simulation.audit.call(
                        cluster.controller("endpointslice-controller"),
                        Request.of("update", Api.SLICES, namespace, slice),
                        later);
                simulation.audit.call(
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
    void scheduled(String namespace, String name, String account, Node node, long now) {
        AuditLog audit = simulation.audit;
        Caller kubelet = node.kubelet;
        at(
                now + 30 * MILLISECOND,
                later -> audit.call(
                        cluster.scheduler, Request.of("create", Api.PODS, namespace, name, "binding", ""), later));
        at(now + 70 * MILLISECOND, later -> {
            audit.call(kubelet, Request.of("get", Api.PODS, namespace, name), later);
            audit.watch(kubelet, Request.of("watch", Api.CONFIG_MAPS, namespace, "kube-root-ca.crt"), later);
            patchStatus(kubelet, namespace, name, later);
        });
        at(now + 140 * MILLISECOND, later -> issue(node, namespace, account, later));
        at(now + 1_500 * MILLISECOND, later -> patchStatus(kubelet, namespace, name, later));
        at(now + 3_200 * MILLISECOND, later -> patchStatus(kubelet, namespace, name, later));
    }

    /** A controller deletes a pod, the kubelet ends it. */
    void stops(String namespace, String name, Node node, String controller, long now) {
        simulation.audit.call(cluster.controller(controller), Request.of("delete", Api.PODS, namespace, name), now);
        ends(namespace, name, node, now);
    }

    /** The kubelet ends a pod that somebody deleted. */
    void ends(String namespace, String name, Node node, long now) {
        at(now + 800 * MILLISECOND, later -> patchStatus(node.kubelet, namespace, name, later));
        at(now + 2_600 * MILLISECOND, later -> {
            simulation.audit.call(node.kubelet, Request.of("get", Api.PODS, namespace, name), later);
            patchStatus(node.kubelet, namespace, name, later);
        });
        at(
                now + 2_700 * MILLISECOND,
                later -> simulation.audit.call(node.kubelet, Request.of("delete", Api.PODS, namespace, name), later));
    }

    private void patchStatus(Caller kubelet, String namespace, String name, long now) {
        simulation.audit.call(kubelet, Request.of("patch", Api.PODS, namespace, name, "status", ""), now);
    }

    private void at(long time, Timeline.Step step) {
        simulation.timeline.at(time, step);
    }
}
