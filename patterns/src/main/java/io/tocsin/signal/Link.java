package io.tocsin.signal;

import java.time.Instant;

/**
 * What one event tells of how two things belong together, at its time: a log names a pod by its address, another by its name.
 *
 * @param kind what belongs to what
 * @param scope the cluster as state knows it
 * @param key the one thing: an address in canonical form, or a pod as {@code namespace/name}
 * @param value the other thing
 * @param time when it was so
 */
public record Link(Kind kind, String scope, String key, String value, Instant time) {

    /** What a link leads from and to. The names are state. */
    public enum Kind {
        /** From an address to the pod that has it. */
        POD_ADDRESS("pod-address", Thing.ADDRESS),
        /** From an address to the node that has it. */
        NODE_ADDRESS("node-address", Thing.ADDRESS),
        /** From a pod to the node it runs on. */
        POD_NODE("pod-node", Thing.POD),
        /** From a pod to what it belongs to, {@code Kind/name}. */
        POD_WORKLOAD("pod-workload", Thing.POD),
        /**
         * From an address to the pod whose token was used from there. Not known to be the pod's: many pods call through their node's
         * address, and whoever stole a token calls from his own.
         */
        CREDENTIAL_POD_PEER("credential-pod-peer", Thing.ADDRESS),
        /** From a pod to the service account it runs as, as a user name. */
        POD_SERVICE_ACCOUNT("pod-service-account", Thing.POD),
        /** From a workload, as {@link Links#workload} names it, to whoever wrote it last and is no part of the platform. */
        WORKLOAD_WRITER("workload-writer", Thing.WORKLOAD);

        private final String id;
        private final Thing of;

        Kind(String id, Thing of) {
            this.id = id;
            this.of = of;
        }

        /** What it leads from. */
        public Thing of() {
            return of;
        }

        public String id() {
            return id;
        }
    }

    /** What links lead from. The names are state. */
    public enum Thing {
        ADDRESS,
        POD,
        WORKLOAD
    }
}
