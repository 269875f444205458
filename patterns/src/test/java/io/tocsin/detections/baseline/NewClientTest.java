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
}
