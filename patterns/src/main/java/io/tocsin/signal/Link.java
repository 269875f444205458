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
        POD_ADDRESS("pod-address"),
        /** From an address to the node that has it. */
        NODE_ADDRESS("node-address"),
        /** From a pod to the node it runs on. */
        POD_NODE("pod-node"),
        /** From a pod to what it belongs to, {@code Kind/name}. */
        POD_WORKLOAD("pod-workload"),
        /**
         * From an address to the pod whose token was used from there. Not known to be the pod's: many pods call through their node's
         * address, and whoever stole a token calls from his own.
         */
        CREDENTIAL_POD_PEER("credential-pod-peer");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        public String id() {
            return id;
        }
    }
}
