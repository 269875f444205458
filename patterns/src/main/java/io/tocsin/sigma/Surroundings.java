package io.tocsin.sigma;

import io.tocsin.event.SecurityEvent;

/** Who is who and what is sensitive in the clusters of a run, as far as rules ask. */
public interface Surroundings {
    /** Whether this is the platform itself (a node, the control plane) where it belongs. */
    boolean isPlatformAtHome(SecurityEvent event);

    /** Whether the peer stands where the control plane is at home, or at an unknown address. */
    boolean isFromControlPlane(SecurityEvent event);

    /** Whether this is a listed deployer, from where it is listed. */
    boolean isDeployer(SecurityEvent event);

    /** Whether this is a listed issuer of tokens, from where it is listed. */
    boolean isTokenIssuer(SecurityEvent event);

    /** Whether a listed impersonator impersonates somebody, from where it is listed. */
    boolean isImpersonator(SecurityEvent event);

    /** Whether an app is sensitive: by its namespace, its name or the value of a label. */
    boolean isSensitiveApp(String cluster, String namespace, String name);

    /** Whether a path of a node is sensitive. */
    boolean isSensitiveHostPath(String cluster, String path);

    /** Whether a namespace is the platform's: one of Kubernetes' own, or one that is configured as such. */
    default boolean isSystemNamespace(String cluster, String namespace) {
        return switch (namespace) {
            case "kube-system", "kube-public", "kube-node-lease" -> true;
            default -> false;
        };
    }
}
