package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.alert.Tactic;
import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An alert as one of those it is about sees it: an identity, a workload, a pod or a node. State and on its way: nothing but what an
 * incident tells.
 *
 * @param key whom it is about, by {@link Keys}
 * @param who the same in words
 * @param before whom else it is about that has a better claim to tell the story: identities before workloads before nodes
 * @param uid the alert's id
 * @param detection the alert's detection
 * @param title what the alert is called
 * @param severity the alert's severity
 * @param techniques the alert's techniques
 * @param tactics their tactics, in order
 * @param sources the logs that its records come from
 * @param time event time of its completing record
 * @param start event time of its first record
 * @param scope the cluster as state knows it
 * @param cluster the cluster's name
 * @param account cloud account, where known
 * @param first its first record, where it has any
 */
public record Involved(
        String key,
        String who,
        List<String> before,
        String uid,
        String detection,
        String title,
        Severity severity,
        List<String> techniques,
        List<Tactic> tactics,
        List<String> sources,
        Instant time,
        Instant start,
        String scope,
        String cluster,
        @Nullable String account,
        @Nullable Evidence first) {
    /** An alert is about so many at most; its last record's identity comes first. */
    private static final int MOST = 8;

    public Involved {
        before = before == null ? List.of() : before;
        techniques = techniques == null ? List.of() : techniques;
        tactics = tactics == null ? List.of() : tactics;
        sources = sources == null ? List.of() : sources;
    }

    /** The alert as everyone it is about sees it. */
    static List<Involved> of(Alert alert) {
        TreeSet<String> sources = new TreeSet<>();
        for (Evidence record : alert.evidence()) {
            sources.add(record.source());
        }
        List<Tactic> tactics = List.copyOf(Tactic.of(alert.techniques()));
        List<Involved> all = new ArrayList<>();
        List<String> before = new ArrayList<>();
        for (Map.Entry<String, String> entity : entities(alert).entrySet()) {
            if (all.size() == MOST) {
                break;
            }
            all.add(new Involved(
                    entity.getKey(),
                    entity.getValue(),
                    List.copyOf(before),
                    alert.uid(),
                    alert.detection(),
                    alert.title(),
                    alert.severity(),
                    alert.techniques(),
                    tactics,
                    List.copyOf(sources),
                    alert.time(),
                    alert.start(),
                    alert.scope(),
                    alert.cluster(),
                    alert.account(),
                    alert.evidence().isEmpty() ? null : alert.evidence().get(0)));
            before.add(entity.getKey());
        }
        return all;
    }

    /** Whom it is about, in words by key, those with the best claim first. */
    private static Map<String, String> entities(Alert alert) {
        Map<String, String> all = new LinkedHashMap<>();
        String scope = alert.scope();
        List<Evidence> latestFirst = new ArrayList<>();
        for (Evidence record : alert.evidence()) {
            latestFirst.add(0, record);
        }
        for (Evidence record : latestFirst) {
            String identity = caller(record);
            if (identity != null) {
                all.putIfAbsent(Keys.of(scope, "identity", identity), identity);
            }
        }
        if (all.isEmpty()) {
            // Nobody in particular is told apart by where it is.
            for (Evidence record : latestFirst) {
                if (record.address() != null) {
                    all.putIfAbsent(
                            Keys.of(scope, "address", record.address()), "an unknown identity at " + record.address());
                }
            }
        }
        for (Evidence record : latestFirst) {
            String namespace = record.namespace() == null ? "" : record.namespace();
            if (record.workload() != null) {
                all.putIfAbsent(
                        Keys.of(scope, "workload", namespace, record.workload()),
                        record.workload() + (namespace.isEmpty() ? "" : " in " + namespace));
            }
        }
        for (Evidence record : latestFirst) {
            String pod = record.pod() != null ? record.pod() : requestedPod(record);
            if (pod != null) {
                all.putIfAbsent(Keys.of(scope, "pod", pod), "pod " + pod);
            }
        }
        for (Evidence record : latestFirst) {
            if (record.node() != null) {
                all.putIfAbsent(Keys.of(scope, "node", record.node()), "node " + record.node());
            }
        }
        if (all.isEmpty() && !alert.stories().isEmpty()) {
            String story = alert.stories().get(0);
            all.put(Keys.of(scope, "story", story), "cluster " + alert.cluster());
        }
        return all;
    }

    /** Who acted: whoever impersonates does, under whatever name. */
    private static @Nullable String caller(Evidence record) {
        String user = record.impersonator() != null ? record.impersonator() : record.user();
        return Identities.isAnonymous(user) ? null : SecurityEvent.identity(user, null, record.arn());
    }

    private static @Nullable String requestedPod(Evidence record) {
        return "pods".equals(record.resource()) && record.namespace() != null && record.name() != null
                ? record.namespace() + "/" + record.name()
                : null;
    }
}
