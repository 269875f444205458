package io.tocsin.detection;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Apps that hold the keys to much else, or run what they are told: dashboards, deployers, builders, vaults, notebooks. Known by
 * namespace, by name or by label.
 */
public final class SensitiveApps implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final ConfigOption<String> OPTION = ConfigOptions.key("apps.sensitive")
            .stringType()
            .defaultValue(
                    "kubernetes-dashboard*,argocd*,jenkins*,grafana*,prometheus*,kibana*,vault*,jupyter*,airflow*,"
                            + "kubeflow*")
            .withDescription(
                    "Apps that hold the keys to much else or run what they are told, comma-separated. Each entry is a name (*"
                            + " stands for any characters) of a namespace, of a pod, workload or service, or of one of the"
                            + " labels app, k8s-app, app.kubernetes.io/name, instance and part-of; or LABEL=VALUE.");

    /** The labels that name an app by convention. */
    private static final Set<String> NAMING = Set.of(
            "app", "k8s-app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/part-of");

    private final ArrayList<App> apps;

    private SensitiveApps(List<App> apps) {
        this.apps = new ArrayList<>(apps);
    }

    /**
     * Reads the list.
     *
     * @throws IllegalArgumentException naming the key and the entry that is neither a name nor {@code LABEL=VALUE}
     */
    static SensitiveApps of(ReadableConfig config) {
        ArrayList<App> apps = new ArrayList<>();
        for (String text : config.get(OPTION).split(",", -1)) {
            if (!text.isBlank()) {
                apps.add(App.parse(text.trim()));
            }
        }
        return new SensitiveApps(apps);
    }

    /** The entry that this namespace or name fits; null if none does, or both are absent. */
    public @Nullable String of(@Nullable String namespace, @Nullable String name) {
        return of(namespace, name, Map.of());
    }

    /**
     * The entry that it fits.
     *
     * @param namespace its namespace
     * @param name of the pod, workload or service
     * @param labels its labels
     * @return null if none does
     */
    public @Nullable String of(@Nullable String namespace, @Nullable String name, Map<String, String> labels) {
        for (int i = 0; i < apps.size(); i++) {
            App app = apps.get(i);
            if (app.label() == null
                    && (app.value().matches(namespace) || app.value().matches(name))) {
                return app.text();
            }
            for (Map.Entry<String, String> label : labels.entrySet()) {
                boolean names = app.label() == null
                        ? NAMING.contains(label.getKey())
                        : app.label().equals(label.getKey());
                if (names && app.value().matches(label.getValue())) {
                    return app.text();
                }
            }
        }
        return null;
    }

    private record App(String text, @Nullable String label, Glob value) implements Serializable {
        static App parse(String text) {
            int equals = text.indexOf('=');
            String label = equals < 0 ? null : text.substring(0, equals).trim();
            String value = text.substring(equals + 1).trim();
            boolean everything = value.chars().allMatch(c -> c == '*');
            if (everything || (label != null && label.isEmpty()) || text.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException(
                        "%s must be NAME or LABEL=VALUE, and not everything: %s".formatted(OPTION.key(), text));
            }
            return new App(text, label, new Glob(value));
        }
    }
}
