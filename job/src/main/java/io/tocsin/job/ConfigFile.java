package io.tocsin.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The YAML file of {@code --config}: the same keys as the command line, nested or dotted, and what differs by cluster.
 *
 * <pre>{@code
 * detections:
 *   forbidden-then-success: {min-forbidden: 4}
 * clusters:
 *   prod:
 *     network: {cluster: [10.1.0.0/16], trusted-proxies: 10.9.0.1}
 *     identities: {cd: [system:serviceaccount:argocd:*]}
 * }</pre>
 *
 * @param values keys and values; lists are comma-separated
 * @param clusters the same, by cluster
 */
record ConfigFile(Map<String, String> values, Map<String, Map<String, String>> clusters) {
    static final ConfigFile NONE = new ConfigFile(Map.of(), Map.of());

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException if it can't be read, or is no YAML mapping
     */
    static ConfigFile read(String file) {
        Object document;
        try {
            document = new Load(LoadSettings.builder()
                            .setLabel(file)
                            .setAllowDuplicateKeys(false)
                            .build())
                    .loadFromString(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new IllegalArgumentException("config: can't read the file: " + file, e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("config: " + file + " is no YAML: " + e.getMessage(), e);
        }
        if (document == null) {
            return NONE;
        }
        if (!(document instanceof Map<?, ?> mapping)) {
            throw new IllegalArgumentException("config: expected keys and values in " + file);
        }
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, Map<String, String>> clusters = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : mapping.entrySet()) {
            String key = String.valueOf(entry.getKey());
            if (key.equals("clusters") && entry.getValue() instanceof Map<?, ?> byCluster) {
                byCluster.forEach((cluster, settings) -> {
                    Map<String, String> own = new LinkedHashMap<>();
                    if (settings != null && !(settings instanceof Map<?, ?>)) {
                        throw new IllegalArgumentException(
                                "config: clusters.%s must be keys and values: %s".formatted(cluster, settings));
                    }
                    flatten("", settings == null ? Map.of() : settings, own);
                    clusters.put(String.valueOf(cluster), own);
                });
            } else {
                flatten(key, entry.getValue(), values);
            }
        }
        return new ConfigFile(values, clusters);
    }

    private static void flatten(String key, @Nullable Object value, Map<String, String> into) {
        if (value instanceof Map<?, ?> mapping) {
            mapping.forEach(
                    (name, inner) -> flatten(key.isEmpty() ? String.valueOf(name) : key + "." + name, inner, into));
        } else if (value instanceof List<?> list) {
            into.put(key, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
        } else {
            into.put(key, value == null ? "" : String.valueOf(value));
        }
    }
}
