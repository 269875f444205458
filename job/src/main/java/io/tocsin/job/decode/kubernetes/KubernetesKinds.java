package io.tocsin.job.decode.kubernetes;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Kinds of objects and the resources of the API that hold them. */
final class KubernetesKinds {
    private static final Set<String> WORKLOADS =
            Set.of("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job", "CronJob");

    /** The plurals that are more than the kind with an s. */
    private static final Map<String, String> IRREGULAR = Map.of(
            "Endpoints", "endpoints",
            "EndpointSlice", "endpointslices",
            "Ingress", "ingresses",
            "IngressClass", "ingressclasses",
            "NetworkPolicy", "networkpolicies",
            "PriorityClass", "priorityclasses",
            "RuntimeClass", "runtimeclasses",
            "StorageClass", "storageclasses",
            "ValidatingAdmissionPolicy", "validatingadmissionpolicies");

    private static final Set<String> REGULAR = Set.of(
            "CertificateSigningRequest",
            "ClusterRole",
            "ClusterRoleBinding",
            "ConfigMap",
            "CronJob",
            "CustomResourceDefinition",
            "DaemonSet",
            "Deployment",
            "Event",
            "HorizontalPodAutoscaler",
            "Job",
            "Lease",
            "LimitRange",
            "MutatingWebhookConfiguration",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodDisruptionBudget",
            "PodTemplate",
            "ReplicaSet",
            "ReplicationController",
            "ResourceQuota",
            "Role",
            "RoleBinding",
            "Secret",
            "Service",
            "ServiceAccount",
            "StatefulSet",
            "ValidatingWebhookConfiguration",
            "VolumeAttachment");

    private KubernetesKinds() {}

    /** The resource of a kind Kubernetes brings; of another the kind in lower case, since only its definition has its plural. */
    static String resource(String kind) {
        String irregular = IRREGULAR.get(kind);
        if (irregular != null) {
            return irregular;
        }
        String lower = kind.toLowerCase(Locale.ROOT);
        return REGULAR.contains(kind) ? lower + "s" : lower;
    }

    /** Whether pods belong to it. */
    static boolean isWorkload(String kind) {
        return WORKLOADS.contains(kind);
    }
}
