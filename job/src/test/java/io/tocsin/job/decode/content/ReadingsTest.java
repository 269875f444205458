package io.tocsin.job.decode.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.Source;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadingsTest {
    private final Readings readings = new Readings(new ContentPlan(List.of(
            new ContentPlan.Wish(
                    Source.KUBERNETES_AUDIT, Set.of("create"), Set.of("pods"), Set.of("pod.hostNetwork"), false),
            new ContentPlan.Wish(Source.KUBERNETES_AUDIT, Set.of(), Set.of("secrets"), Set.of("object.type"), true))));

    @Test
    void nothingIsReadOfWhatNobodyAsksAbout() {
        assertThat(readings.of(Source.FALCO, "create", "pods")).isSameAs(Reading.NOTHING);
        assertThat(readings.of(Source.KUBERNETES_AUDIT, "get", "pods")).isSameAs(Reading.NOTHING);
        assertThat(readings.of(Source.KUBERNETES_AUDIT, "create", null)).isSameAs(Reading.NOTHING);
        assertThat(new Readings(ContentPlan.NONE).of(Source.KUBERNETES_AUDIT, "get", "pods"))
                .isSameAs(Reading.NOTHING);
    }

    @Test
    void whatIsAskedIsToldByVerbAndResource() {
        assertThat(readings.of(Source.KUBERNETES_AUDIT, "create", "pods").root("pod"))
                .isNotNull();
        Reading secrets = readings.of(Source.KUBERNETES_AUDIT, "get", "secrets");
        assertThat(secrets.root("object")).isNotNull();
        assertThat(secrets.text()).isTrue();
        assertThat(secrets.root("pod")).isNull();
    }

    @Test
    void allThatNoRuleNamesIsAlikeSoThatClientsFillNoMemory() {
        Reading one = readings.of(Source.KUBERNETES_AUDIT, "verb-1", "secrets");
        for (int i = 0; i < 100; i++) {
            assertThat(readings.of(Source.KUBERNETES_AUDIT, "verb-" + i, "secrets"))
                    .isSameAs(one);
        }
    }
}
