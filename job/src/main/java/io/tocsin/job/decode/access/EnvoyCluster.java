package io.tocsin.job.decode.access;

import org.jspecify.annotations.Nullable;

/** Istio's names of upstream clusters: {@code outbound|80|v1|web.shop.svc.cluster.local}. */
final class EnvoyCluster {
    private EnvoyCluster() {}

    /** The service behind it, {@code Service/shop/web}; null if it is none of Kubernetes, or nobody named it so. */
    static @Nullable String service(@Nullable String cluster) {
        int bar = cluster == null ? -1 : cluster.lastIndexOf('|');
        if (cluster == null || bar < 0) {
            return null;
        }
        int first = cluster.indexOf('.', bar);
        int second = first < 0 ? -1 : cluster.indexOf('.', first + 1);
        boolean service = second > 0 && (cluster.startsWith("svc.", second + 1) || cluster.endsWith(".svc"));
        return service && first > bar + 1 && second > first + 1
                ? "Service/" + cluster.substring(first + 1, second) + "/" + cluster.substring(bar + 1, first)
                : null;
    }
}
