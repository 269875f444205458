package io.tocsin.detection;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.tocsin.enrich.IdentityKind;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import io.tocsin.network.Network;
import io.tocsin.sigma.Surroundings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Who is who: the kinds of identity, and the lists of those who may do what others may not; with them the lists of what is
 * sensitive. A cluster may have lists of its own. Every exemption binds an identity and an origin, because the name of a
 * controller used from outside is the attack.
 */
public final class Identities implements Serializable, Surroundings {
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

    public static final ConfigOption<String> IMPERSONATORS = ConfigOptions.key("identities.impersonators")
            .stringType()
            .defaultValue("")
            .withDescription("Who impersonates others as its work, such as Teleport or Rancher. " + FORM);

    /** All lists; each may differ by cluster. */
    public static final List<ConfigOption<String>> OPTIONS =
            List.of(CD, TOKEN_ISSUERS, IMPERSONATORS, SensitiveApps.OPTION, SensitiveHostPaths.OPTION);

    private final Lists lists;
    private final HashMap<String, Lists> byCluster;
    private final ControlPlaneKnown controlPlaneKnown;
    private final ArrayList<Glob> platformNamespaces;

    private Identities(
            Lists lists,
            Map<String, Lists> byCluster,
            ControlPlaneKnown controlPlaneKnown,
            List<Glob> platformNamespaces) {
        this.lists = lists;
        this.byCluster = new HashMap<>(byCluster);
        this.controlPlaneKnown = controlPlaneKnown;
        this.platformNamespaces = new ArrayList<>(platformNamespaces);
    }

    /**
     * Reads the lists.
     *
     * @throws IllegalArgumentException naming the key and the entry that is no identity
     */
    public static Identities of(ReadableConfig config) {
        return of(config, Map.of(), cluster -> false);
    }

    /**
     * Reads the lists.
     *
     * @param clusters the clusters that differ, by name: for each the whole of its parameters
     * @param controlPlaneKnown whether a cluster's control plane ranges were given, so that only they are the control plane's home
     * @throws IllegalArgumentException naming the key and the entry that is no identity
     */
    public static Identities of(
            ReadableConfig config,
            Map<String, ? extends ReadableConfig> clusters,
            ControlPlaneKnown controlPlaneKnown) {
        HashMap<String, Lists> byCluster = new HashMap<>();
        clusters.forEach((cluster, own) -> byCluster.put(cluster, Lists.of(own)));
        return new Identities(Lists.of(config), byCluster, controlPlaneKnown, List.of());
    }

    /** The same, where these namespaces (globs) are the platform's beside Kubernetes' own. */
    public Identities withPlatformNamespaces(List<String> namespaces) {
        return new Identities(
                lists,
                byCluster,
                controlPlaneKnown,
                namespaces.stream().map(Glob::new).toList());
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
    @Override
    public boolean isPlatformAtHome(SecurityEvent event) {
        if (event.impersonator() != null || !event.zone().insideOrUnknown()) {
            return false;
        }
        return isNode(event.user()) || (isControlPlane(event.user()) && isFromControlPlane(event));
    }

    /**
     * Whether the peer stands where the control plane is at home: in its own ranges, in the cluster's too while its own are not
     * given, or at an unknown address.
     */
    @Override
    public boolean isFromControlPlane(SecurityEvent event) {
        return event.zone().insideOrUnknown()
                && (event.zone() != Zone.CLUSTER || !controlPlaneKnown.in(event.cluster()));
    }

    /** Whether a cluster's own control plane ranges were given; while not, its cluster ranges serve for them. */
    public boolean knowsControlPlaneOf(String cluster) {
        return controlPlaneKnown.in(cluster);
    }

    /** Whether this is a listed deployer, from where it is listed. */
    @Override
    public boolean isDeployer(SecurityEvent event) {
        return listed(of(event.cluster()).cd(), event);
    }

    /** Whether this is a listed issuer of tokens, from where it is listed. */
    @Override
    public boolean isTokenIssuer(SecurityEvent event) {
        return listed(of(event.cluster()).tokenIssuers(), event);
    }

    /**
     * Whether a listed impersonator impersonates somebody here, from where it is listed: who is impersonated is then no news, and
     * the address is the impersonator's and tells nothing of them.
     */
    @Override
    public boolean isImpersonator(SecurityEvent event) {
        return event.impersonator() != null && listed(of(event.cluster()).impersonators(), event);
    }

    /** The apps that are sensitive in a cluster. */
    public SensitiveApps sensitiveApps(String cluster) {
        return of(cluster).apps();
    }

    /** The paths of nodes that are sensitive in a cluster. */
    public SensitiveHostPaths sensitiveHostPaths(String cluster) {
        return of(cluster).hostPaths();
    }

    @Override
    public boolean isSensitiveApp(String cluster, String namespace, String name) {
        return sensitiveApps(cluster).of(namespace, name) != null;
    }

    @Override
    public boolean isSensitiveHostPath(String cluster, String path) {
        return sensitiveHostPaths(cluster).of(path) != null;
    }

    @Override
    public boolean isSystemNamespace(String cluster, String namespace) {
        if (Surroundings.super.isSystemNamespace(cluster, namespace)) {
            return true;
        }
        for (int i = 0; i < platformNamespaces.size(); i++) {
            if (platformNamespaces.get(i).matches(namespace)) {
                return true;
            }
        }
        return false;
    }

    private Lists of(String cluster) {
        return byCluster.getOrDefault(cluster, lists);
    }

    /** Whether the name is a node's: its origin is not looked at. */
    public static boolean isNode(@Nullable String user) {
        return IdentityKind.isNode(user);
    }

    /** Whether the name is a service account's. */
    public static boolean isServiceAccount(@Nullable String user) {
        return IdentityKind.isServiceAccount(user);
    }

    /** Whether nobody authenticated. */
    public static boolean isAnonymous(@Nullable String user) {
        return IdentityKind.isAnonymous(user);
    }

    /** Whether the name is the control plane's own: its components and the controllers that run in it. */
    public static boolean isControlPlane(@Nullable String user) {
        return IdentityKind.isControlPlane(user);
    }

    /** Whether the name belongs to the platform and not to a person. */
    public static boolean isSystem(@Nullable String user) {
        return IdentityKind.isSystem(user);
    }

    /** The namespace of a service account, or null. */
    public static @Nullable String serviceAccountNamespace(@Nullable String user) {
        return IdentityKind.serviceAccountNamespace(user);
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

    /** The lists of one cluster. */
    private record Lists(
            List<Entry> cd,
            List<Entry> tokenIssuers,
            List<Entry> impersonators,
            SensitiveApps apps,
            SensitiveHostPaths hostPaths)
            implements Serializable {
        static Lists of(ReadableConfig config) {
            return new Lists(
                    entries(config, CD),
                    entries(config, TOKEN_ISSUERS),
                    entries(config, IMPERSONATORS),
                    SensitiveApps.of(config),
                    SensitiveHostPaths.of(config));
        }
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
