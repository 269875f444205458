package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Configured;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.HistoryOptions;
import io.tocsin.detection.Identities;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example configuration is one that the job takes, and shows all that may differ by cluster. */
class ExampleConfigTest {
    private static final String EXAMPLE = "example-config.yaml";

    @TempDir
    Path folder;

    private JobParameters parameters(String... more) {
        String file = TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(0)));
        List<String> arguments = new ArrayList<>(List.of(file, "--config", EXAMPLE));
        arguments.addAll(List.of(more));
        return JobParameters.parse(arguments, DetectionCatalog.load());
    }

    private static SecurityEvent event(String cluster, String user, String impersonator, String peer, Zone zone) {
        SecurityEvent.Builder builder = SecurityEvent.builder();
        builder.time = Instant.EPOCH;
        builder.source = Source.KUBERNETES_AUDIT;
        builder.cluster = cluster;
        builder.scope = cluster;
        builder.user = user;
        builder.impersonator = impersonator.isEmpty() ? null : impersonator;
        builder.peer = peer;
        builder.zone = zone;
        return builder.build();
    }

    @Test
    void isTakenAsItStands() {
        JobParameters parameters = parameters();
        assertThat(parameters.exemptions().all())
                .extracting(exemption -> exemption.name())
                .contains("nightly-cleanup", "scanner", "default-add-ons");
        assertThat(parameters.effective())
                .containsEntry("detections.forbidden-then-success.min-forbidden", "4")
                .containsEntry("detections.delete-burst.severity", "high");
        assertThat(parameters.config().get(HistoryOptions.LEARN_EGRESS)).isTrue();
        assertThat(parameters.detections().stream()
                        .filter(detection -> !detection.enabled())
                        .map(Configured::info))
                .extracting(info -> info.id())
                .containsExactly("web-scan");
    }

    @Test
    void showsEveryParameterThatMayDifferByCluster() {
        ConfigFile file = ConfigFile.read(EXAMPLE);
        List<String> keys =
                ClusterSettings.options().stream().map(ConfigOption::key).toList();
        assertThat(new TreeSet<>(file.clusters().get("prod-eu").keySet())).isEqualTo(new TreeSet<>(keys));
        assertThat(file.values().keySet()).containsAll(keys);
    }

    @Test
    void aClustersListsHoldAgainstTheCommandLineToo() {
        Identities given = parameters("--identities.cd", "me").identities();
        assertThat(given.isDeployer(event("other", "me", "", "10.1.1.1", Zone.CLUSTER)))
                .isTrue();
        assertThat(given.isDeployer(event("prod-eu", "me", "", "10.20.1.1", Zone.CLUSTER)))
                .isFalse();
    }

    @Test
    void aClustersListsTakeThePlaceOfTheGeneralOnes() {
        Identities identities = parameters().identities();
        String argo = "system:serviceaccount:argocd:argocd-server";
        String flux = "system:serviceaccount:flux-system:kustomize-controller";
        assertThat(identities.isDeployer(event("other", argo, "", "10.1.1.1", Zone.CLUSTER)))
                .isTrue();
        assertThat(identities.isDeployer(event("prod-eu", argo, "", "10.20.1.1", Zone.CLUSTER)))
                .isFalse();
        assertThat(identities.isDeployer(event("prod-eu", flux, "", "10.20.1.1", Zone.CLUSTER)))
                .isTrue();
        assertThat(identities.isDeployer(event("other", flux, "", "10.1.1.1", Zone.CLUSTER)))
                .isFalse();
        assertThat(identities.isImpersonator(event("prod-eu", "jane", "rancher", "10.30.0.7", Zone.CLUSTER)))
                .isTrue();
        assertThat(identities.isImpersonator(event("other", "jane", "rancher", "10.30.0.7", Zone.CLUSTER)))
                .isFalse();
        assertThat(identities.sensitiveHostPaths("prod-eu").of("/proc")).isNull();
        assertThat(identities.sensitiveHostPaths("lab").of("/proc")).isEqualTo("/proc");
        assertThat(identities.sensitiveApps("prod-eu").of("kubernetes-dashboard", null))
                .isNull();
        assertThat(identities.sensitiveApps("lab").of("kubernetes-dashboard", null))
                .isEqualTo("kubernetes-dashboard*");
        assertThat(identities.knowsControlPlaneOf("prod-eu")).isTrue();
    }

    @Test
    void theExemptionsThatComeWithTheJobBindWhoFromWhereAndWhat() throws Exception {
        List<String> problems = new ArrayList<>();
        List<String> ids = DetectionCatalog.load().all().stream()
                .map(detection -> detection.info().id())
                .toList();
        assertThat(ExemptionFile.readDefaults(ids, problems)).isNotEmpty().allSatisfy(exemption -> {
            assertThat(exemption.fromControlPlane()).isTrue();
            assertThat(exemption.identity().text()).doesNotContain("*").matches("(system|eks):.+");
            assertThat(exemption.detections()).isNotEmpty().noneMatch(glob -> glob.text()
                    .contains("*"));
        });
        assertThat(problems).isEmpty();
        Path off = Files.writeString(folder.resolve("off.yaml"), "default-exemptions: false\n");
        String file = TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(0)));
        assertThat(JobParameters.parse(List.of(file, "--config", off.toString()), DetectionCatalog.load())
                        .exemptions()
                        .all())
                .isEmpty();
    }
}
