package io.tocsin.detections.reconnaissance;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
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

class WebScanTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String MIN_ERRORS = "detections.web-scan.min-errors";

    @Override
    public Detection<?> detection() {
        return new WebScan();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return requests(start, 30, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        List<String> numbers = List.of("0", "-5", "many");
        return Map.of("min-paths", numbers, "min-errors", numbers, "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents request(String uri, int code) {
        return event().log(Source.ACCESS_LOG)
                .from(ELSEWHERE)
                .uri(uri)
                .having(builder -> builder.verb = "get")
                .ended(code < 400 ? Outcome.SUCCESS : Outcome.ERROR, code);
    }

    private static List<SecurityEvent> requests(Instant start, int many, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(by.apply(request("/p" + i, 404))
                    .at(start.plusMillis(1_300L * i))
                    .build());
        }
        return events;
    }

    private static UnaryOperator<AuditEvents> answered(int code) {
        return by -> by.ended(code < 400 ? Outcome.SUCCESS : Outcome.ERROR, code);
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    private int alerts(int many, UnaryOperator<AuditEvents> by) {
        return alerts(requests(START, many, by));
    }

    @Test
    void tellsTheAddressAndTheLastAnswer() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(requests(START, 30, by -> by)).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo("198.51.100.9 got 30 error answers (threshold 30), the last one get /p29 (404)"));
        }
    }

    @Test
    void countsPathsThatAreRedirected() {
        assertThat(alerts(49, answered(302))).isZero();
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(requests(START, 50, answered(302))).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo("198.51.100.9 asked for 50 different paths that were not served (threshold 50), the last"
                            + " one get /p49 (302)"));
        }
    }

    @Test
    void oneScanIsOneAlertHoweverItIsCounted() {
        assertThat(alerts(120, by -> by)).isEqualTo(1);
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = requests(START, 29, by -> by);
        inside.add(request("/last", 404).at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = requests(START, 29, by -> by);
        outside.add(request("/last", 404).at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void keepsAddressesApart() {
        List<SecurityEvent> events = requests(START, 29, by -> by);
        events.add(request("/last", 404).from(OFFICE).at(START.plusSeconds(60)).build());
        assertThat(alerts(events)).isZero();
        assertThat(alerts(100, by -> by.from(null))).isZero();
    }

    @Test
    void errorsOnOnePathCountEach() {
        assertThat(alerts(30, by -> by.uri("/login").ended(Outcome.UNAUTHENTICATED, 401)))
                .isEqualTo(1);
    }

    @Test
    void theQueryMakesNoOtherPathAndLongPathsAreCut() {
        List<SecurityEvent> events = new ArrayList<>();
        String deep = "/" + "a".repeat(300);
        for (int i = 0; i < 100; i++) {
            String uri = i % 2 == 0 ? "/same?q=" + i : deep + i;
            events.add(request(uri, 302).at(START.plusSeconds(i)).build());
        }
        assertThat(alerts(events)).isZero();
    }

    @Test
    void whatIsServedIsNotCounted() {
        for (int code : new int[] {200, 204, 206, 304, 101}) {
            assertThat(alerts(100, answered(code))).as("%s", code).isZero();
        }
    }

    @Test
    void troubleOfTheServerIsNotTheClients() {
        for (int code : new int[] {408, 429, 499, 502, 503, 504}) {
            assertThat(alerts(100, answered(code))).as("%s", code).isZero();
        }
        for (int code : new int[] {400, 403, 405, 500, 501}) {
            assertThat(alerts(30, answered(code))).as("%s", code).isEqualTo(1);
        }
        assertThat(alerts(30, by -> by.ended(Outcome.DENIED, 0))).isEqualTo(1);
        assertThat(alerts(100, by -> by.ended(Outcome.UNKNOWN, 0))).isZero();
    }

    @Test
    void healthChecksAreQuietFromInsideOnly() {
        assertThat(alerts(40, by -> by.uri("/healthz").from(INSIDE))).isZero();
        assertThat(alerts(40, by -> by.uri("/healthz"))).isEqualTo(1);
        UnaryOperator<AuditEvents> probe = by -> by.having(builder -> builder.userAgent = "kube-probe/1.31");
        assertThat(alerts(40, by -> probe.apply(by).from(INSIDE))).isZero();
        assertThat(alerts(40, probe)).isEqualTo(1);
        assertThat(alerts(40, by -> by.from(INSIDE))).isEqualTo(1);
    }

    @Test
    void otherLogsAreNotRead() {
        assertThat(alerts(100, by -> by.having(builder -> builder.source = Source.HUBBLE)))
                .isZero();
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        try (DetectionHarness lower = DetectionHarness.of(detection());
                DetectionHarness higher = DetectionHarness.of(detection())) {
            SecurityEvent last = request("/last", 404).at(START.plusSeconds(60)).build();
            lower.play(requests(START, 4, by -> by)).restart(Map.of(MIN_ERRORS, "5"));
            lower.play(List.of(last)).end();
            assertThat(lower.alerts()).hasSize(1);
            higher.play(requests(START, 29, by -> by)).restart(Map.of(MIN_ERRORS, "31"));
            higher.play(List.of(last)).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> flood = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                flood.add(request("/p" + i, 404).at(START.plusMillis(i * 10L)).build());
            }
            harness.watermark(START).send(flood).watermark(START.plusSeconds(60));
            assertThat(harness.stateEntries()).as("two rates").isLessThan(2_200);
            assertThat(harness.received("web-scan-alerts")).isLessThanOrEqualTo(12);
            assertThat(harness.alerts()).hasSize(1);
        }
    }
}
