package io.tocsin.job.generate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cluster's standing parts: nodes, namespaces, applications, the control plane's callers. */
final class Cluster {
    static final String VERSION = "v1.31.4";
    static final String DOMAIN = ".eu-central-1.compute.internal";

    /** An application of a team, which calls no API. */
    record Application(String namespace, String name) {}

    static final Application[] APPLICATIONS = {
        new Application("checkout", "cart"),
        new Application("checkout", "checkout-api"),
        new Application("checkout", "payment-gateway"),
        new Application("checkout", "fraud-check"),
        new Application("ledger", "ledger-api"),
        new Application("ledger", "posting"),
        new Application("ledger", "reconciler"),
        new Application("ledger", "statements"),
        new Application("web", "storefront"),
        new Application("web", "search"),
        new Application("web", "recommendations"),
        new Application("web", "images"),
        new Application("ml", "feature-store"),
        new Application("ml", "scorer"),
        new Application("data", "events-api"),
        new Application("data", "exporter")
    };

    static final String[] TEAMS = {"checkout", "ledger", "web", "ml", "data"};

    static final String[] CONTROLLERS = {
        "replicaset-controller",
        "deployment-controller",
        "endpointslice-controller",
        "endpoint-controller",
        "generic-garbage-collector",
        "job-controller",
        "cronjob-controller",
        "ttl-after-finished-controller",
        "node-controller",
        "resourcequota-controller",
        "service-account-controller",
        "daemon-set-controller",
        "statefulset-controller",
        "horizontal-pod-autoscaler",
        "disruption-controller",
        "pod-garbage-collector",
        "persistent-volume-binder",
        "root-ca-cert-publisher",
        "namespace-controller",
        "clusterrole-aggregation-controller"
    };

    /** A node and the kubelet on it, which is known by the instance's IAM role. */
    static final class Node {
        final String name;
        final String uid;
        final Caller kubelet;
        final IamSession session;
        private final int index;
        private int podAddresses;

        private Node(int index, String address, Chance chance, String roleId) {
            this.index = index;
            this.name = "ip-" + address.replace('.', '-') + DOMAIN;
            this.uid = chance.uuid();
            this.session = new IamSession("eks-workers", roleId, "i-0" + chance.hex(16), chance.awsId("ASIA"));
            this.kubelet = session.describe(new Caller(
                    "system:node:" + name,
                    session.uid(),
                    List.of("system:bootstrappers", "system:nodes", "system:authenticated"),
                    address,
                    "kubelet/" + VERSION + "-eks-aeac579 (linux/amd64) kubernetes/fdb8c3d",
                    ""));
        }

        String address() {
            return kubelet.address();
        }

        /** An address for a new pod; used again when the node's range is used up. */
        String nextPodAddress() {
            podAddresses = podAddresses % 250 + 1;
            return "10.0." + (100 + index) + "." + (podAddresses + 2);
        }
    }

    final Node[] nodes;
    final Caller controllerManager;
    final Caller scheduler;
    final Caller[] apiServers;

    private final Map<String, Caller> controllers = new HashMap<>();

    Cluster(Chance chance) {
        String roleId = chance.awsId("AROA");
        List<Node> found = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            String address = "10.0." + (16 + 16 * (i % 3)) + "." + (11 + 23 * i + chance.below(20));
            found.add(new Node(i, address, chance, roleId));
        }
        nodes = found.toArray(Node[]::new);
        String leader = "10.0.3.41";
        List<String> authenticated = List.of("system:authenticated");
        String agent = "kube-controller-manager/" + VERSION + " (linux/amd64) kubernetes/a57b6f7";
        controllerManager = new Caller(
                        "system:kube-controller-manager",
                        "",
                        authenticated,
                        leader,
                        agent + "/leader-election",
                        reason("system:kube-controller-manager"))
                .credential("X509SHA256=" + chance.hex(64));
        scheduler = new Caller(
                        "system:kube-scheduler",
                        "",
                        authenticated,
                        leader,
                        "kube-scheduler/" + VERSION + " (linux/amd64) kubernetes/a57b6f7/leader-election",
                        reason("system:kube-scheduler"))
                .credential("X509SHA256=" + chance.hex(64));
        apiServers = new Caller[2];
        for (int i = 0; i < apiServers.length; i++) {
            apiServers[i] = new Caller(
                    "system:apiserver",
                    chance.uuid(),
                    List.of("system:masters", "system:authenticated"),
                    "::1",
                    "kube-apiserver/" + VERSION + " (linux/amd64) kubernetes/a57b6f7",
                    "");
        }
        for (String name : CONTROLLERS) {
            controllers.put(
                    name,
                    Caller.serviceAccount(
                                    "kube-system",
                                    name,
                                    chance.uuid(),
                                    leader,
                                    agent + "/system:serviceaccount:kube-system:" + name,
                                    "system:controller:" + name)
                            .credential("JTI=" + chance.uuid()));
        }
    }

    /** A controller of kube-controller-manager, by the name of its service account. */
    Caller controller(String name) {
        Caller caller = controllers.get(name);
        if (caller == null) {
            throw new IllegalStateException("no such controller: " + name);
        }
        return caller;
    }

    private static String reason(String binding) {
        return "RBAC: allowed by ClusterRoleBinding \"%s\" of ClusterRole \"%s\" to User \"%s\""
                .formatted(binding, binding, binding);
    }
}
