package io.tocsin.job.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cluster's standing parts: nodes, namespaces, applications, the control plane's callers. */
final class Cluster {
    static final String VERSION = "v1.31.4";
    static final String DOMAIN = ".eu-central-1.compute.internal";

    /** An application of a team. */
    record Application(String namespace, String name, String binary) {
        Workload workload() {
            return new Workload(namespace, name, "Deployment", binary, 8080);
        }
    }

    private static final String JAVA = "/opt/java/openjdk/bin/java";
    private static final String PYTHON = "/usr/local/bin/python3";

    static final Application[] APPLICATIONS = {
        new Application("checkout", "cart", JAVA),
        new Application("checkout", "checkout-api", JAVA),
        new Application("checkout", "payment-gateway", JAVA),
        new Application("checkout", "fraud-check", PYTHON),
        new Application("ledger", "ledger-api", JAVA),
        new Application("ledger", "posting", JAVA),
        new Application("ledger", "reconciler", JAVA),
        new Application("ledger", "statements", PYTHON),
        new Application("web", "storefront", "/usr/local/bin/node"),
        new Application("web", "search", JAVA),
        new Application("web", "recommendations", PYTHON),
        new Application("web", "images", "/app/images"),
        new Application("ml", "feature-store", JAVA),
        new Application("ml", "scorer", PYTHON),
        new Application("data", "events-api", "/app/events-api"),
        new Application("data", "exporter", "/app/exporter")
    };

    /** Nodes that are always there, the first of all; the autoscaler adds others. */
    static final int STANDING_NODES = 9;

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
        private final BitSet taken = new BitSet();
        private int lastAddress = 2;

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

        /** An address for a new pod: one that no running pod has, and that was free for the longest time. */
        String nextPodAddress() {
            do {
                lastAddress = lastAddress == 252 ? 3 : lastAddress + 1;
            } while (taken.get(lastAddress));
            taken.set(lastAddress);
            return "10.0." + (100 + index) + "." + lastAddress;
        }

        /** A pod has ended; its address may be given to another one. */
        void release(String address) {
            if (!address.equals(address())) {
                taken.clear(Integer.parseInt(address.substring(address.lastIndexOf('.') + 1)));
            }
        }
    }

    /** Those in the cluster now. */
    Node[] nodes;

    final Fleet fleet = new Fleet();
    private final String nodeRoleId;
    private int nodesEver;

    final Caller controllerManager;
    final Caller scheduler;
    final Caller[] apiServers;

    private final Map<String, Caller> controllers = new HashMap<>();

    Cluster(Chance chance) {
        nodeRoleId = chance.awsId("AROA");
        List<Node> found = new ArrayList<>();
        for (int i = 0; i < STANDING_NODES; i++) {
            found.add(newNode(chance));
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

    private Node newNode(Chance chance) {
        int i = nodesEver++;
        String address = "10.0." + (16 + 16 * (i % 3) + i / 10) + "." + (11 + 23 * (i % 10) + chance.below(20));
        return new Node(i % 150, address, chance, nodeRoleId);
    }

    /** A node that the autoscaler adds; the scheduler may use it from now on. */
    Node join(Chance chance) {
        Node node = newNode(chance);
        nodes = Arrays.copyOf(nodes, nodes.length + 1);
        nodes[nodes.length - 1] = node;
        return node;
    }

    /** The scheduler no longer uses this node. */
    void leave(Node node) {
        nodes = Arrays.stream(nodes).filter(each -> each != node).toArray(Node[]::new);
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
