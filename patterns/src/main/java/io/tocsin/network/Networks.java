package io.tocsin.network;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** The network of each cluster: one default, and what the configuration file says of clusters by name. */
public final class Networks implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Network byDefault;
    private final HashMap<String, Network> byCluster;

    public Networks(Network byDefault, Map<String, Network> byCluster) {
        this.byDefault = byDefault;
        this.byCluster = new HashMap<>(byCluster);
    }

    public static Networks defaults() {
        return new Networks(Network.defaults(), Map.of());
    }

    /** The network of the cluster of this name. */
    public Network of(String cluster) {
        return byCluster.getOrDefault(cluster, byDefault);
    }
}
