package io.tocsin.job;

import io.tocsin.detection.Identities;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What may differ by cluster: the network and the lists. A cluster's own value, which stands under {@code clusters} in the file of
 * {@code --config}, takes the place of the general one, wherever that was given; it adds nothing to it.
 */
final class ClusterSettings {
    private static final List<ConfigOption<String>> NETWORK =
            List.of(JobOptions.NETWORK_CLUSTER, JobOptions.NETWORK_CONTROL_PLANE, JobOptions.NETWORK_TRUSTED_PROXIES);

    private final Configuration general;
    private final ConfigFile file;
    private final Set<String> known;
    private final List<String> problems;

    /**
     * The settings of a run.
     *
     * @param general the parameters of all clusters
     * @param known the keys of all parameters
     * @param problems takes everything that is wrong
     */
    ClusterSettings(Configuration general, ConfigFile file, Set<String> known, List<String> problems) {
        this.general = general;
        this.file = file;
        this.known = known;
        this.problems = problems;
    }

    /** The parameters that may differ by cluster, in the order of the reference. */
    static List<ConfigOption<String>> options() {
        List<ConfigOption<String>> options = new ArrayList<>(NETWORK);
        options.addAll(Identities.OPTIONS);
        return List.copyOf(options);
    }

    private static Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        options().forEach(option -> keys.add(option.key()));
        return keys;
    }

    /** Tells of every key that does not belong here. */
    void check() {
        file.clusters().forEach((cluster, own) -> own.keySet().forEach(key -> {
            if (keys().contains(key)) {
                return;
            }
            String where = "clusters." + cluster + ": ";
            if (known.contains(key)) {
                problems.add("%s%s is the same for all clusters; those that may differ are %s"
                        .formatted(where, key, String.join(", ", keys())));
                return;
            }
            String nearest = Suggestions.nearest(key, keys());
            problems.add("%sno such parameter: %s; %s"
                    .formatted(
                            where,
                            key,
                            nearest == null
                                    ? "those that may differ by cluster are " + String.join(", ", keys())
                                    : "did you mean " + nearest + "?"));
        }));
    }

    /** The lists. */
    @Nullable
    Identities identities() {
        int before = problems.size();
        for (ConfigOption<String> option : Identities.OPTIONS) {
            if (general.contains(option)) {
                checkList("", option.key(), general.get(option));
            }
        }
        Map<String, Configuration> clusters = new LinkedHashMap<>();
        file.clusters().forEach((cluster, own) -> {
            Configuration whole = new Configuration(general);
            own.forEach((key, value) -> {
                if (Identities.OPTIONS.stream().anyMatch(option -> option.key().equals(key))) {
                    checkList("clusters." + cluster + ".", key, value);
                    whole.setString(key, value);
                }
            });
            clusters.put(cluster, whole);
        });
        return problems.size() > before
                ? null
                : Identities.of(general, clusters, controlPlaneKnown())
                        .withPlatformNamespaces(ParameterReader.list(general.get(JobOptions.PLATFORM_NAMESPACES)));
    }

    private void checkList(String where, String key, String value) {
        try {
            Identities.of(Configuration.fromMap(Map.of(key, value)));
        } catch (IllegalArgumentException e) {
            problems.add(where + e.getMessage());
        }
    }

    /** The clusters whose control plane ranges were given, one by one or all at once. */
    private Identities.ControlPlaneKnown controlPlaneKnown() {
        String key = JobOptions.NETWORK_CONTROL_PLANE.key();
        boolean everywhere = general.contains(JobOptions.NETWORK_CONTROL_PLANE);
        HashSet<String> given = new HashSet<>();
        file.clusters().forEach((cluster, own) -> {
            if (own.containsKey(key)) {
                given.add(cluster);
            }
        });
        return cluster -> everywhere || given.contains(cluster);
    }

    /** What is inside. */
    Networks networks() {
        Map<String, String> byDefault = new HashMap<>();
        NETWORK.forEach(option -> byDefault.put(option.key(), general.get(option)));
        Map<String, Network> byCluster = new HashMap<>();
        file.clusters().forEach((cluster, own) -> {
            Map<String, String> whole = new HashMap<>(byDefault);
            own.forEach((key, value) -> {
                if (whole.containsKey(key)) {
                    whole.put(key, value);
                }
            });
            // What is wrong with a general value is told once, of all clusters.
            byCluster.put(cluster, network("clusters." + cluster + ".", whole, own.keySet()));
        });
        return new Networks(network("", byDefault, byDefault.keySet()), byCluster);
    }

    private Network network(String where, Map<String, String> settings, Set<String> told) {
        Map<String, List<String>> ranges = new HashMap<>();
        settings.forEach((key, value) -> {
            List<String> good = new ArrayList<>();
            for (String range : ParameterReader.list(value)) {
                try {
                    Network.range(range);
                    good.add(range);
                } catch (IllegalArgumentException e) {
                    if (told.contains(key)) {
                        problems.add(where + key + ": " + e.getMessage());
                    }
                }
            }
            ranges.put(key, good);
        });
        return new Network(
                ranges.getOrDefault(JobOptions.NETWORK_CLUSTER.key(), List.of()),
                ranges.getOrDefault(JobOptions.NETWORK_CONTROL_PLANE.key(), List.of()),
                ranges.getOrDefault(JobOptions.NETWORK_TRUSTED_PROXIES.key(), List.of()));
    }
}
