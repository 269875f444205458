package io.tocsin.detections.discovery;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlowDeniedScanTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final String MIN = "detections.flow-denied-scan.min-destinations";

    @Override
    public Detection<?> detection() {
        return new FlowDeniedScan();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return drops(start, 20, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-destinations", List.of("0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents drop(@Nullable String address, int port, @Nullable String pod) {
        return fromPod(event().log(Source.HUBBLE).from(INSIDE), "web/a")
                .ended(Outcome.DENIED, 0)
                .because("POLICY_DENIED")
                .having(builder -> {
                    builder.verb = "connect";
                    builder.flow = new Flow("tcp", address, port, null, pod, null, "egress");
                });
    }

    private static AuditEvents fromPod(AuditEvents event, @Nullable String pod) {
        return event.having(builder -> builder.place = new Place(null, null, pod, null, null, null, null, null));
    }

    private static List<SecurityEvent> drops(Instant start, int many, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(by.apply(drop("10.1.0." + i / 2, 80 + i % 2, null))
                    .at(start.plusMillis(1_300L * i))
                    .build());
        }
        return events;
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    private int alerts(UnaryOperator<AuditEvents> by) {
        return alerts(drops(START, 20, by));
    }

    @Test
    void tellsThePodAndHowMany() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(drops(START, 20, by -> by)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo("Flows of pod web/a to 20 different destinations were dropped by policy (threshold 20),"
                            + " the last one because of POLICY_DENIED"));
        }
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = drops(START, 19, by -> by);
        inside.add(
                drop("10.2.0.1", 1, null).at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = drops(START, 19, by -> by);
        outside.add(drop("10.2.0.1", 1, null).at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void keepsPodsApartEvenBehindOneAddress() {
        List<SecurityEvent> events = drops(START, 19, by -> by);
        events.add(fromPod(drop("10.2.0.1", 1, null), "web/b")
                .at(START.plusSeconds(60))
                .build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void aSourceThatIsNoPodIsItsAddress() {
        assertThat(alerts(by -> fromPod(by, null))).isEqualTo(1);
        assertThat(alerts(by -> fromPod(by, null).from(null))).isZero();
        List<SecurityEvent> events = drops(START, 19, by -> fromPod(by, null));
        events.add(fromPod(drop("10.2.0.1", 1, null), null)
                .from("10.0.0.6")
                .at(START.plusSeconds(60))
                .build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void oneDestinationAgainAndAgainCountsOnce() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(
                    drop("10.2.0." + i, 80, "db/pg-0").at(START.plusSeconds(i)).build());
        }
        assertThat(alerts(events)).as("a pod is one, whatever its addresses").isZero();
    }

    @Test
    void onlyWhatAPolicyDroppedCounts() {
        assertThat(alerts(by -> by.ended(Outcome.SUCCESS, 0))).isZero();
        assertThat(alerts(by -> by.ended(Outcome.ERROR, 0))).isZero();
        for (String trouble : List.of("STALE_OR_UNROUTABLE_IP", "CT_MAP_INSERTION_FAILED", "Invalid source ip")) {
            assertThat(alerts(by -> by.because(trouble))).as(trouble).isZero();
        }
        for (String policy : List.of("POLICY_DENY", "AUTH_REQUIRED", "web/default-deny", "default-deny")) {
            assertThat(alerts(by -> by.because(policy))).as(policy).isEqualTo(1);
        }
        assertThat(alerts(by -> by.because(null))).isEqualTo(1);
        assertThat(alerts(by -> by.having(builder -> builder.flow = Flow.NONE))).isZero();
        assertThat(alerts(by -> by.having(builder -> builder.source = Source.ACCESS_LOG)))
                .isZero();
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        try (DetectionHarness lower = DetectionHarness.of(detection());
                DetectionHarness higher = DetectionHarness.of(detection())) {
            SecurityEvent last =
                    drop("10.2.0.1", 1, null).at(START.plusSeconds(40)).build();
            lower.play(drops(START, 4, by -> by)).restart(Map.of(MIN, "5"));
            lower.play(List.of(last)).end();
            assertThat(lower.alerts()).hasSize(1);
            higher.play(drops(START, 19, by -> by)).restart(Map.of(MIN, "21"));
            higher.play(List.of(last)).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                flood.add(
                        drop("10.2.0.1", i, null).at(START.plusMillis(i * 10L)).build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.stateEntries()).isLessThan(1_100);
            assertThat(harness.received("flow-denied-scan-alerts")).isLessThanOrEqualTo(6);
            assertThat(harness.alerts()).hasSize(1);
        }
    }
}
