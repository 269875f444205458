package io.tocsin.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityKindTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "system:anonymous|anonymous",
                "alice@example.com|person",
                "kubernetes-admin|person",
                "system:serviceaccount:web:app|service-account",
                "system:serviceaccount:kube-system:coredns|service-account",
                "system:serviceaccount:kube-system:job-controller|control-plane",
                "system:serviceaccount:web:job-controller|service-account",
                "system:kube-scheduler|control-plane",
                "eks:kube-controller-manager|control-plane",
                "system:node:n1|node",
                "system:kube-proxy|platform",
                "eks:fargate-manager|platform"
            })
    void tellsTheKindByTheName(String user, String kind) {
        assertThat(IdentityKind.of(user))
                .isNotNull()
                .extracting(IdentityKind::id)
                .isEqualTo(kind);
    }

    @Test
    void nobodyIsOfNoKind() {
        assertThat(IdentityKind.of(null)).isNull();
        assertThat(IdentityKind.of("")).isNull();
    }
}
