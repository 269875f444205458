package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
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
import org.junit.jupiter.api.Test;

class SshBruteForceTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final String MIN = "detections.ssh-brute-force.min-failures";

    @Override
    public Detection<?> detection() {
        return new SshBruteForce();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return failures(start, 10, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-failures", List.of("0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents failure() {
        return event().log(Source.JOURNALD)
                .by("root")
                .from(ELSEWHERE)
                .ended(Outcome.UNAUTHENTICATED, 0)
                .having(builder -> {
                    builder.verb = "login";
                    builder.place = Place.onNode("n1");
                });
    }

    private static List<SecurityEvent> failures(Instant start, int many, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(by.apply(failure()).at(start.plusMillis(2_300L * i)).build());
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
        return alerts(failures(START, 10, by));
    }

    private static AuditEvents on(AuditEvents event, String node) {
        return event.having(builder -> builder.place = Place.onNode(node));
    }

    @Test
    void tellsTheNodeTheAddressAndTheLastName() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(failures(START, 10, by -> on(by, "n|1"))).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.message())
                        .isEqualTo(
                                "10 logins to node n|1 failed from 198.51.100.9 (threshold 10), the last one as root");
                assertThat(alert.count()).isEqualTo(10);
            });
        }
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = failures(START, 9, by -> by);
        inside.add(failure().at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = failures(START, 9, by -> by);
        outside.add(failure().at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void keepsNodesAndAddressesApart() {
        List<SecurityEvent> nodes = failures(START, 9, by -> by);
        nodes.add(on(failure(), "n2").at(START.plusSeconds(60)).build());
        assertThat(alerts(nodes)).isZero();
        List<SecurityEvent> addresses = failures(START, 9, by -> by);
        addresses.add(failure().from("198.51.100.10").at(START.plusSeconds(60)).build());
        assertThat(alerts(addresses)).isZero();
    }

    @Test
    void countsWhateverNameIsTried() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            events.add(failure().by("user" + i).at(START.plusSeconds(i)).build());
        }
        assertThat(alerts(events)).isEqualTo(1);
    }

    @Test
    void aLineThatStandsForSeveralAttemptsCountsAsMany() {
        AuditEvents repeated = failure().having(builder -> builder.count = 9).at(START);
        assertThat(alerts(List.of(repeated.build()))).isZero();
        assertThat(alerts(List.of(
                        repeated.build(), failure().at(START.plusSeconds(20)).build())))
                .isEqualTo(1);
    }

    @Test
    void onlyFailedLoginsCount() {
        assertThat(alerts(by -> by.ended(Outcome.SUCCESS, 0))).isZero();
        assertThat(alerts(by -> by.ended(Outcome.UNKNOWN, 0))).isZero();
        assertThat(alerts(by -> by.having(builder -> builder.verb = "sudo"))).isZero();
        assertThat(alerts(by -> by.ended(Outcome.DENIED, 0))).isEqualTo(1);
    }

    @Test
    void staysQuietWithoutAddressOrNode() {
        assertThat(alerts(by -> by.from(null))).isZero();
        assertThat(alerts(by -> by.having(builder -> builder.place = Place.NONE)))
                .isZero();
    }

    @Test
    void readsEveryLogOfTheHostAndCountsNoAttemptTwice() {
        for (Source source : List.of(Source.JOURNALD, Source.SYSLOG, Source.AUDITD)) {
            assertThat(alerts(by -> by.having(builder -> builder.source = source)))
                    .as("%s", source)
                    .isEqualTo(1);
        }
        List<SecurityEvent> twice = failures(START, 9, by -> by);
        twice.addAll(failures(START, 9, by -> by.having(builder -> builder.source = Source.AUDITD)));
        assertThat(alerts(twice)).isZero();
        assertThat(alerts(by -> by.having(builder -> builder.source = Source.CONTAINER_LOG)))
                .isZero();
    }

    @Test
    void whatTwoLogsTellIsOneAlert() {
        List<SecurityEvent> both = failures(START, 12, by -> by);
        both.addAll(failures(START, 12, by -> by.having(builder -> builder.source = Source.AUDITD)));
        both.sort((a, b) -> a.time().compareTo(b.time()));
        assertThat(alerts(both)).isEqualTo(1);
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        try (DetectionHarness lower = DetectionHarness.of(detection());
                DetectionHarness higher = DetectionHarness.of(detection())) {
            lower.play(failures(START, 4, by -> by)).restart(Map.of(MIN, "5"));
            lower.play(List.of(failure().at(START.plusSeconds(30)).build())).end();
            assertThat(lower.alerts()).hasSize(1);
            higher.play(failures(START, 9, by -> by)).restart(Map.of(MIN, "11"));
            higher.play(List.of(failure().at(START.plusSeconds(30)).build())).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                flood.add(failure().at(START.plusMillis(i * 10L)).build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.stateEntries()).isLessThan(1_100);
            assertThat(harness.received("ssh-brute-force-alerts")).isLessThanOrEqualTo(6);
            assertThat(harness.alerts()).hasSize(1);
        }
    }
}
