package io.tocsin.job.decode.audit;

import org.jspecify.annotations.Nullable;

/** Where objects have the spec of a pod. */
enum PodSpecPlace {
    POD("spec"),
    POD_TEMPLATE("template.spec"),
    WORKLOAD("spec.template.spec"),
    CRON_JOB("spec.jobTemplate.spec.template.spec");

    /** The names of the members that lead to it. */
    final String path;

    PodSpecPlace(String path) {
        this.path = path;
    }

    /** The place in objects of a resource; null if they have none. */
    static @Nullable PodSpecPlace of(@Nullable String resource) {
        if (resource == null) {
            return null;
        }
        return switch (resource) {
            case "pods" -> POD;
            case "podtemplates" -> POD_TEMPLATE;
            case "cronjobs" -> CRON_JOB;
            case "deployments", "daemonsets", "statefulsets", "replicasets", "replicationcontrollers", "jobs" ->
                WORKLOAD;
            default -> null;
        };
    }
}
