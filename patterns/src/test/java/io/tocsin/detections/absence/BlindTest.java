package io.tocsin.detections.absence;

import static io.tocsin.detections.absence.TestingLogs.at;
import static io.tocsin.detections.absence.TestingLogs.record;
import static io.tocsin.detections.absence.TestingLogs.steady;
import static io.tocsin.event.Source.EKS_AUTHENTICATOR;
import static io.tocsin.event.Source.KUBERNETES_AUDIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Configured;
import io.tocsin.detection.Detection;
import io.tocsin.detections.credentialaccess.TokenUsedOffNode;
import io.tocsin.detections.privilegeescalation.DeniedThenGranted;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class BlindTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long DAY = 24 * 60;

    private static DetectionHarness harness() {
        List<Detection<?>> some = List.of(new Blind(), new DeniedThenGranted(), new TokenUsedOffNode());
        return DetectionHarness.of(some, Map.of());
    }

    private static List<SecurityEvent> audit(long first, long last) {
        return steady(KUBERNETES_AUDIT, "c1", MINUTE, at(first), at(last));
    }

    @Test
    void listsOnceWhatTheEnabledDetectionsOfAClusterLack() {
        try (DetectionHarness harness = harness()) {
            harness.play(audit(0, DAY)).watermark(at(DAY + 1));
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.detection()).isEqualTo("blind");
                assertThat(alert.severity()).isEqualTo(Severity.INFORMATIONAL);
                assertThat(alert.time()).isEqualTo(at(DAY));
                assertThat(alert.facts())
                        .containsEntry("blind", "2")
                        .containsEntry("enabled", "3")
                        .containsEntry("blind.denied-then-granted", "eks-authenticator records")
                        .containsKey("blind.token-used-off-node")
                        .doesNotContainKey("blind.blind");
                assertThat(alert.message())
                        .startsWith(
                                "2 of 3 detections are blind in cluster c1: denied-then-granted, token-used-off-node");
            });
        }
    }

    @Test
    void waitsForTheWarmUpAndForEnoughRecords() {
        try (DetectionHarness harness = harness()) {
            harness.play(audit(0, DAY - 1)).end();
            assertThat(harness.alerts()).isEmpty();
        }
        try (DetectionHarness harness = harness()) {
            harness.play(steady(KUBERNETES_AUDIT, "c1", Duration.ofMinutes(2), at(0), at(DAY + 500)))
                    .end();
            assertThat(harness.alerts()).as("970 records").isEmpty();
        }
    }

    @Test
    void theSameAgainIsARepeatAndAnotherListIsNews() {
        try (DetectionHarness harness = harness()) {
            harness.play(audit(0, 4 * DAY)).watermark(at(4 * DAY + 1));
            assertThat(harness.alerts()).hasSize(1);
            harness.play(List.of(record(EKS_AUTHENTICATOR, "c1", at(4 * DAY + 2))));
            harness.play(audit(4 * DAY + 3, 6 * DAY)).end();
            assertThat(harness.alerts()).hasSize(2);
            assertThat(harness.alerts().get(1).facts()).containsEntry("blind", "1");
            assertThat(harness.updates()).hasSize(2);
        }
    }

    @Test
    void whatWasLastCarriedAWeekAgoIsMissing() {
        try (DetectionHarness harness = harness()) {
            List<SecurityEvent> events = new ArrayList<>(audit(0, 10 * DAY));
            events.add(0, record(EKS_AUTHENTICATOR, "c1", at(0)));
            harness.play(events).end();
            assertThat(harness.alerts())
                    .extracting(alert -> alert.facts().get("blind"))
                    .containsExactly("1", "2");
        }
    }

    @Test
    void clustersAreToldApart() {
        try (DetectionHarness harness = harness()) {
            List<SecurityEvent> events = new ArrayList<>(audit(0, DAY));
            events.add(0, record(EKS_AUTHENTICATOR, "c2", at(0)));
            harness.play(events).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.cluster()).isEqualTo("c1");
                assertThat(alert.facts()).containsEntry("blind", "2");
            });
        }
    }

    @Test
    void saysTheSameWhateverTheOrderOfArrivalAndWithARestart() {
        List<SecurityEvent> events = audit(0, 2 * DAY + 5);
        List<String> expected;
        try (DetectionHarness harness = harness()) {
            expected = harness.play(events).end().lines();
        }
        List<Detection<?>> some = List.of(new Blind(), new DeniedThenGranted(), new TokenUsedOffNode());
        try (DetectionHarness harness = DetectionHarness.of(some, 2, Map.of())) {
            harness.playDisordered(events, new Random(1), Duration.ofSeconds(60))
                    .end();
            assertThat(harness.lines()).isEqualTo(expected);
        }
        try (DetectionHarness harness = harness()) {
            harness.play(events.subList(0, 1_000)).restart();
            harness.play(events.subList(1_000, events.size())).end();
            assertThat(harness.lines()).isEqualTo(expected);
        }
    }

    @Test
    void aRestartMayChangeTheWarmUp() {
        try (DetectionHarness harness = harness()) {
            harness.play(audit(0, 1_100)).restart(Map.of("detections.blind.warm-up", "1 h"));
            harness.play(audit(1_101, 1_110)).end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void refusesBadValuesByTheirKey() {
        for (String bad : List.of("warm-up=-1 s", "min-records=0", "look-back=1 d")) {
            String key = "detections.blind." + bad.substring(0, bad.indexOf('='));
            String value = bad.substring(bad.indexOf('=') + 1);
            assertThatThrownBy(() -> Configured.of(new Blind(), Configuration.fromMap(Map.of(key, value)), true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key);
        }
    }
}
