package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.event.Source;
import java.util.ArrayList;
import java.util.List;

/** Attacks by people with rights of their own, from where they always are. */
final class InsiderAttacks {
    private InsiderAttacks() {}

    static void rogueInsider(Scene scene, long start) {
        Person insider = scene.staff.insider();
        Caller caller = insider.session.describe(
                insider.caller(insider.home, "kubectl/v1.30.5 (linux/amd64) kubernetes/74e84a9"));
        scene.logs.authenticator.granted(insider.session, insider.username, insider.groups, start);
        List<Request> requests = new ArrayList<>();
        String[] services = {"orders", "invoices", "refunds", "vouchers", "ratings"};
        for (String namespace : new String[] {"ledger", "checkout"}) {
            for (String service : services) {
                requests.add(Request.of("delete", Api.DEPLOYMENTS, namespace, service));
                requests.add(Request.of("delete", Api.CONFIG_MAPS, namespace, service + "-config"));
                requests.add(Request.of("delete", Api.SECRETS, namespace, service + "-db"));
                requests.add(Request.of("delete", Api.VOLUME_CLAIMS, namespace, "data-" + service + "-0"));
            }
            requests.add(Request.of("delete", Api.SERVICES, namespace, services[0]));
            requests.add(Request.of("delete", Api.SERVICES, namespace, services[1]));
            requests.add(Request.of("deletecollection", Api.AUTOSCALERS, namespace, null));
        }
        long at = start + SECOND;
        for (Request request : requests) {
            at += scene.chance.between(4 * SECOND, 6 * SECOND);
            scene.call(caller, request, at);
        }
        scene.tell(insider.session.canonicalArn(), caller, start, at);
    }

    /** Reads a team's secrets, looks into a container, deletes what the team runs, and then the Events that tell of it. */
    static void coveredTracks(Scene scene, long start) {
        Person person = scene.staff.concealer();
        Caller caller = scene.usual(person, start);
        String team = person.team;
        long at = start + 10 * SECOND;
        for (String name : new String[] {"feature-store-db", "scorer-db", "registry-credentials", "tracking-api-key"}) {
            at += scene.chance.between(8 * SECOND, 20 * SECOND);
            scene.call(caller, Request.of("get", Api.SECRETS, team, name), at);
        }
        Pod pod = scene.pod("ml/scorer");
        at += 20 * SECOND;
        scene.exec(caller, pod, "/bin/sh", "", at);
        scene.starts(pod, "/usr/bin/runc", "/bin/sh", "", at + SECOND);
        String[] models = {"ranker", "embedder", "detector", "forecaster", "segmenter", "captioner", "planner"};
        for (String model : models) {
            Api[] kinds = {Api.DEPLOYMENTS, Api.CONFIG_MAPS, Api.SERVICES, Api.VOLUME_CLAIMS};
            for (Api kind : kinds) {
                at += scene.chance.between(2 * SECOND, 6 * SECOND);
                scene.call(caller, Request.of("delete", kind, team, model), at);
            }
        }
        for (String model : models) {
            at += 2 * SECOND;
            Request event = Request.of("delete", Api.EVENTS, team, model + ".18" + scene.chance.hex(14));
            scene.call(caller, event, at);
        }
        at += 5 * SECOND;
        scene.call(caller, Request.of("deletecollection", Api.EVENTS, team, null), at);
        scene.tell(person.session.canonicalArn(), caller, start, at);
    }

    /** Deletes the log collector, and while no container's output is collected, helps itself in the ledger. */
    static void loggingOff(Scene scene, long start) {
        Person person = scene.staff.operator();
        Caller caller = scene.usual(person, start);
        Request[] collector = {
            Request.of("get", Api.DAEMON_SETS, "logging", "fluent-bit"),
            Request.of("delete", Api.DAEMON_SETS, "logging", "fluent-bit")
        };
        scene.call(caller, collector[0], start + 20 * SECOND);
        long deleted = start + 50 * SECOND;
        scene.call(caller, collector[1], deleted);
        scene.at(deleted + SECOND, now -> {
            for (Pod pod : scene.cluster.fleet.of(StandingPods.COLLECTOR)) {
                Caller collects = scene.cluster.controller("generic-garbage-collector");
                scene.logs.audit.call(collects, Request.of("delete", Api.PODS, "logging", pod.name()), now);
                scene.logs.events.ofKubelet(pod, false, "Killing", "Stopping container fluent-bit", 1, now, now);
            }
            scene.simulation.timeline.silence(Source.CONTAINER_LOG, now + 8 * SECOND, now + 100 * MINUTE);
        });
        Pod pod = scene.pod("ledger/ledger-api");
        long used = deleted + scene.chance.between(6 * MINUTE, 9 * MINUTE);
        scene.exec(caller, pod, "/bin/bash", "", used);
        scene.starts(pod, "/usr/bin/runc", "/bin/bash", "", used + SECOND);
        scene.call(caller, Request.of("get", Api.SECRETS, "ledger", "bank-api-key"), used + 50 * SECOND);
        scene.call(caller, Request.of("get", Api.SECRETS, "ledger", "ledger-db"), used + 95 * SECOND);
        // The pipeline of the cluster's own configuration brings the collector back.
        Caller pipeline = scene.deployer();
        scene.call(pipeline, Request.of("create", Api.DAEMON_SETS, "logging", "fluent-bit"), deleted + 99 * MINUTE);
        scene.tell(person.session.canonicalArn(), caller, start, used);
    }

    /** Makes two dozen Deployments that compute for somebody else, until neither quota nor nodes allow more. */
    static void mining(Scene scene, long start) {
        Person person = scene.staff.miner();
        Caller caller = scene.usual(person, start);
        long at = start + 10 * SECOND;
        for (int i = 0; i < 24; i++) {
            at += scene.chance.between(3 * SECOND, 9 * SECOND);
            String name = "batch-worker-" + i;
            scene.call(caller, Request.of("create", Api.DEPLOYMENTS, person.team, name), at);
            Workload workload = new Workload(person.team, name, "Deployment", "/usr/local/bin/xmrig", 0);
            Cluster.Node node = scene.cluster.nodes[i % Cluster.STANDING_NODES];
            Pod pod = new Pod(workload, "default", name + "-6c7d8f9b5-" + scene.chance.suffix(5), node, null);
            pod.placed(pod.name(), node, "10.0." + (100 + i % Cluster.STANDING_NODES) + ".254", scene.chance, at);
            scene.at(at + 2 * SECOND, i < 6 ? now -> mine(scene, pod, now) : now -> refused(scene, pod, now));
        }
        scene.tell(person.session.canonicalArn(), caller, start, at);
    }

    private static void mine(Scene scene, Pod pod, long now) {
        Logs logs = scene.logs;
        String pulled = "Successfully pulled image \"" + pod.workload.image() + "\" in 3.2s (3.2s including waiting)";
        logs.events.ofKubelet(pod, false, "Pulled", pulled, 1, now, now);
        String pool = "--url stratum+tcp://192.0.2.180:3333 --coin monero";
        logs.processes.exec(pod, "/usr/bin/containerd-shim-runc-v2", pod.workload.binary(), pool, false, now + SECOND);
        logs.flows.toWorld(pod, "192.0.2.180", "pool.mine.example", 3_333, now + 2 * SECOND);
    }

    private static void refused(Scene scene, Pod pod, long now) {
        String set = pod.name().substring(0, pod.name().lastIndexOf('-'));
        String message = "Error creating: pods \"" + pod.name() + "\" is forbidden: exceeded quota: compute, requested:"
                + " limits.cpu=8, used: limits.cpu=64, limited: limits.cpu=64";
        EventLog events = scene.logs.events;
        events.of("ReplicaSet", pod.namespace(), set, true, "replicaset-controller", "FailedCreate", message, now);
        for (int i = 0; i < 13; i++) {
            int count = i + 1;
            scene.at(
                    now + i * MINUTE,
                    later -> events.ofPod(
                            pod,
                            true,
                            "default-scheduler",
                            "FailedScheduling",
                            "0/9 nodes are available: 9 Insufficient cpu.",
                            count,
                            now,
                            later));
        }
    }
}
