package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists of what is sensitive: apps, and paths of nodes. */
class SensitiveListsTest {
    private static Identities identities(Map<String, String> config) {
        return Identities.of(Configuration.fromMap(config));
    }

    private static SensitiveApps apps(String list) {
        return identities(Map.of("apps.sensitive", list)).sensitiveApps("c1");
    }

    @ParameterizedTest
    @CsvSource({
        "argocd, x, argocd*",
        "x, argocd-server-6f, argocd*",
        "kubernetes-dashboard, , kubernetes-dashboard*",
        "monitoring, grafana-0, grafana*",
        "shop, web, ",
        "shop, my-grafana, ",
        ", , ",
    })
    void knowsAppsByNamespaceAndName(@Nullable String namespace, @Nullable String name, @Nullable String app) {
        assertThat(identities(Map.of()).sensitiveApps("c1").of(namespace, name)).isEqualTo(app);
    }

    @Test
    void knowsAppsByLabel() {
        SensitiveApps apps = apps("vault, team=pay*");
        assertThat(apps.of("x", "y", Map.of("app.kubernetes.io/name", "vault"))).isEqualTo("vault");
        assertThat(apps.of("x", "y", Map.of("team", "payments"))).isEqualTo("team=pay*");
        assertThat(apps.of("x", "y", Map.of("team", "vault", "app", "pay"))).isNull();
        assertThat(apps("").of("vault", "vault")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "team=*", "team=", "=vault", "two words", "**"})
    void refusesWhatNamesNoApp(String entry) {
        assertThatThrownBy(() -> apps("vault," + entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("apps.sensitive must be NAME or LABEL=VALUE, and not everything: " + entry);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "//, /",
        "/etc, /etc",
        "/etc/kubernetes/pki/, /etc",
        "/var//run/./docker.sock, /var/run",
        "/var/log/../run, /var/run",
        "/var, /var/run",
        "/var/lib, /var/lib/kubelet",
        "etc, /etc",
        "/etcetera, ",
        "/data, ",
        "/var/log, ",
        "'', ",
        ", ",
    })
    void knowsWhatAMountReaches(@Nullable String mounted, @Nullable String listed) {
        assertThat(identities(Map.of()).sensitiveHostPaths("c1").of(mounted)).isEqualTo(listed);
    }

    @Test
    void theRootReachesWhateverIsListed() {
        SensitiveHostPaths paths =
                identities(Map.of("host-paths.sensitive", "/data/secrets/")).sensitiveHostPaths("c1");
        assertThat(paths.of("/")).isEqualTo("/data/secrets");
        assertThat(paths.of("/data/secrets2")).isNull();
    }

    @Test
    void refusesAPathThatIsNotAbsolute() {
        assertThatThrownBy(() -> identities(Map.of("host-paths.sensitive", "/etc, root")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("host-paths.sensitive must be absolute paths: root");
    }

    @Test
    void anAlertSaysWhichSensitiveAppItIsAbout() {
        try (DetectionHarness harness = DetectionHarness.of(TestingRules.shipped("anonymous-success"))) {
            AuditEvents anonymous = AuditEvents.event().by("system:anonymous");
            harness.send(
                            anonymous.doing("get", "secrets", "argocd", "admin").build(),
                            anonymous.doing("get", "secrets", "shop", "db").build())
                    .end();
            assertThat(harness.alerts())
                    .extracting(alert -> String.valueOf(alert.facts().get("sensitive_apps")))
                    .containsExactlyInAnyOrder("argocd*", "null");
        }
    }
}
