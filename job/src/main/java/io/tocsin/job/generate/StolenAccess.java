package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import java.util.List;

/** Attacks by somebody who has got hold of a session, a token, or a way in without either. */
final class StolenAccess {
    private StolenAccess() {}

    static void stolenToken(Scene scene, long start) {
        Person victim = scene.staff.victim();
        Caller thief = victim.session.describe(victim.caller("192.0.2.44", Scene.KUBECTL));
        scene.logs.authenticator.granted(victim.session, victim.username, victim.groups, start);
        long at = scene.discover(thief, start + SECOND);
        Request[] probes = {
            Request.of("list", Api.SECRETS, null, null, null, "limit=500"),
            Request.of("list", Api.CLUSTER_ROLE_BINDINGS, null, null, null, "limit=500"),
            Request.of("list", Api.NODES, null, null, null, "limit=500"),
            Request.of("list", Api.SECRETS, "kube-system", null, null, "limit=500"),
            Request.of("get", Api.CONFIG_MAPS, "kube-system", "aws-auth"),
            Request.of("list", Api.NAMESPACES, null, null, null, "limit=500"),
        };
        for (Request probe : probes) {
            at += scene.chance.between(12 * SECOND, 26 * SECOND);
            scene.refuse(thief, probe, at);
        }
        long first = at + scene.chance.between(15 * SECOND, 30 * SECOND);
        scene.call(thief, Request.of("list", Api.PODS, victim.team, null, null, "limit=500"), first);
        at = first;
        for (String name : new String[] {"payment-gateway-db", "cart-db"}) {
            at += scene.chance.between(20 * SECOND, 40 * SECOND);
            scene.call(thief, Request.of("get", Api.SECRETS, victim.team, name), at);
        }
        scene.tell(victim.session.canonicalArn(), thief, start, first);
    }

    static void mintedToken(Scene scene, long start) {
        Person insider = scene.staff.insider();
        Caller minter = insider.session.describe(
                insider.caller(insider.home, "kubectl/v1.30.5 (linux/amd64) kubernetes/74e84a9"));
        String id = scene.chance.uuid();
        scene.logs.authenticator.granted(insider.session, insider.username, insider.groups, start);
        scene.at(
                start + 2 * SECOND,
                now -> scene.logs.audit.issueToken(
                        minter,
                        Request.of("create", Api.SERVICE_ACCOUNTS, "ci", "gitlab-runner", "token", ""),
                        id,
                        now));
        String uid = scene.chance.uuid();
        Caller user = Caller.serviceAccount("ci", "gitlab-runner", uid, "192.0.2.77", "curl/8.5.0", "gitlab-runner")
                .credential("JTI=" + id);
        long used = start + scene.chance.between(6 * MINUTE, 20 * MINUTE);
        scene.call(user, Request.of("list", Api.PODS, "ci", null), used);
        scene.call(user, Request.of("get", Api.CONFIG_MAPS, "ci", "runner-config"), used + 25 * SECOND);
        scene.tell(user.username(), user, start + 2 * SECOND, used);
    }

    static void anonymousAccess(Scene scene, long start) {
        Caller stranger = new Caller(
                "system:anonymous",
                "",
                List.of("system:unauthenticated"),
                "192.0.2.90",
                "curl/8.5.0",
                "RBAC: allowed by ClusterRoleBinding \"debug\" of ClusterRole \"view\" to Group"
                        + " \"system:unauthenticated\"");
        scene.call(stranger, Request.of("list", Api.PODS, "web", null), start);
        scene.call(stranger, Request.of("list", Api.CONFIG_MAPS, "web", null), start + 20 * SECOND);
        scene.tell(stranger.username(), stranger, start, start);
    }

    /** Somebody with a developer's rights reads a pod's token, and uses it from elsewhere. */
    static void podToken(Scene scene, long start) {
        Person reader = scene.staff.tokenReader();
        Pod pod = scene.pod("data/events-api");
        Caller caller = scene.usual(reader, start);
        String file = "/var/run/secrets/kubernetes.io/serviceaccount/token";
        scene.exec(caller, pod, "/bin/cat", file, start + 5 * SECOND);
        scene.at(start + 6 * SECOND, now -> {
            ProcessLog.Running cat = scene.logs.processes.exec(pod, "/usr/bin/runc", "/bin/cat", file, false, now);
            scene.logs.processes.opens(cat, "/run/secrets/kubernetes.io/serviceaccount/token", now + 900);
            scene.logs.processes.exit(cat, 0, now + 3_000);
        });
        Caller thief = scene.asPod(pod, "192.0.2.148", "python-requests/2.31.0");
        long used = start + scene.chance.between(9 * MINUTE, 25 * MINUTE);
        scene.call(thief, Request.of("list", Api.PODS, "data", null), used);
        scene.refuse(thief, Request.of("list", Api.SECRETS, null, null), used + 11 * SECOND);
        scene.call(thief, Request.of("get", Api.SECRETS, "data", "events-api-db"), used + 40 * SECOND);
        scene.tell(thief.username(), thief, start, used);
    }
}
