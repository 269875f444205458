package io.tocsin.job;

import static io.tocsin.job.TestingParameters.parse;
import static io.tocsin.job.TestingParameters.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Configured;
import io.tocsin.event.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of {@code --config}. */
class ConfigFileTest {
    @TempDir
    Path folder;

    @Test
    void readsAConfigFileNestedOrDottedBelowTheCommandLine() throws Exception {
        String config = config(
                """
                inputs:
                  - kubernetes-audit@prod=%s
                  - "@test=%s"
                detections:
                  forbidden-then-success: {min-forbidden: 4, window: 5 min}
                  disabled: [delete-burst, "anonymous-*"]
                detections.forbidden-burst.severity: low
                lateness.kubernetes-audit: 2 min
                network.cluster: [10.0.0.0/8, fd00::/8]
                kafka: {properties: {client.id: tocsin}}
                follow: true
                clusters:
                  prod:
                    network:
                      cluster: [10.20.0.0/16, 10.21.0.0/16]
                      trusted-proxies: 10.20.0.10
                  "test":
                    network.control-plane: 192.0.2.0/24
                """
                        .formatted(file(), file()));
        JobParameters parameters =
                parse("--config", config, "--detections.forbidden-then-success.min-forbidden", "6", "--follow=false");

        assertThat(parameters.inputs())
                .containsExactly(
                        new InputSpec("kubernetes-audit", "prod", file()), new InputSpec("auto", "test", file()));
        assertThat(parameters.effective())
                .containsEntry("detections.forbidden-then-success.min-forbidden", "6")
                .containsEntry("detections.forbidden-then-success.window", "5 min")
                .containsEntry("detections.forbidden-burst.severity", "low")
                .containsEntry("network.cluster", "10.0.0.0/8,fd00::/8");
        assertThat(parameters.config().get(JobOptions.FOLLOW)).isFalse();
        assertThat(parameters.kafkaProperties()).isEqualTo(Map.of("client.id", "tocsin"));
        assertThat(parameters.lateness(List.of(Source.KUBERNETES_AUDIT, Source.SYSLOG)))
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(parameters.lateness(List.of(Source.values()))).isEqualTo(Duration.ofMinutes(20));
        assertThat(parameters.detections().stream()
                        .filter(Configured::enabled)
                        .map(detection -> detection.info().id()))
                .doesNotContain("delete-burst", "anonymous-success")
                .contains("forbidden-burst");
        assertThat(parameters.networks().of("prod"))
                .isNotEqualTo(parameters.networks().of("other"));
        assertThat(parameters.networks().of("test"))
                .isNotEqualTo(parameters.networks().of("other"));
    }

    @Test
    void tellsWhatIsWrongInAConfigFile() throws Exception {
        String config = config(
                """
                detections:
                  forbidden-then-success: {min-forbiden: 4, window: soon}
                clusters:
                  prod: {network: {cluster: 10.0.0.0/99}, lateness: 1 min}
                """);
        assertThat(problems("--config", config, file()))
                .satisfiesExactlyInAnyOrder(
                        each(config
                                + ": no such parameter: detections.forbidden-then-success.min-forbiden; did you mean"
                                + " detections.forbidden-then-success.min-forbidden?"),
                        each(config
                                + ": detections.forbidden-then-success.window must be a duration such as 10 min: soon"),
                        each("clusters.prod.network.cluster: "),
                        each(
                                "clusters.prod: no such parameter: lateness; those that may differ by cluster are apps.sensitive, "
                                        + "host-paths.sensitive, identities.cd"));
    }

    @Test
    void tellsWhatIsWrongInAClustersLists() throws Exception {
        String config = config(
                """
                identities.cd: "argo fom 10.0.0.0/8"
                clusters:
                  prod:
                    identities: {cd: "*", token-issuers: [vault from 10.0.0.0/99], impersonator: rancher}
                    apps.sensitive: team=
                    host-paths.sensitive: [/etc, root]
                    idle-after: 5 s
                  test:
                    identities.cd: flux
                """);
        assertThat(problems("--config", config, file()))
                .satisfiesExactlyInAnyOrder(
                        each("identities.cd must be NAME or NAME from RANGE...: argo fom 10.0.0.0/8"),
                        each("clusters.prod.identities.cd must name an identity, not everybody: *"),
                        each("clusters.prod.identities.token-issuers: expected an address range such as 10.0.0.0/8:"
                                + " 10.0.0.0/99"),
                        each("clusters.prod: no such parameter: identities.impersonator; did you mean"
                                + " identities.impersonators?"),
                        each("clusters.prod.apps.sensitive must be NAME or LABEL=VALUE, and not everything: team="),
                        each("clusters.prod.host-paths.sensitive must be absolute paths: root"),
                        each("clusters.prod: idle-after is the same for all clusters; those that may differ are apps"));
        String text = config("clusters: {prod: argo}");
        assertThat(problems("--config", text, file()))
                .containsExactly("config: clusters.prod must be keys and values: argo");
    }

    @Test
    void knowsWhichClustersControlPlanesWereGiven() throws Exception {
        String config = config("clusters: {prod: {network.control-plane: 10.9.0.0/16}, test: }");
        JobParameters parameters = parse("--config", config, "--network.cluster", "10.0.0.0/8", file());
        assertThat(parameters.identities().knowsControlPlaneOf("prod")).isTrue();
        assertThat(parameters.identities().knowsControlPlaneOf("test")).isFalse();
    }

    @Test
    void tellsWhichConfigFileCantBeRead() throws Exception {
        String missing = folder.resolve("missing.yaml").toString();
        assertThat(problems("--config", missing, file())).containsExactly("config: can't read the file: " + missing);
        String bad = config("detections: [unclosed\n  x: : y");
        assertThat(problems("--config", bad, file()))
                .singleElement()
                .asString()
                .startsWith("config: " + bad + " is no YAML: ");
        String scalar = config("just text");
        assertThat(problems("--config", scalar, file()))
                .containsExactly("config: expected keys and values in " + scalar);
        String twice = config("follow: true\nfollow: false\n");
        assertThat(problems("--config", twice, file()))
                .singleElement()
                .asString()
                .startsWith("config: " + twice);
        String latin = folder.resolve("latin.yaml").toString();
        Files.write(Path.of(latin), new byte[] {'f', ':', ' ', (byte) 0xE9, '\n'});
        assertThat(problems("--config", latin, file()))
                .singleElement()
                .asString()
                .startsWith("config: ");
        assertThat(parse("--config", config(""), file()).inputs()).hasSize(1);
    }

    private static Consumer<String> each(String start) {
        return problem -> assertThat(problem).startsWith(start);
    }

    private String file() {
        return TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(0)));
    }

    private String config(String yaml) throws Exception {
        Path file = Files.createTempFile(folder, "tocsin", ".yaml");
        return Files.writeString(file, yaml).toString();
    }
}
