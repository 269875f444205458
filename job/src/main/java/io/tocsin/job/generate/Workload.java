package io.tocsin.job.generate;

/**
 * What pods are made from.
 *
 * @param namespace its namespace
 * @param name its name; its application label too
 * @param kind {@code Deployment}, {@code StatefulSet}, {@code DaemonSet} or {@code Job}
 * @param binary what its container runs
 * @param port the port it serves on; 0 if it serves none
 */
record Workload(String namespace, String name, String kind, String binary, int port) {
    static final String REGISTRY = IamSession.ACCOUNT + ".dkr.ecr.eu-central-1.amazonaws.com/";

    /** {@code namespace/name}. */
    String key() {
        return namespace + "/" + name;
    }

    String image() {
        return REGISTRY + namespace + "/" + name + ":2026.3." + (1 + (name.length() * 7) % 20);
    }

    /** What runs it is an interpreter or a server that people attack through the ingress. */
    boolean isJava() {
        return binary.endsWith("java");
    }
}
