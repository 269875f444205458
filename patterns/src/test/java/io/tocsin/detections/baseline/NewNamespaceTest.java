package io.tocsin.detections.baseline;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.NewnessContract;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class NewNamespaceTest implements NewnessContract {
    @Override
    public Detection<?> detection() {
        return new NewNamespace();
    }

    @Override
    public AuditEvents usual() {
        return event();
    }

    @Override
    public AuditEvents unusual(int number) {
        return event().doing("get", "secrets", "n" + number, "s");
    }

    @Override
    public AuditEvents bySomebodyElse(AuditEvents event) {
        return event.by("bob");
    }

    private List<String> told(UnaryOperator<AuditEvents> by) {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            past().forEach(event ->
                    harness.play(List.of(by.apply(usual()).at(event.time()).build())));
            harness.play(List.of(by.apply(unusual(1)).at(START).build()));
            return harness.end().alerts().stream().map(alert -> alert.message()).toList();
        }
    }

    @Test
    void peopleAreAskedAndNobodyElse() {
        assertThat(told(by -> by)).containsExactly("alice worked in a namespace new to it: n1");
        assertThat(told(by -> by.by("system:serviceaccount:ci:robot"))).isEmpty();
        assertThat(told(by -> by.by("system:node:n1"))).isEmpty();
        assertThat(told(by -> by.by("system:anonymous"))).isEmpty();
        assertThat(told(by -> by.by("bob").impersonatedBy("system:serviceaccount:ci:robot")))
                .isEmpty();
        assertThat(told(by -> by.by("system:serviceaccount:ci:robot").impersonatedBy("bob")))
                .containsExactly("bob worked in a namespace new to it: n1");
    }

    @Test
    void whatNamesNoNamespaceIsNowhere() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(past());
            harness.play(
                    List.of(event().doing("list", "pods", null, null).at(START).build()));
            assertThat(harness.end().alerts()).isEmpty();
        }
    }
}
