package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReconToHarvestTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String CEP = "recon-to-harvest-cep-v1";

    private final DetectionHarness harness = DetectionHarness.of(new ReconToHarvest());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new ReconToHarvest();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return attack(start, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of(
                "min-kinds", List.of("0", "-1", "many"),
                "min-secrets", List.of("0", "-1", "many"),
                "window", List.of("0 s", "9 s", "a while"));
    }

    private static List<SecurityEvent> attack(Instant start, UnaryOperator<AuditEvents> by) {
        List<AuditEvents> steps =
                List.of(review(), list("pods"), list("services"), list("configmaps"), read("a"), read("b"), read("c"));
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            events.add(by.apply(steps.get(i)).at(start.plusSeconds(40L * i)).build());
        }
        return events;
    }

    private static AuditEvents review() {
        return event().doing("create", "selfsubjectrulesreviews", null, null);
    }

    private static AuditEvents list(String kind) {
        return event().doing("list", kind, "web", null);
    }

    private static AuditEvents read(String secret) {
        return event().doing("get", "secrets", "web", secret);
    }

    /** Plays these, so many seconds after the start. */
    private int alerts(Map<Integer, AuditEvents> events) {
        List<SecurityEvent> played = events.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry ->
                        entry.getValue().at(START.plusSeconds(entry.getKey())).build())
                .toList();
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(played).end();
            return one.alerts().size();
        }
    }

    private static int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(new ReconToHarvest())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    @Test
    void tellsWhoDidWhatWithTheEvidence() {
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "alice asked what it may do, listed at least 3 kinds of resources, and then read at least 3"
                                    + " secrets from 203.0.113.7, the last one get secrets web/c");
            assertThat(alert.evidence())
                    .extracting("stage")
                    .containsExactly(
                            "review",
                            "kinds-listed",
                            "kinds-listed",
                            "kinds-listed",
                            "secrets-read",
                            "secrets-read",
                            "secrets-read");
            assertThat(alert.facts())
                    .containsOnly(
                            Map.entry("needed_kinds_listed", "3"),
                            Map.entry("counted_kinds_listed", "3"),
                            Map.entry("needed_secrets_read", "3"),
                            Map.entry("counted_secrets_read", "3"),
                            Map.entry("window", "PT10M"),
                            Map.entry("taken", "PT4M"));
        });
    }

    @Test
    void ofServiceAccountsInsideOnlyWhatIsNewToThemCounts() {
        UnaryOperator<AuditEvents> robot =
                by -> by.by("system:serviceaccount:ci:robot").from(AuditEvents.INSIDE);
        List<SecurityEvent> yesterday = attack(START.minusSeconds(86_400), robot);
        assertThat(alerts(yesterday)).isEqualTo(1);
        List<SecurityEvent> usual = new ArrayList<>(yesterday.subList(1, yesterday.size()));
        usual.addAll(attack(START, robot));
        assertThat(alerts(usual)).isZero();
        List<SecurityEvent> stolen = new ArrayList<>(yesterday.subList(1, yesterday.size()));
        stolen.addAll(attack(START, by -> robot.apply(by).from(AuditEvents.ELSEWHERE)));
        assertThat(alerts(stolen)).isEqualTo(1);
    }

    @Test
    void measuresTheWindowFromTheReviewExclusively() {
        List<SecurityEvent> before = attack(START, by -> by).subList(0, 6);
        List<SecurityEvent> inside = new ArrayList<>(before);
        inside.add(read("c").at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = new ArrayList<>(before);
        outside.add(read("c").at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void everyStepWaitsForTheOneBefore() {
        assertThat(alerts(Map.of(
                        0,
                        list("pods"),
                        40,
                        list("services"),
                        80,
                        list("configmaps"),
                        120,
                        review(),
                        160,
                        read("a"),
                        200,
                        read("b"),
                        240,
                        read("c"))))
                .as("listed before the review")
                .isZero();
        assertThat(alerts(Map.of(
                        0,
                        review(),
                        40,
                        read("a"),
                        80,
                        read("b"),
                        120,
                        read("c"),
                        160,
                        list("pods"),
                        200,
                        list("services"),
                        240,
                        list("configmaps"))))
                .as("read before the lists")
                .isZero();
        assertThat(alerts(Map.of(
                        0,
                        review(),
                        40,
                        read("a"),
                        80,
                        list("pods"),
                        120,
                        list("services"),
                        160,
                        list("configmaps"),
                        200,
                        read("b"),
                        240,
                        read("c"))))
                .as("one of the secrets before the last list")
                .isZero();
    }

    @Test
    void secretsReadBeforeTheListsHideNothing() {
        // The threshold is reached with older secrets first; only three that follow the lists complete the story.
        List<AuditEvents> steps = List.of(
                review(),
                read("x"),
                read("y"),
                read("z"),
                list("pods"),
                list("services"),
                list("configmaps"),
                read("a"),
                read("b"),
                read("c"));
        for (long millis : new long[] {1_000, 3_000, 12_000, 40_000}) {
            List<SecurityEvent> events = new ArrayList<>();
            for (int i = 0; i < steps.size(); i++) {
                events.add(steps.get(i).at(START.plusMillis(millis * i)).build());
            }
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                one.play(events).end();
                assertThat(one.alerts())
                        .as("every %s ms", millis)
                        .singleElement()
                        .satisfies(alert ->
                                assertThat(alert.time()).isEqualTo(events.get(9).time()));
                assertThat(one.alerts().get(0).start()).isEqualTo(START);
            }
            assertThat(alerts(events.subList(0, 9))).as("every %s ms", millis).isZero();
        }
    }

    @Test
    void anOlderReviewHidesNoYoungerOne() {
        // Lists that began between two reviews belong to the first; it is too old once the secrets are read.
        assertThat(alerts(Map.ofEntries(
                        Map.entry(0, review()),
                        Map.entry(40, list("pods")),
                        Map.entry(80, list("services")),
                        Map.entry(200, review()),
                        Map.entry(201, list("nodes")),
                        Map.entry(202, list("configmaps")),
                        Map.entry(203, list("jobs")),
                        Map.entry(700, read("a")),
                        Map.entry(710, read("b")),
                        Map.entry(720, read("c")))))
                .isEqualTo(1);
    }

    @Test
    void dashboardsAskAndListAllDay() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int minute = 0; minute < 120; minute++) {
            Instant time = START.plus(Duration.ofMinutes(minute));
            events.add(review().at(time).build());
            for (int kind = 0; kind < 10; kind++) {
                events.add(list("kind" + kind).at(time.plusSeconds(1 + kind)).build());
            }
            events.add(list("secrets").at(time.plusSeconds(30)).build());
            events.add(event().doing("list", "secrets", null, null)
                    .at(time.plusSeconds(31))
                    .build());
        }
        harness.play(events).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void helmsReleasesAreNoSecrets() {
        List<SecurityEvent> events = new ArrayList<>(attack(START, by -> by).subList(0, 6));
        events.add(read("sh.helm.release.v1.web.v3").at(START.plusSeconds(300)).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void oneSecretOrKindAgainAndAgainCountsOnce() {
        assertThat(alerts(Map.of(
                        0,
                        review(),
                        40,
                        list("pods"),
                        80,
                        list("services"),
                        120,
                        list("configmaps"),
                        160,
                        read("a"),
                        200,
                        read("a"),
                        240,
                        read("a"))))
                .isZero();
        assertThat(alerts(Map.of(
                        0,
                        review(),
                        40,
                        list("pods"),
                        80,
                        list("pods"),
                        120,
                        list("services"),
                        160,
                        read("a"),
                        200,
                        read("b"),
                        240,
                        read("c"))))
                .isZero();
    }

    @Test
    void kindsOfSeveralGroupsAreSeveral() {
        assertThat(alerts(Map.of(
                        0,
                        review(),
                        40,
                        list("events"),
                        80,
                        list("events").group("events.k8s.io"),
                        120,
                        list("pods"),
                        160,
                        read("a"),
                        200,
                        read("b"),
                        240,
                        read("c"))))
                .isEqualTo(1);
    }

    @Test
    void theFirstLookOfAWatchIsAList() {
        AuditEvents watch = event().doing("watch", "configmaps", "web", null);
        assertThat(withThirdKind(watch.uri("/api/v1/configmaps?watch=true"))).isEqualTo(1);
        assertThat(withThirdKind(watch.uri("/api/v1/configmaps?resourceVersion=0&watch=true")))
                .isEqualTo(1);
        assertThat(withThirdKind(watch.uri("/api/v1/configmaps?resourceVersion=815&watch=true")))
                .isZero();
    }

    private int withThirdKind(AuditEvents third) {
        return alerts(Map.of(
                0,
                review(),
                40,
                list("pods"),
                80,
                list("services"),
                120,
                third,
                160,
                read("a"),
                200,
                read("b"),
                240,
                read("c")));
    }

    @Test
    void whatIsRefusedIsNeitherListedNorRead() {
        assertThat(withThirdKind(list("configmaps").denied())).isZero();
        List<SecurityEvent> events = new ArrayList<>(attack(START, by -> by).subList(0, 6));
        events.add(read("c").denied().at(START.plusSeconds(300)).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void eitherReviewOpens() {
        List<SecurityEvent> events = new ArrayList<>(attack(START, by -> by));
        events.set(
                0,
                event().doing("create", "selfsubjectaccessreviews", null, null)
                        .at(START)
                        .build());
        assertThat(alerts(events)).isEqualTo(1);
        events.set(
                0,
                event().doing("create", "selfsubjectreviews", null, null)
                        .at(START)
                        .build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void keepsIdentitiesApart() {
        List<SecurityEvent> events = new ArrayList<>(attack(START, by -> by).subList(0, 6));
        events.add(read("c").by("bob").at(START.plusSeconds(300)).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void thePlatformAtHomeIsLeftOut() {
        for (String platform : List.of("system:node:n1", "system:kube-controller-manager")) {
            assertThat(alerts(attack(START, by -> by.by(platform).from(INSIDE))))
                    .isZero();
            assertThat(alerts(attack(START, by -> by.by(platform)))).isEqualTo(1);
        }
    }

    @Test
    void aRestartMayChangeTheThresholds() {
        List<SecurityEvent> attack = attack(START, by -> by);
        harness.play(attack.subList(0, 4)).watermark(START.plusSeconds(150));
        harness.restart(Map.of("detections.recon-to-harvest.min-secrets", "4"));
        harness.play(attack.subList(4, 7)).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness lower = DetectionHarness.of(detection())) {
            lower.play(attack.subList(0, 4)).watermark(START.plusSeconds(150));
            lower.restart(Map.of("detections.recon-to-harvest.min-secrets", "2"));
            lower.play(attack.subList(4, 6)).end();
            assertThat(lower.alerts()).hasSize(1);
        }
    }

    @Test
    void staysCheapForWhoeverAsksAndListsAllDay() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            Instant time = START.plusMillis(100L * i);
            flood.add(review().auditId("r" + i).at(time).build());
            flood.add(list("kind" + i % 50).at(time.plusMillis(1)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plus(WINDOW));
        assertThat(harness.received(CEP)).isLessThan(2 * 66);
        harness.send(
                        read("a").at(START.plus(WINDOW).plusSeconds(1)).build(),
                        read("b").at(START.plus(WINDOW).plusSeconds(2)).build(),
                        read("c").at(START.plus(WINDOW).plusSeconds(3)).build())
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }
}
