package io.tocsin.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFamilyTest {
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
