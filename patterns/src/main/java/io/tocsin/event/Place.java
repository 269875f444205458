package io.tocsin.event;

import org.jspecify.annotations.Nullable;

/**
 * Where in a cluster something happened, as far as it is known. Collectors and kernels tell this, not the workload itself.
 *
 * @param node the node's name
 * @param nodeAddress the node's address, canonical
 * @param pod the pod, {@code namespace/name} where both are known
 * @param podUid the pod's uid
 * @param podAddress the pod's address, canonical
 * @param container the container's name
 * @param image the container's image
 * @param workload what the pod belongs to, {@code Kind/name}, in the pod's namespace: {@code Deployment/web}, {@code Service/web}
 */
public record Place(
        @Nullable String node,
        @Nullable String nodeAddress,
        @Nullable String pod,
        @Nullable String podUid,
        @Nullable String podAddress,
        @Nullable String container,
        @Nullable String image,
        @Nullable String workload) {
    /** Nowhere known. */
    public static final Place NONE = new Place(null, null, null, null, null, null, null, null);

    /** On a node. */
    public static Place onNode(@Nullable String node) {
        return node == null ? NONE : new Place(node, null, null, null, null, null, null, null);
    }

    /** {@code namespace/name}; the name alone where there is no namespace, null where there is no name. */
    public static @Nullable String pod(@Nullable String namespace, @Nullable String name) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
    }

    /** The pod's namespace, null where it is not known. */
    public @Nullable String namespace() {
        int slash = pod == null ? -1 : pod.indexOf('/');
        return pod == null || slash < 0 ? null : pod.substring(0, slash);
    }

    /**
     * This place, with what another teller adds. They are not mixed within a pod: where both name a pod and the pods differ, this
     * one wins as a whole.
     */
    @SuppressWarnings("ReferenceEquality") // one that merely equals it is seen below
    public Place or(Place other) {
        if (this == NONE || other == NONE) {
            // Nearly always, and much cheaper to see than that they equal it.
            return this == NONE ? other : this;
        }
        if (other.equals(NONE) || equals(NONE)) {
            return equals(NONE) ? other : this;
        }
        if (pod != null && other.pod != null && !pod.equals(other.pod)) {
            return this;
        }
        return new Place(
                node != null ? node : other.node,
                nodeAddress != null ? nodeAddress : other.nodeAddress,
                pod != null ? pod : other.pod,
                podUid != null ? podUid : other.podUid,
                podAddress != null ? podAddress : other.podAddress,
                container != null ? container : other.container,
                image != null ? image : other.image,
                workload != null ? workload : other.workload);
    }
}
