package io.tocsin.detections.privilegeescalation;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
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

class DeniedThenGrantedTest implements DetectionContract {
    private static final String ROLE = "arn:aws:iam::1:role/eve";
    private static final String OTHER = "arn:aws:iam::1:role/ops";
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final String CEP = "denied-then-granted-cep-v1";

    private final DetectionHarness harness = DetectionHarness.of(new DeniedThenGranted());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new DeniedThenGranted();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return story(start, mapped(), granted(), by -> by.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-denied", List.of("0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents denied() {
        return event().by(null).arn(ROLE).authenticator().ended(Outcome.DENIED, 0);
    }

    private static AuditEvents mapped() {
        return event().by("ops").arn(OTHER).doing("patch", "configmaps", "kube-system", "aws-auth");
    }

    private static AuditEvents granted() {
        return event().by("eve")
                .arn(ROLE)
                .authenticator()
                .ended(Outcome.SUCCESS, 0)
                .groups("system:masters", "system:authenticated");
    }

    private static AuditEvents api() {
        return event().by("eve").arn(ROLE).from(ELSEWHERE);
    }

    private static List<SecurityEvent> denials(Instant start, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            events.add(by.apply(denied()).at(start.plusSeconds(11L * i)).build());
        }
        return events;
    }

    private static List<SecurityEvent> story(
            Instant start, AuditEvents mapped, AuditEvents granted, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = denials(start, by);
        events.add(by.apply(mapped).at(start.plusSeconds(60)).build());
        events.add(by.apply(granted).at(start.plusSeconds(90)).build());
        return events;
    }

    private int alerts(AuditEvents mapped, AuditEvents granted) {
        return alerts(story(START, mapped, granted, by -> by));
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    @Test
    void tellsTheRoleTheChangeAndTheGrant() {
        harness.play(story(START, mapped(), granted(), by -> by)).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "arn:aws:iam::1:role/eve was denied 3 times; then ops changed aws-auth from 203.0.113.7; then the"
                                    + " role was let in with broad rights: system:masters");
            assertThat(alert.evidence())
                    .extracting("stage")
                    .containsExactly("denials", "denials", "denials", "mapping-changed", "granted");
        });
    }

    @Test
    void measuresTheWindowFromTheFirstDenialExclusively() {
        List<SecurityEvent> events = denials(START, by -> by);
        events.add(mapped().at(START.plusSeconds(60)).build());
        List<SecurityEvent> inside = new ArrayList<>(events);
        inside.add(granted().at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = new ArrayList<>(events);
        outside.add(granted().at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void aRoleThatIsDeniedAllDayIsNotHiddenByThat() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int minute = 0; minute < 300; minute += 5) {
            events.add(denied().at(START.plus(Duration.ofMinutes(minute))).build());
        }
        events.add(mapped().at(START.plus(Duration.ofHours(5))).build());
        events.add(granted().at(START.plus(Duration.ofMinutes(310))).build());
        harness.play(events).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.start()).isAfter(alert.time().minus(WINDOW));
            assertThat(alert.evidence())
                    .allMatch(record -> record.time().isAfter(alert.time().minus(WINDOW)));
        });
    }

    @Test
    void staysQuietInAnyOtherOrder() {
        List<SecurityEvent> grantedFirst = denials(START, by -> by);
        grantedFirst.add(granted().at(START.plusSeconds(60)).build());
        grantedFirst.add(mapped().at(START.plusSeconds(90)).build());
        assertThat(alerts(grantedFirst)).isZero();
        List<SecurityEvent> mappedFirst =
                new ArrayList<>(List.of(mapped().at(START).build()));
        mappedFirst.addAll(denials(START.plusSeconds(10), by -> by));
        mappedFirst.add(granted().at(START.plusSeconds(60)).build());
        assertThat(alerts(mappedFirst)).isZero();
    }

    @Test
    void keepsRolesApart() {
        assertThat(alerts(mapped(), granted().arn(OTHER))).isZero();
        List<SecurityEvent> two = story(START, mapped(), granted(), by -> by);
        two.addAll(story(START, mapped(), granted(), by -> by.build().arn().equals(ROLE) ? by.arn(OTHER) : by));
        two.sort((a, b) -> a.time().compareTo(b.time()));
        assertThat(alerts(two)).isEqualTo(2);
    }

    @Test
    void aChangeThatNamesRolesCountsForThoseOnly() {
        assertThat(alerts(mapped().naming(OTHER, ROLE), granted())).isEqualTo(1);
        assertThat(alerts(mapped().naming(OTHER), granted())).isZero();
    }

    @Test
    void anEngineerMappedToANarrowGroupIsQuiet() {
        assertThat(alerts(mapped(), granted().groups("developers"))).isZero();
        assertThat(alerts(mapped(), api().doing("list", "pods", "web", null))).isZero();
        assertThat(alerts(mapped(), api().doing("list", "secrets", "web", null)))
                .isZero();
        assertThat(alerts(mapped(), api().doing("get", "secrets", null, "a"))).isZero();
        assertThat(alerts(mapped(), api().because("RBAC: allowed by ClusterRole \"view\"")))
                .isZero();
    }

    @Test
    void everyBroadUseCompletesTheStory() {
        String rbac = "rbac.authorization.k8s.io";
        assertThat(alerts(
                        mapped(),
                        api().because("RBAC: allowed by ClusterRoleBinding \"x\" of ClusterRole \"cluster-admin\" to"
                                + " Group \"y\"")))
                .isEqualTo(1);
        assertThat(alerts(
                        mapped(),
                        api().because("EKS Access Policy: allowed by ClusterRoleBinding"
                                + " \"arn:aws:iam::1:role/eve+AmazonEKSClusterAdminPolicy\"")))
                .isEqualTo(1);
        assertThat(alerts(mapped(), api().doing("list", "secrets", null, null))).isEqualTo(1);
        assertThat(alerts(mapped(), api().doing("watch", "secrets", null, null)))
                .isEqualTo(1);
        assertThat(alerts(
                        mapped(),
                        api().doing("create", "rolebindings", "web", "a").group(rbac)))
                .isEqualTo(1);
        assertThat(alerts(
                        mapped(), api().doing("get", "rolebindings", "web", "a").group(rbac)))
                .isZero();
    }

    @Test
    void whatIsRefusedOrOnlyTriedChangesNothing() {
        assertThat(alerts(mapped().denied(), granted())).isZero();
        assertThat(alerts(mapped().dry(), granted())).isZero();
        assertThat(alerts(mapped().doing("get", "configmaps", "kube-system", "aws-auth"), granted()))
                .isZero();
        assertThat(alerts(mapped().doing("patch", "configmaps", "web", "aws-auth"), granted()))
                .isZero();
        assertThat(alerts(mapped().doing("patch", "configmaps", "kube-system", "coredns"), granted()))
                .isZero();
        assertThat(alerts(mapped(), api().doing("list", "secrets", null, null).denied()))
                .isZero();
        assertThat(alerts(mapped(), granted().ended(Outcome.DENIED, 0))).isZero();
    }

    @Test
    void refusalsByTheApiAreNoDenialsOfTheRole() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            events.add(api().doing("get", "secrets", "web", "s" + i)
                    .denied()
                    .at(START.plusSeconds(i))
                    .build());
        }
        events.add(mapped().at(START.plusSeconds(60)).build());
        events.add(granted().at(START.plusSeconds(90)).build());
        assertThat(alerts(events)).isZero();
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        List<SecurityEvent> story = story(START, mapped(), granted(), by -> by);
        harness.play(story.subList(1, 3)).restart(Map.of("detections.denied-then-granted.min-denied", "2"));
        harness.play(story.subList(3, 5)).end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness higher = DetectionHarness.of(detection())) {
            higher.play(story.subList(0, 4)).watermark(START.plusSeconds(80));
            higher.restart(Map.of("detections.denied-then-granted.min-denied", "4"));
            higher.play(story.subList(4, 5)).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void aRestartMayChangeTheWindow() {
        List<SecurityEvent> story = story(START, mapped(), granted(), by -> by);
        harness.play(story.subList(0, 4)).watermark(START.plusSeconds(80));
        harness.restart(Map.of("detections.denied-then-granted.window", "1 min"));
        harness.play(story.subList(4, 5)).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness longer = DetectionHarness.of(detection())) {
            longer.play(story.subList(0, 4)).watermark(START.plusSeconds(80));
            longer.restart(Map.of("detections.denied-then-granted.window", "5 h"));
            longer.play(List.of(granted().at(START.plus(Duration.ofHours(3))).build()))
                    .end();
            assertThat(longer.alerts()).hasSize(1);
        }
    }

    @Test
    void staysCheapUnderAFloodOfDenialsAndChanges() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(denied().auditId("d" + i).at(START.plusMillis(i * 100L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(500));
        assertThat(harness.received(CEP)).isLessThanOrEqualTo(66);
        assertThat(harness.stateEntries()).isLessThan(5_000);
        harness.send(
                        mapped().at(START.plusSeconds(510)).build(),
                        granted().at(START.plusSeconds(520)).build())
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.evidence())
                .hasSizeLessThanOrEqualTo(12));
    }

    @Test
    void manyDeniedRolesAreBounded() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(denied().arn("arn:aws:iam::1:role/r" + i)
                    .at(START.plusMillis(i * 100L))
                    .build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(510));
        harness.send(mapped().at(START.plusSeconds(520)).build()).watermark(START.plusSeconds(540));
        assertThat(harness.received(CEP))
                .as("roles below the threshold cost the pattern nothing")
                .isZero();
        assertThat(harness.alerts()).isEmpty();
    }
}
