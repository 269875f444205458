package io.tocsin.detection;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import io.tocsin.network.Network;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Who is who: the kinds of identity, and the lists of those who may do what others may not. Every exemption binds an identity and
 * an origin, because the name of a controller used from outside is the attack.
 */
public final class Identities implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final String FORM =
            "Each entry is a user name (* at its end matches any rest), or NAME from RANGE RANGE..., comma-separated; without"
                    + " a range it holds from inside the cluster and where the address is unknown.";

    public static final ConfigOption<String> CD = ConfigOptions.key("identities.cd")
            .stringType()
            .defaultValue("")
            .withDescription("Deployers, whose deletions are their work. " + FORM);

    public static final ConfigOption<String> TOKEN_ISSUERS = ConfigOptions.key("identities.token-issuers")
            .stringType()
            .defaultValue("")
            .withDescription("Who may request tokens for service accounts, such as External Secrets or Vault. " + FORM);

    /** All lists. */
    public static final List<ConfigOption<?>> OPTIONS = List.of(CD, TOKEN_ISSUERS);

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private static final Set<String> CONTROL_PLANE = Set.of(
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

    private final List<Entry> cd;
    private final List<Entry> tokenIssuers;
    private final ControlPlaneKnown controlPlaneKnown;

    private Identities(List<Entry> cd, List<Entry> tokenIssuers, ControlPlaneKnown controlPlaneKnown) {
        this.controlPlaneKnown = controlPlaneKnown;
        this.cd = cd;
        this.tokenIssuers = tokenIssuers;
    }

    /**
     * Reads the lists.
     *
     * @throws IllegalArgumentException naming the key and the entry that is no identity
     */
    public static Identities of(ReadableConfig config) {
        return of(config, cluster -> false);
    }

    /**
     * Reads the lists.
     *
     * @param controlPlaneKnown whether a cluster's control plane ranges were given, so that only they are the control plane's home
     * @throws IllegalArgumentException naming the key and the entry that is no identity
     */
    public static Identities of(ReadableConfig config, ControlPlaneKnown controlPlaneKnown) {
        return new Identities(entries(config, CD), entries(config, TOKEN_ISSUERS), controlPlaneKnown);
    }

    /** Which clusters' control plane ranges were given. */
    @FunctionalInterface
    public interface ControlPlaneKnown extends Serializable {
        boolean in(String cluster);
    }

    /**
     * Whether this is the platform itself, where it belongs: a node inside, or the control plane in its own ranges (in the cluster's
     * too while its own are not given), or either at an unknown address. Not whoever impersonates one.
     */
    public boolean isPlatformAtHome(SecurityEvent event) {
        if (event.impersonator() != null || !event.zone().insideOrUnknown()) {
            return false;
        }
        return isNode(event.user())
                || (isControlPlane(event.user())
                        && (event.zone() != Zone.CLUSTER || !controlPlaneKnown.in(event.cluster())));
    }

    /** Whether this is a listed deployer, from where it is listed. */
    public boolean isDeployer(SecurityEvent event) {
        return listed(cd, event);
    }

    /** Whether this is a listed issuer of tokens, from where it is listed. */
    public boolean isTokenIssuer(SecurityEvent event) {
        return listed(tokenIssuers, event);
    }

    /** Whether the name is a node's: its origin is not looked at. */
    public static boolean isNode(@Nullable String user) {
        return user != null && user.startsWith("system:node:");
    }

    /** Whether the name is a service account's. */
    public static boolean isServiceAccount(@Nullable String user) {
        return user != null && user.startsWith(SERVICE_ACCOUNT);
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
        if (CONTROL_PLANE.contains(user)) {
            return true;
        }
        String prefix = SERVICE_ACCOUNT + "kube-system:";
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
        int end = user.indexOf(':', SERVICE_ACCOUNT.length());
        return end < 0 ? null : user.substring(SERVICE_ACCOUNT.length(), end);
    }

    private static boolean listed(List<Entry> entries, SecurityEvent event) {
        for (Entry entry : entries) {
            if (entry.holds(event)) {
                return true;
            }
        }
        return false;
    }

    private static List<Entry> entries(ReadableConfig config, ConfigOption<String> option) {
        List<Entry> entries = new ArrayList<>();
        for (String text : config.get(option).split(",", -1)) {
            if (!text.isBlank()) {
                entries.add(Entry.parse(option.key(), text.trim()));
            }
        }
        return entries;
    }

    private record Entry(String name, boolean prefix, List<String> ranges) implements Serializable {
        static Entry parse(String key, String text) {
            String[] parts = text.split("\\s+");
            if (parts.length == 2 || (parts.length > 2 && !parts[1].equals("from"))) {
                throw new IllegalArgumentException("%s must be NAME or NAME from RANGE...: %s".formatted(key, text));
            }
            List<String> ranges = List.of(parts).subList(Math.min(2, parts.length), parts.length);
            for (String range : ranges) {
                try {
                    Network.range(range);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("%s: %s".formatted(key, e.getMessage()), e);
                }
            }
            boolean prefix = parts[0].endsWith("*");
            if (parts[0].equals("*")) {
                throw new IllegalArgumentException("%s must name an identity, not everybody: %s".formatted(key, text));
            }
            String name = prefix ? parts[0].substring(0, parts[0].length() - 1) : parts[0];
            return new Entry(name, prefix, List.copyOf(ranges));
        }

        boolean holds(SecurityEvent event) {
            // Whoever impersonates is who acts; to take a listed name is no way into the list. Nobody in particular is
            // never listed.
            String user = event.impersonator() != null ? event.impersonator() : event.user();
            return !isAnonymous(user) && (matches(user) || matches(event.arn())) && from(event);
        }

        private boolean matches(@Nullable String user) {
            return user != null && (prefix ? user.startsWith(name) : user.equals(name));
        }

        private boolean from(SecurityEvent event) {
            if (ranges.isEmpty()) {
                return event.zone().insideOrUnknown();
            }
            IPAddress address = new IPAddressString(event.peer() == null ? "" : event.peer()).getAddress();
            if (address == null || event.peer() == null) {
                return event.zone().insideOrUnknown();
            }
            for (String range : ranges) {
                IPAddress block = Network.range(range);
                if (block.getIPVersion() == address.getIPVersion() && block.contains(address)) {
                    return true;
                }
            }
            return false;
        }
    }
}
