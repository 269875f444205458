package io.tocsin.detections;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
    private static SecurityEvent about(@Nullable String pod, @Nullable String workload) {
        return event().log(Source.CONTAINER_LOG)
                .having(builder -> builder.place = new Place(null, null, pod, null, null, null, null, workload))
                .build();
    }

    private static @Nullable String owner(@Nullable String pod) {
        return Workloads.owner(about(pod, null));
    }

    @Test
    void readsTheOwnerFromThePodsName() {
        assertThat(owner("web/checkout-7d9f8b6c5d-x2x4z")).isEqualTo("checkout");
        assertThat(owner("kube-system/kube-proxy-x2v4z")).isEqualTo("kube-proxy");
        assertThat(owner("db/pg-0")).isEqualTo("pg");
        assertThat(owner("ops/backup-29131234-q8x7z")).isEqualTo("backup");
        assertThat(owner("web/alone")).isEqualTo("alone");
        assertThat(owner("web/not-random")).isEqualTo("not-random");
        assertThat(owner("x2x4z")).isEqualTo("x2x4z");
        assertThat(owner("web/")).isNull();
        assertThat(owner(null)).isNull();
    }

    @Test
    void aNamedWorkloadWins() {
        assertThat(Workloads.owner(about("web/a-x2x4z", "StatefulSet/other"))).isEqualTo("other");
        assertThat(Workloads.owner(about(null, "ReplicaSet/checkout-7d9f8b6c5d")))
                .isEqualTo("checkout");
        assertThat(Workloads.owner(about(null, "Job/backup-29131234"))).isEqualTo("backup");
        assertThat(Workloads.owner(about(null, "Deployment/checkout-7d9f8b6c5d")))
                .isEqualTo("checkout-7d9f8b6c5d");
    }

    @Test
    void allThatTellOfOneWorkloadHaveOneKey() {
        assertThat(Workloads.of(about("web/checkout-7d9f8b6c5d-x2x4z", null)))
                .isEqualTo(Workloads.of(about("web/checkout-7d9f8b6c5d-x2x4z", "Deployment/checkout")))
                .isEqualTo(Workloads.of(event().log(Source.KUBERNETES_EVENT)
                        .doing(null, "deployments", "web", "checkout")
                        .having(builder -> builder.place =
                                new Place(null, null, null, null, null, null, null, "Deployment/checkout"))
                        .build()))
                .isNotEqualTo(Workloads.of(about("db/checkout-7d9f8b6c5d-x2x4z", null)))
                .hasSize(1);
        assertThat(Workloads.of(about(null, null))).isEmpty();
    }
}
