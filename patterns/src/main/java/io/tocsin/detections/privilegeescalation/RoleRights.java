package io.tocsin.detections.privilegeescalation;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Identities;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Keys;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How dangerous roles are: what requests about them tell, what the roles that Kubernetes brings along allow, and how grave a binding
 * is. Rights are written comma-separated; the empty string is a role without danger.
 */
final class RoleRights {
    /** The body of a write was cut off or left out for its size: what can be padded can be hidden. */
    static final String HIDDEN = "hidden";

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String CLUSTER_ROLE = "ClusterRole/";
    private static final Set<String> WRITES = Set.of("create", "update", "patch");

    private static final String IN_ONE_NAMESPACE =
            rights(ObjectBody.IMPERSONATE, ObjectBody.EXEC, ObjectBody.SECRETS, ObjectBody.TOKENS);
    private static final String ALL = rights(
            ObjectBody.EVERYTHING,
            ObjectBody.BIND,
            ObjectBody.ESCALATE,
            ObjectBody.IMPERSONATE,
            ObjectBody.KUBELETS,
            ObjectBody.EXEC,
            ObjectBody.SECRETS,
            ObjectBody.TOKENS);

    /** The cluster roles that Kubernetes brings along and that are dangerous; all others of {@code system:} are not. */
    private static final Map<String, String> BROUGHT_ALONG = Map.ofEntries(
            Map.entry("cluster-admin", ALL),
            Map.entry("admin", IN_ONE_NAMESPACE),
            Map.entry("edit", IN_ONE_NAMESPACE),
            Map.entry("view", ""),
            Map.entry("system:aggregate-to-admin", IN_ONE_NAMESPACE),
            Map.entry("system:aggregate-to-edit", IN_ONE_NAMESPACE),
            Map.entry("system:node", rights(ObjectBody.SECRETS, ObjectBody.TOKENS)),
            Map.entry("system:kube-controller-manager", rights(ObjectBody.SECRETS, ObjectBody.TOKENS)),
            Map.entry("system:kubelet-api-admin", ObjectBody.KUBELETS),
            Map.entry("system:controller:clusterrole-aggregation-controller", ObjectBody.ESCALATE),
            Map.entry("system:controller:expand-controller", ObjectBody.SECRETS),
            Map.entry("system:controller:generic-garbage-collector", ObjectBody.SECRETS),
            Map.entry("system:controller:legacy-service-account-token-cleaner", ObjectBody.SECRETS),
            Map.entry("system:controller:namespace-controller", ObjectBody.SECRETS),
            Map.entry("system:controller:persistent-volume-binder", ObjectBody.SECRETS),
            Map.entry("system:controller:resourcequota-controller", ObjectBody.SECRETS));

    private RoleRights() {}

    private static String rights(String... rights) {
        return String.join(",", rights);
    }

    /** Whether a role was written or read, and what it allows was seen, or was hidden. */
    static boolean areTold(SecurityEvent event) {
        return isAbout(event, "clusterroles", "roles")
                && event.name() != null
                && (event.body().contentSeen() || isHidden(event));
    }

    private static boolean isHidden(SecurityEvent event) {
        return event.truncated() && isWrite(event);
    }

    /** What a role allows, as a request about it tells. */
    static String of(SecurityEvent event) {
        return event.body().contentSeen() ? String.join(",", event.body().rights()) : HIDDEN;
    }

    /** Whether a request about a role is none by which somebody gave it rights: it reads it, or is the platform's own. */
    static boolean isStanding(SecurityEvent event, Identities identities) {
        return !isWrite(event) || isControlPlanes(event, identities);
    }

    /** Whether a role was bound, by anybody but the control plane, which restores its own bindings. */
    static boolean isBinding(SecurityEvent event, Identities identities) {
        return isAbout(event, "clusterrolebindings", "rolebindings")
                && isWrite(event)
                && !isControlPlanes(event, identities);
    }

    private static boolean isControlPlanes(SecurityEvent event, Identities identities) {
        return Identities.isControlPlane(event.user()) && identities.isPlatformAtHome(event);
    }

    private static boolean isAbout(SecurityEvent event, String cluster, String namespace) {
        return GROUP.equals(event.apiGroup())
                && event.subresource() == null
                && (cluster.equals(event.resource()) || namespace.equals(event.resource()));
    }

    private static boolean isWrite(SecurityEvent event) {
        return event.verb() != null && WRITES.contains(event.verb());
    }

    /**
     * The role that a request writes, reads or binds. A binding that doesn't tell its role, such as a patch that adds a subject, binds
     * one that nothing is known of.
     */
    static List<String> role(SecurityEvent event) {
        String resource = event.resource() == null ? "" : event.resource();
        String namespace = event.namespace() == null ? "" : event.namespace();
        String name = event.name() == null ? "" : event.name();
        return switch (resource) {
            case "clusterroles" -> List.of(key(event, CLUSTER_ROLE + name, ""));
            case "roles" -> List.of(key(event, "Role/" + name, namespace));
            default -> {
                String role = boundRole(event);
                boolean ofCluster = role.startsWith(CLUSTER_ROLE);
                yield List.of(key(event, role, ofCluster ? "" : namespace));
            }
        };
    }

    private static String key(SecurityEvent event, String role, String namespace) {
        return Keys.of(event.scope(), "role", namespace, role);
    }

    private static String boundRole(SecurityEvent event) {
        String role = event.body().role();
        return role == null ? "that of " + event.resource() + " " + event.name() : role;
    }

    /** What a binding is: the namespace it holds in, empty for all of the cluster, and the role. */
    static String binding(SecurityEvent event) {
        boolean everywhere = "clusterrolebindings".equals(event.resource());
        String namespace = event.namespace() == null ? "" : event.namespace();
        return Keys.of(everywhere ? "" : namespace, boundRole(event));
    }

    /** Whether the role that is bound is not known to be harmless by its name. */
    static boolean maybeDangerous(SecurityEvent event) {
        String role = event.body().role();
        return role == null || !"".equals(byName(role));
    }

    /** What a role allows that Kubernetes brings along; null for any other. */
    private static @Nullable String byName(String role) {
        if (!role.startsWith(CLUSTER_ROLE)) {
            return null;
        }
        String name = role.substring(CLUSTER_ROLE.length());
        String known = BROUGHT_ALONG.get(name);
        return known != null || !name.startsWith("system:") ? known : "";
    }

    /**
     * A binding with what is known of its role.
     *
     * @param namespace where it holds; empty for all of the cluster
     * @param role the role, {@code ClusterRole/name} or {@code Role/name}
     * @param rights what the role allows; null where that was never seen
     */
    record Grant(String namespace, String role, @Nullable String rights) {
        /** Of the value of a signal that knows its cause. */
        static Grant of(@Nullable String value) {
            List<String> parts = Keys.parts(value == null ? "" : value);
            List<String> binding = Keys.parts(parts.get(0));
            String role = binding.size() > 1 ? binding.get(1) : "";
            return new Grant(binding.get(0), role, parts.size() > 1 ? parts.get(1) : byName(role));
        }

        private boolean allowsEverything() {
            return rights != null && Arrays.asList(rights.split(",", -1)).contains(ObjectBody.EVERYTHING);
        }

        /**
         * How grave it is. In all of the cluster: critical for everything, medium for what was never seen, else high. In one
         * namespace: as high in kube-system, whose secrets and pods are the cluster's; low for what was never seen; informational
         * for the roles made to be given there; else medium.
         *
         * @param written whether the role was written lately
         */
        Severity severity(boolean written) {
            if (namespace.isEmpty()) {
                return rights == null ? Severity.MEDIUM : allowsEverything() ? Severity.CRITICAL : Severity.HIGH;
            }
            if (rights == null) {
                return Severity.LOW;
            }
            boolean usual = role.equals(CLUSTER_ROLE + "admin") || role.equals(CLUSTER_ROLE + "edit");
            if (namespace.equals("kube-system")) {
                return Severity.HIGH;
            }
            return usual && !written ? Severity.INFORMATIONAL : Severity.MEDIUM;
        }

        /** In words. */
        String text() {
            String what = rights == null
                    ? "what it allows was never seen"
                    : rights.equals(HIDDEN) ? "what it allows was cut off" : rights.replace(",", ", ");
            return role + " (" + what + ")" + (namespace.isEmpty() ? "" : " in namespace " + namespace);
        }
    }
}
