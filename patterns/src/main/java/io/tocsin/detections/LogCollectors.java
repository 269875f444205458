package io.tocsin.detections;

import io.tocsin.event.SecurityEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The programs that write and ship a cluster's security logs, known by the names they are usually installed under. */
public final class LogCollectors {
    /** Words of which one in a name is enough. */
    private static final List<String> WORDS = List.of(
            "fluent",
            "fluentbit",
            "fluentd",
            "filebeat",
            "auditbeat",
            "elastic-agent",
            "logstash",
            "promtail",
            "grafana-agent",
            "otel",
            "otelcol",
            "opentelemetry",
            "cloudwatch-agent",
            "event-exporter",
            "eventrouter",
            "falco",
            "falcosidekick",
            "tetragon",
            "tracee",
            "hubble",
            "cilium",
            "audit-policy",
            "audit-webhook");

    /** Names whose words mean other things too. */
    private static final Set<String> NAMES = Set.of(
            "vector",
            "vector-agent",
            "vector-aggregator",
            "vector-config",
            "alloy",
            "alloy-config",
            "alloy-logs",
            "grafana-alloy");

    private static final Set<String> NAMESPACES = Set.of(
            "logging",
            "kube-logging",
            "kube-events",
            "amazon-cloudwatch",
            "openshift-logging",
            "cattle-logging-system");

    private static final Set<String> WORKLOADS = Set.of("daemonsets", "deployments", "statefulsets");

    private LogCollectors() {}

    /**
     * Whether a request, if it is done, stops or changes one: it is deleted or scaled down to nothing, its configuration is written,
     * or its namespace is deleted. A scaling whose body isn't told may be to nothing; any other write of the workload may be a
     * restart, and counts only if its body tells that it is.
     */
    public static boolean isTouchedBy(SecurityEvent event) {
        String resource = event.resource();
        String verb = event.verb();
        if (resource == null || verb == null) {
            return false;
        }
        boolean changed = verb.equals("update") || verb.equals("patch");
        boolean deleted = event.subresource() == null && verb.equals("delete");
        boolean emptied = event.subresource() == null && verb.equals("deletecollection");
        if (resource.equals("namespaces")) {
            return deleted && isNamespace(event.name());
        }
        if (resource.equals("configmaps")) {
            return event.subresource() == null
                    && (((changed || deleted) && isName(event.name())) || (emptied && isNamespace(event.namespace())));
        }
        if (!WORKLOADS.contains(resource)) {
            return false;
        }
        int replicas = event.body().replicas();
        boolean scaled = changed
                && ("scale".equals(event.subresource()) ? replicas <= 0 : event.subresource() == null && replicas == 0);
        return ((deleted || scaled) && isName(event.name())) || (emptied && isNamespace(event.namespace()));
    }

    private static boolean isNamespace(@Nullable String name) {
        return name != null && (NAMESPACES.contains(name) || isName(name));
    }

    static boolean isName(@Nullable String name) {
        if (name == null) {
            return false;
        }
        if (NAMES.contains(name)) {
            return true;
        }
        for (String word : WORDS) {
            if (hasWord(name, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasWord(String name, String word) {
        for (int at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
            int end = at + word.length();
            boolean starts = at == 0 || !Character.isLetterOrDigit(name.charAt(at - 1));
            if (starts && (end == name.length() || !Character.isLetterOrDigit(name.charAt(end)))) {
                return true;
            }
        }
        return false;
    }
}
