package io.tocsin.detections.baseline;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.NewnessContract;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class NewActionTest implements NewnessContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";

    @Override
    public Detection<?> detection() {
        return new NewAction();
    }

    @Override
    public AuditEvents usual() {
        return event().by(ROBOT).from(INSIDE).doing("update", "leases", "ci", "lock");
    }

    @Override
    public AuditEvents unusual(int number) {
        return usual().doing("get", "secrets", "n" + number, "s");
    }

    @Override
    public AuditEvents bySomebodyElse(AuditEvents event) {
        return event.by("system:serviceaccount:web:app");
    }

    private List<String> told(UnaryOperator<AuditEvents> by) {
        try (DetectionHarness harness = DetectionHarness.of(detection(), Map.of())) {
            harness.play(past());
            harness.play(List.of(by.apply(usual()).at(START).build()));
            return harness.end().alerts().stream().map(alert -> alert.message()).toList();
        }
    }

    @Test
    void verbKindSubresourceAndNamespaceMakeAnActionAndTheNameDoesNot() {
        assertThat(told(by -> by.doing("update", "leases", "ci", "another"))).isEmpty();
        assertThat(told(by -> by.doing("update", "leases", "web", "lock")))
                .containsExactly(ROBOT + " did something new to it: update leases in web");
        assertThat(told(by -> by.doing("delete", "leases", "ci", "lock"))).hasSize(1);
        assertThat(told(by -> by.sub("status"))).hasSize(1);
        assertThat(told(by -> by.group("other"))).hasSize(1);
        assertThat(told(by -> by.doing("list", "nodes", null, null)))
                .containsExactly(ROBOT + " did something new to it: list nodes");
    }

    @Test
    void peopleAndWhoeverImpersonatesAreNotAsked() {
        assertThat(told(by -> unusual(1).by("alice"))).isEmpty();
        assertThat(told(by -> unusual(1).impersonatedBy("alice"))).isEmpty();
        assertThat(told(by -> unusual(1).doing("create", "selfsubjectaccessreviews", null, null)))
                .isEmpty();
    }

    @Test
    void controllersOfTheControlPlaneAreNotAskedAtHome() {
        String controller = "system:serviceaccount:kube-system:job-controller";
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            past().forEach(event ->
                    harness.play(List.of(usual().by(controller).at(event.time()).build())));
            harness.play(List.of(unusual(1).by(controller).at(START).build()));
            assertThat(harness.end().alerts()).isEmpty();
        }
    }
}
