package io.tocsin.job.generate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pods that run, and which ReplicaSet is a Deployment's current one: what all logs draw on. */
final class Fleet {
    private final List<Pod> all = new ArrayList<>();
    private final Map<String, List<Pod>> byWorkload = new LinkedHashMap<>();
    private final Map<String, String> replicaSets = new HashMap<>();

    void add(Pod pod) {
        all.add(pod);
        byWorkload.computeIfAbsent(pod.workload.key(), key -> new ArrayList<>()).add(pod);
    }

    void remove(Pod pod) {
        all.remove(pod);
        List<Pod> of = byWorkload.get(pod.workload.key());
        if (of != null) {
            of.remove(pod);
        }
    }

    boolean has(Pod pod) {
        List<Pod> of = byWorkload.get(pod.workload.key());
        return of != null && of.contains(pod);
    }

    /** The pods of a workload, {@code namespace/name}, as they are now. */
    List<Pod> of(String key) {
        return List.copyOf(byWorkload.getOrDefault(key, List.of()));
    }

    Pod any(Chance chance) {
        return all.get(chance.below(all.size()));
    }

    /** One of the workload's pods; null while it has none. */
    @Nullable
    Pod any(Chance chance, String key) {
        List<Pod> of = byWorkload.get(key);
        return of == null || of.isEmpty() ? null : of.get(chance.below(of.size()));
    }

    /** One of the node's pods; null while it has none. */
    @Nullable
    Pod on(Cluster.Node node, Chance chance) {
        List<Pod> of = new ArrayList<>();
        for (Pod pod : all) {
            if (pod.node() == node) {
                of.add(pod);
            }
        }
        return of.isEmpty() ? null : of.get(chance.below(of.size()));
    }

    /** The first of the workload's pods. */
    Pod first(String key) {
        List<Pod> of = byWorkload.get(key);
        if (of == null || of.isEmpty()) {
            throw new IllegalStateException("no such workload: " + key);
        }
        return of.get(0);
    }

    /** Makes this the Deployment's current ReplicaSet. */
    String roll(Workload workload, String replicaSet) {
        replicaSets.put(workload.key(), replicaSet);
        return replicaSet;
    }

    String replicaSet(Workload workload) {
        return replicaSets.getOrDefault(workload.key(), workload.name());
    }
}
