package io.tocsin.detections.baseline;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.NewnessContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewClientTest implements NewnessContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";

    @Override
    public Detection<?> detection() {
        return new NewClient();
    }

    private static AuditEvents with(String client) {
        return event().by(ROBOT).from(AuditEvents.INSIDE).having(builder -> builder.userAgent = client);
    }

    @Override
    public AuditEvents usual() {
        return with("manager/v0.0.0 (linux/amd64) kubernetes/$Format");
    }

    @Override
    public AuditEvents unusual(int number) {
        return with("tool" + (char) ('a' + number % 26) + (char) ('a' + number / 26) + "/1.2");
    }

    @Override
    public AuditEvents bySomebodyElse(AuditEvents event) {
        return event.by("system:serviceaccount:web:app");
    }

    @Test
    void anotherVersionIsNoOtherClientAndNoNameIsOne() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(past());
            List<SecurityEvent> same = List.of(
                    with("manager/v9 (darwin/arm64)").at(START).build(),
                    with("manager-v1.2").at(START.plusSeconds(1)).build());
            harness.play(same).watermark(START.plus(Duration.ofMinutes(1)));
            assertThat(harness.alerts()).isEmpty();
            harness.play(List.of(
                    event().by(ROBOT).at(START.plus(Duration.ofMinutes(2))).build()));
            assertThat(harness.end().alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo(ROBOT + " called with a client new to it: none"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kubectl/v1.29.0 (linux/amd64) kubernetes/abc|kubectl",
                "kubectl.exe/v1.30.1 (windows/amd64)|kubectl",
                "kubectl-1.28/v1.28.3|kubectl",
                "kubectl1.26/v1.26|kubectl",
                "Go-http-client/2.0|go-http-client",
                "Mozilla/5.0 (X11; Linux)|mozilla",
                "Helm/3.14.0|helm",
                "HashiCorp/1.0 Terraform/1.5.0|hashicorp",
                "terraform-provider-kubernetes_v2.23.0_x5/x|terraform-provider-kubernetes",
                "argocd-application-controller/v0.0.0|argocd-application-controller",
                "k8s-agent/2|k8s-agent",
                "k9s/v0.31|k9s",
                "python-requests/2.31.0|python-requests",
                "OpenAPI-Generator/28.1.0/python|openapi-generator",
                "7|7",
                "/x|none",
                "''|none"
            })
    void theFamilyIsTheNameWithoutWhatChanges(String userAgent, String family) {
        assertThat(ClientFamily.of(userAgent)).isEqualTo(family);
    }

    @Test
    void aNameIsBounded() {
        assertThat(ClientFamily.of("x".repeat(100_000))).hasSize(64);
        assertThat(ClientFamily.of(null)).isEqualTo("none");
    }
}
