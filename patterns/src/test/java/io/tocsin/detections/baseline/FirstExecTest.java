package io.tocsin.detections.baseline;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.NewnessContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstExecTest implements NewnessContract {
    @Override
    public Detection<?> detection() {
        return new FirstExec();
    }

    @Override
    public AuditEvents usual() {
        return event();
    }

    @Override
    public AuditEvents unusual(int number) {
        return event().doing("get", "pods", "web", "p" + number).sub("exec").ended(Outcome.SUCCESS, 101);
    }

    @Override
    public AuditEvents bySomebodyElse(AuditEvents event) {
        return event.by("bob");
    }

    /** There is only one first time. */
    @Override
    @Test
    public void toldOnceUntilItHasBeenQuietForTheSuppressionTime() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(past());
            harness.play(List.of(unusual(1).at(START).build()));
            for (int day = 1; day < 18; day++) {
                harness.play(
                        List.of(usual().at(START.plus(Duration.ofDays(day))).build()));
            }
            harness.play(List.of(unusual(2).at(START.plus(Duration.ofDays(18))).build()));
            harness.play(List.of(unusual(2).at(START.plus(Duration.ofDays(30))).build()));
            harness.end();
            assertThat(harness.alerts()).hasSize(2);
            assertThat(harness.alerts().get(0).message())
                    .isEqualTo("alice entered a container, which is new to it: get pods/exec web/p1");
        }
    }

    @Test
    void attachWithAnInputAndEphemeralContainersAreEntriesAndLookingIsNot() {
        for (AuditEvents entry : List.of(
                unusual(1).sub("attach").uri("/x?stdin=true"),
                unusual(1).doing("patch", "pods", "web", "p").sub("ephemeralcontainers"))) {
            try (DetectionHarness harness = DetectionHarness.of(detection())) {
                harness.play(past());
                harness.play(List.of(unusual(1).sub("log").at(START).build()));
                harness.watermark(START.plusSeconds(30));
                assertThat(harness.alerts()).isEmpty();
                harness.play(List.of(entry.at(START.plusSeconds(60)).build()));
                assertThat(harness.end().alerts()).hasSize(1);
            }
        }
    }
}
