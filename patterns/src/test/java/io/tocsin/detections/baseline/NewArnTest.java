package io.tocsin.detections.baseline;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.NewnessContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewArnTest implements NewnessContract {
    private static final String ROLE = "arn:aws:iam::1:role/";

    @Override
    public Detection<?> detection() {
        return new NewArn();
    }

    @Override
    public AuditEvents usual() {
        return event().by("dev").arn(ROLE + "dev");
    }

    @Override
    public AuditEvents unusual(int number) {
        return event().by("dev").arn(ROLE + "r" + number);
    }

    @Override
    public AuditEvents bySomebodyElse(AuditEvents event) {
        return event.by("ops");
    }

    @Test
    void theAuthenticatorTellsItToo() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(past());
            AuditEvents asked = unusual(1).authenticator();
            harness.play(List.of(asked.ended(Outcome.DENIED, 0).at(START).build()));
            harness.watermark(START.plusSeconds(30));
            assertThat(harness.alerts()).isEmpty();
            harness.play(List.of(
                    asked.ended(Outcome.SUCCESS, 0).at(START.plusSeconds(60)).build()));
            harness.play(List.of(unusual(1).at(START.plusSeconds(90)).build()));
            assertThat(harness.end().alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo("dev was used by an ARN new to it: arn:aws:iam::1:role/r1"));
        }
    }

    @Test
    void theArnBelongsToWhoeverImpersonates() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(past());
            harness.play(List.of(unusual(1).impersonatedBy("ops").at(START).build()));
            harness.watermark(START.plusSeconds(30));
            assertThat(harness.alerts()).isEmpty();
            harness.play(List.of(unusual(1)
                    .by("system:serviceaccount:ci:robot")
                    .impersonatedBy("dev")
                    .at(START.plusSeconds(60))
                    .build()));
            assertThat(harness.end().alerts()).hasSize(1);
        }
    }

    @Test
    void nodesShareRolesAndAreNotAskedWhereTheyBelong() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            past().forEach(event -> harness.play(List.of(usual().by("system:node:n1")
                    .from(AuditEvents.INSIDE)
                    .at(event.time())
                    .build())));
            harness.play(List.of(
                    unusual(1).by("system:node:n1").authenticator().at(START).build()));
            assertThat(harness.end().alerts()).isEmpty();
        }
    }
}
