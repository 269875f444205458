package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Severities by default: sequences and joins are high, rates medium, and the few that are not say so here. */
class SeverityTest {
    private static final Map<String, Severity> TABLE = Map.ofEntries(
            Map.entry("anonymous-success", Severity.CRITICAL),
            // Events deleted; only the pod deleted is low.
            Map.entry("cover-tracks", Severity.HIGH),
            Map.entry("csr-self-approval", Severity.HIGH),
            Map.entry("denied-then-granted", Severity.HIGH),
            Map.entry("forbidden-then-success", Severity.HIGH),
            Map.entry("hijack-to-quota", Severity.HIGH),
            Map.entry("ingress-to-cluster", Severity.HIGH),
            Map.entry("logging-disabled", Severity.HIGH),
            Map.entry("metadata-to-role", Severity.HIGH),
            Map.entry("multi-cluster-credential", Severity.HIGH),
            Map.entry("node-login-to-kubelet", Severity.HIGH),
            Map.entry("recon-to-harvest", Severity.HIGH),
            Map.entry("service-account-token-theft", Severity.HIGH),
            Map.entry("token-minted-then-used-elsewhere", Severity.HIGH),
            // A join, although it is counted; between two addresses inside it is medium.
            Map.entry("token-used-off-node", Severity.HIGH),
            Map.entry("delete-burst", Severity.MEDIUM),
            Map.entry("flow-denied-scan", Severity.MEDIUM),
            Map.entry("forbidden-burst", Severity.MEDIUM),
            Map.entry("permission-sweep", Severity.MEDIUM),
            Map.entry("secret-sweep", Severity.MEDIUM),
            Map.entry("ssh-brute-force", Severity.MEDIUM),
            Map.entry("unauthenticated-burst", Severity.MEDIUM),
            Map.entry("web-scan", Severity.MEDIUM),
            Map.entry("workload-error-burst", Severity.MEDIUM));

    @Test
    void severitiesAreThoseOfTheTable() {
        Map<String, Severity> severities = new TreeMap<>();
        DetectionCatalog.load()
                .all()
                .forEach(detection ->
                        severities.put(detection.info().id(), detection.info().severity()));
        assertThat(severities).containsAllEntriesOf(TABLE);
    }

    @Test
    void everySequenceIsHighAndEveryRateMediumUnlessTheTableSaysElse() {
        for (Detection<?> detection : DetectionCatalog.load().all()) {
            if (TABLE.containsKey(detection.info().id())) {
                continue;
            }
            if (detection instanceof SequenceDetection<?>) {
                assertThat(detection.info().severity())
                        .as(detection.info().id())
                        .isEqualTo(Severity.HIGH);
            }
            if (detection instanceof RateDetection<?>) {
                assertThat(detection.info().severity())
                        .as(detection.info().id())
                        .isEqualTo(Severity.MEDIUM);
            }
        }
    }
}
