package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Node;

/** Attacks on nodes: by guessing a password, and by asking for what a node's role may. */
final class NodeAttacks {
    private NodeAttacks() {}

    /** Somebody guesses until a password fits, and then asks the API as the node. */
    static void sshBreakIn(Scene scene, long start) {
        Node node = scene.cluster.nodes[2];
        String address = "192.0.2.119";
        NodeLog log = scene.logs.nodes;
        String[] users = {"root", "admin", "ec2-user", "ubuntu"};
        long at = start;
        for (int i = 0; i < 16; i++) {
            String user = users[i % users.length];
            String invalid = user.equals("root") || user.equals("ec2-user") ? "" : "invalid user ";
            int attempt = i;
            scene.at(at, now -> {
                String from = " from " + address + " port " + (50_000 + attempt) + " ssh2";
                log.sshd(node, 31_000 + attempt, "Failed password for " + invalid + user + from, now);
            });
            at += scene.chance.between(5 * SECOND, 12 * SECOND);
        }
        long in = at + 10 * SECOND;
        scene.at(in, now -> {
            log.sshd(node, 31_040, "Accepted password for ec2-user from " + address + " port 50040 ssh2", now);
            String opened = "pam_unix(sshd:session): session opened for user ec2-user(uid=1000) by (uid=0)";
            log.sshd(node, 31_040, opened, now + 50_000);
        });
        scene.at(in + 40 * SECOND, now -> log.sudo(node, "ec2-user", "/usr/bin/ctr -n k8s.io containers ls", now));
        scene.at(in + 70 * SECOND, now -> log.sudo(node, "ec2-user", "/usr/bin/cat /var/lib/kubelet/kubeconfig", now));
        Caller caller = scene.asNode(node, node.address(), Scene.KUBECTL);
        long used = in + scene.chance.between(3 * MINUTE, 6 * MINUTE);
        scene.call(caller, Request.of("list", Api.PODS, null, null, null, "limit=500"), used);
        scene.refuse(caller, Request.of("list", Api.SECRETS, null, null, null, "limit=500"), used + 20 * SECOND);
        scene.call(caller, Request.of("get", Api.SECRETS, "checkout", "cart-db"), used + 50 * SECOND);
        scene.tell(caller.username(), caller, start, used);
    }

    /** A service fetches the metadata address for a stranger, who then uses the node's role from elsewhere. */
    static void metadataRole(Scene scene, long start) {
        Pod pod = scene.pod("web/images");
        Node node = pod.node();
        String address = "192.0.2.171";
        String path = "/images/fetch?url=http://169.254.169.254/latest/meta-data/iam/security-credentials/";
        String agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        for (String role : new String[] {"", node.session.role()}) {
            long at = start + (role.isEmpty() ? 0 : 14 * SECOND);
            scene.at(at, now -> {
                scene.logs.ingress.request(address, "GET", path + role, 200, agent, pod, now);
                scene.logs.flows.toWorld(pod, "169.254.169.254", null, 80, now + 4_000);
            });
        }
        long used = start + scene.chance.between(5 * MINUTE, 15 * MINUTE);
        scene.at(used - 2 * SECOND, now -> {
            String parameters = "{\"name\":\"" + CloudTrailLog.CLUSTER + "\"}";
            String client = "aws-cli/2.15.0 md/awscrt#0.19.19 os/linux";
            scene.logs.cloudTrail.call(
                    node.session, address, client, "eks", "DescribeCluster", true, parameters, "null", now);
            scene.logs.authenticator.granted(
                    node.session, node.kubelet.username(), "system:bootstrappers system:nodes", now + SECOND);
        });
        Caller caller = scene.asNode(node, address, Scene.KUBECTL);
        scene.call(caller, Request.of("list", Api.PODS, null, null, null, "limit=500"), used);
        scene.call(caller, Request.of("get", Api.SECRETS, "web", "images-s3"), used + 30 * SECOND);
        scene.tell(caller.username(), caller, start, used);
    }
}
