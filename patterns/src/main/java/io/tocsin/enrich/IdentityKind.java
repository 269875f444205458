package io.tocsin.enrich;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an identity is, by its name alone. Whoever holds the name may be somebody else: look at where it comes from, too. */
public enum IdentityKind {
    /** Nobody authenticated. */
    ANONYMOUS,
    /** A name that neither Kubernetes nor EKS reserves: a person, or a program with a person's account. */
    PERSON,
    SERVICE_ACCOUNT,
    NODE,
    /** The control plane's components and the controllers that run in it. */
    CONTROL_PLANE,
    /** Any other reserved name. */
    PLATFORM;

    private static final String ACCOUNT = "system:serviceaccount:";

    private static final Set<String> COMPONENTS = Set.of(
            "system:apiserver",
            "system:kube-controller-manager",
            "system:kube-scheduler",
            "system:cloud-controller-manager",
            "system:aws-cloud-provider",
            "system:konnectivity-server",
            "eks:kube-controller-manager",
            "eks:cloud-controller-manager");

    /** The controllers that kube-controller-manager runs, each with a service account of its own. */
    private static final Set<String> BUILT_IN_CONTROLLERS = Set.of(
            "attachdetach-controller",
            "certificate-controller",
            "clusterrole-aggregation-controller",
            "cronjob-controller",
            "daemon-set-controller",
            "deployment-controller",
            "device-taint-eviction-controller",
            "disruption-controller",
            "endpoint-controller",
            "endpointslice-controller",
            "endpointslicemirroring-controller",
            "ephemeral-volume-controller",
            "expand-controller",
            "generic-garbage-collector",
            "horizontal-pod-autoscaler",
            "job-controller",
            "legacy-service-account-token-cleaner",
            "namespace-controller",
            "node-controller",
            "persistent-volume-binder",
            "pod-garbage-collector",
            "pv-protection-controller",
            "pvc-protection-controller",
            "replicaset-controller",
            "replication-controller",
            "resource-claim-controller",
            "resourcequota-controller",
            "root-ca-cert-publisher",
            "route-controller",
            "selinux-warning-controller",
            "service-account-controller",
            "service-cidrs-controller",
            "service-controller",
            "statefulset-controller",
            "storage-version-garbage-collector",
            "storage-version-migrator-controller",
            "taint-eviction-controller",
            "token-cleaner",
            "ttl-after-finished-controller",
            "ttl-controller",
            "validatingadmissionpolicy-status-controller",
            "vac-protection-controller");

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The kind of a user; null where nobody is named. */
    public static @Nullable IdentityKind of(@Nullable String user) {
        if (user == null || user.isEmpty()) {
            return null;
        }
        if (!isSystem(user)) {
            return PERSON;
        }
        if (isAnonymous(user)) {
            return ANONYMOUS;
        }
        if (isControlPlane(user)) {
            return CONTROL_PLANE;
        }
        if (isNode(user)) {
            return NODE;
        }
        return isServiceAccount(user) ? SERVICE_ACCOUNT : PLATFORM;
    }

    /** How rules write it: {@code service-account}. */
    public String id() {
        return id;
    }

    /** Whether the name is a node's: its origin is not looked at. */
    public static boolean isNode(@Nullable String user) {
        return user != null && user.startsWith("system:node:");
    }

    /** Whether the name is a service account's. */
    public static boolean isServiceAccount(@Nullable String user) {
        return user != null && user.startsWith(ACCOUNT);
    }

    /** Whether nobody authenticated. */
    public static boolean isAnonymous(@Nullable String user) {
        return "system:anonymous".equals(user);
    }

    /** Whether the name is the control plane's own: its components and the controllers that run in it. */
    public static boolean isControlPlane(@Nullable String user) {
        if (user == null) {
            return false;
        }
        if (COMPONENTS.contains(user)) {
            return true;
        }
        String prefix = ACCOUNT + "kube-system:";
        return user.startsWith(prefix) && BUILT_IN_CONTROLLERS.contains(user.substring(prefix.length()));
    }

    /**
     * Whether the name belongs to the platform and not to a person: {@code system:}, which Kubernetes reserves, and {@code eks:},
     * which EKS does.
     */
    public static boolean isSystem(@Nullable String user) {
        return user != null && (user.startsWith("system:") || user.startsWith("eks:"));
    }

    /** The namespace of a service account, or null. */
    public static @Nullable String serviceAccountNamespace(@Nullable String user) {
        if (!isServiceAccount(user) || user == null) {
            return null;
        }
        int end = user.indexOf(':', ACCOUNT.length());
        return end < 0 ? null : user.substring(ACCOUNT.length(), end);
    }
}
