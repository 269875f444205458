package io.tocsin.event;

/** Where a peer address stands relative to the cluster it calls. */
public enum Zone {
    /** In the cluster's ranges: nodes and pods. */
    CLUSTER,
    /** In the control plane's ranges: the API server's own components. */
    CONTROL_PLANE,
    /** In none of them. */
    OUTSIDE,
    /** The record names no peer address: neither inside nor outside. Exemptions hold, address detections are blind. */
    UNKNOWN;

    /** Whether the address is known to be inside. */
    public boolean inside() {
        return this == CLUSTER || this == CONTROL_PLANE;
    }

    /** Whether an exemption bound to the inside holds: inside, or not known. */
    public boolean insideOrUnknown() {
        return this != OUTSIDE;
    }
}
