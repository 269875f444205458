package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.T0;
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

class ForbiddenThenSuccessTest implements DetectionContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final String INSIDE_TOO = "10.0.7.7";
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private DetectionHarness harness = DetectionHarness.of(new ForbiddenThenSuccess());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new ForbiddenThenSuccess();
    }

    @Override
    public List<SecurityEvent> past() {
        return List.of(event().at(T0).build(), event().at(T0).in("c2").build());
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return attack(start, event -> event.in(cluster));
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of(
                "min-forbidden", List.of("0", "-1", "many"),
                "window", List.of("0 s", "9999 ms", "soon"),
                "known-after", List.of("-1 s", "never"));
    }

    private static List<SecurityEvent> attack(Instant start, UnaryOperator<AuditEvents> by) {
        return List.of(
                by.apply(refused("a").at(start)).build(),
                by.apply(refused("b").at(start.plusMillis(1500))).build(),
                by.apply(refused("c").at(start.plusSeconds(20))).build(),
                by.apply(letIn().at(start.plusSeconds(60))).build());
    }

    private static AuditEvents refused(String name) {
        return event().from(ELSEWHERE).doing("get", "secrets", "web", name).denied();
    }

    private static AuditEvents letIn() {
        return event().from(ELSEWHERE).doing("list", "secrets", "web", null);
    }

    private void afterHome(List<SecurityEvent> events) {
        harness.play(past()).play(events).end();
    }

    private static List<SecurityEvent> attackEndingWith(AuditEvents success) {
        List<SecurityEvent> events = new ArrayList<>(attack(START, by -> by).subList(0, 3));
        events.add(success.at(START.plusSeconds(60)).build());
        return events;
    }

    @Test
    void tellsWhoFromWhereAndWhatWithTheEvidence() {
        afterHome(attack(START, by -> by));
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.evidence())
                    .extracting("stage")
                    .containsExactly("denials", "denials", "denials", "success");
            assertThat(alert.message())
                    .isEqualTo(
                            "alice was refused 3 different requests from 198.51.100.9, an address new to it, and was then"
                                    + " let in from there: list secrets web/*");
            assertThat(alert.facts())
                    .containsOnly(
                            Map.entry("needed", "3"),
                            Map.entry("counted", "3"),
                            Map.entry("window", "PT10M"),
                            Map.entry("taken", "PT1M"));
        });
    }

    @Test
    void measuresTheWindowFromTheFirstRefusalExclusively() {
        List<SecurityEvent> refusals = attack(START, by -> by).subList(0, 3);
        List<SecurityEvent> inside = new ArrayList<>(refusals);
        inside.add(letIn().at(START.plus(WINDOW).minusMillis(1)).build());
        afterHome(inside);
        assertThat(harness.alerts()).hasSize(1);

        try (DetectionHarness outside = DetectionHarness.of(detection())) {
            List<SecurityEvent> events = new ArrayList<>(refusals);
            events.add(letIn().at(START.plus(WINDOW)).build());
            outside.play(past()).play(events).end();
            assertThat(outside.alerts()).isEmpty();
        }
    }

    @Test
    void countsOnlyTheRefusalsOfTheLastWindowWhenTheSuccessCame() {
        // The first refusal has left the window, in the very part of the window in which the threshold was reached;
        // three are left.
        List<SecurityEvent> events = List.of(
                refused("a").at(START.plusSeconds(5)).build(),
                refused("b").at(START.plusSeconds(601)).build(),
                refused("c").at(START.plusSeconds(602)).build(),
                refused("d").at(START.plusSeconds(603)).build(),
                letIn().at(START.plusSeconds(610)).build());
        afterHome(events);
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.start()).isEqualTo(START.plusSeconds(601));
            assertThat(alert.evidence()).hasSize(4);
        });
    }

    @Test
    void staysQuietWhenTheSuccessComesBeforeTheLastRefusal() {
        afterHome(List.of(
                refused("a").at(START).build(),
                refused("b").at(START.plusSeconds(1)).build(),
                letIn().at(START.plusSeconds(2)).build(),
                refused("c").at(START.plusSeconds(3)).build()));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void ordersEventsOfOneSlotByTheirTime() {
        harness.play(past()).watermark(START);
        harness.send(
                        letIn().at(START.plusMillis(4)).build(),
                        refused("c").at(START.plusMillis(3)).build(),
                        refused("a").at(START.plusMillis(1)).build(),
                        refused("b").at(START.plusMillis(2)).build())
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void keepsIdentitiesBehindOneAddressApart() {
        harness.play(past())
                .play(List.of(event().at(T0.plusSeconds(5)).by("bob").build()));
        List<SecurityEvent> events = attackEndingWith(letIn().by("bob"));
        harness.play(events).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void leavesOutWhatAListedImpersonatorDoesForOthers() {
        List<SecurityEvent> attack = attack(START, by -> by.impersonatedBy("teleport"));
        harness.restart(Map.of("identities.impersonators", "teleport from 198.51.100.0/24"));
        afterHome(attack);
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness unlisted = DetectionHarness.of(detection())) {
            assertThat(unlisted.play(past()).play(attack).end().alerts()).hasSize(1);
        }
    }

    @Test
    void keepsAddressesApart() {
        afterHome(attackEndingWith(letIn().from("198.51.100.10")));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void keepsSessionsOfOneRoleTogether() {
        String role = "arn:aws:iam::1:role/dev";
        harness.play(List.of(event().at(T0).by("dev:ann").arn(role).build()));
        List<SecurityEvent> events =
                new ArrayList<>(attack(START, by -> by.by("dev:bob").arn(role)).subList(0, 3));
        events.add(letIn().by("dev:carl").arn(role).at(START.plusSeconds(60)).build());
        harness.play(events).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void theFirstAddressIsHomeAndNeverNew() {
        harness.play(List.of(event().at(START.minusSeconds(20)).from(ELSEWHERE).build()));
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void nothingIsNewToAnIdentityWithoutHistory() {
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void anAddressIsKnownOnlyADayAfterItsFirstSuccess() {
        Instant first = START.minus(Duration.ofHours(24));
        harness.play(past()).play(List.of(letIn().at(first.plusSeconds(61)).build()));
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).as("first success 23 h 59 min 59 s before").hasSize(1);

        try (DetectionHarness known = DetectionHarness.of(detection())) {
            known.play(past()).play(List.of(letIn().at(first).build()));
            known.play(attack(START, by -> by)).end();
            assertThat(known.alerts())
                    .as("first success 24 h before the first refusal")
                    .isEmpty();
        }
    }

    @Test
    void knownAfterIsAParameterThatARestartMayChange() {
        List<SecurityEvent> hourAgo =
                List.of(letIn().at(START.minus(Duration.ofHours(1))).build());
        harness.play(past()).play(hourAgo);
        harness.restart(Map.of("detections.forbidden-then-success.known-after", "30 min"));
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void refusalsDoNotMakeAnAddressKnown() {
        harness.play(past());
        harness.play(List.of(refused("a").at(START.minus(Duration.ofHours(29))).build()));
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void requestsRefusedBeforeFromAKnownAddressDoNotCount() {
        harness.play(past())
                .play(List.of(refused("a")
                        .from(OFFICE)
                        .at(START.minus(Duration.ofHours(3)))
                        .build()));
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void requestsRefusedBeforeFromAnotherNewAddressDoCount() {
        harness.play(past())
                .play(List.of(refused("a")
                        .from("192.0.2.1")
                        .at(START.minus(Duration.ofHours(3)))
                        .build()));
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void oneRequestRefusedManyTimesCountsOnce() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            events.add(refused("a").at(START.plusSeconds(i)).build());
        }
        events.add(letIn().at(START.plusSeconds(60)).build());
        afterHome(events);
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void admissionDenialsAndErrorsAreNoRefusals() {
        List<SecurityEvent> events = new ArrayList<>();
        for (Outcome outcome :
                List.of(Outcome.ADMISSION_DENIED, Outcome.ERROR, Outcome.UNAUTHENTICATED, Outcome.THROTTLED)) {
            for (int i = 0; i < 3; i++) {
                events.add(refused("n" + i)
                        .ended(outcome, 403)
                        .at(START.plusSeconds(events.size()))
                        .build());
            }
        }
        events.add(letIn().at(START.plusSeconds(60)).build());
        afterHome(events);
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void onlyACountedSuccessCompletesTheStory() {
        List<AuditEvents> uncounted = List.of(
                letIn().doing("create", "selfsubjectaccessreviews", null, null),
                letIn().doing("create", "selfsubjectrulesreviews", null, null),
                letIn().doing("create", "selfsubjectreviews", null, null),
                letIn().doing("get", null, null, null).uri("/apis"),
                letIn().doing("get", null, null, null).uri("/healthz"),
                letIn().dry(),
                letIn().ended(Outcome.ERROR, 404),
                letIn().ended(Outcome.UNKNOWN, 0));
        for (AuditEvents success : uncounted) {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                one.play(past()).play(attackEndingWith(success)).end();
                assertThat(one.alerts()).as("%s", success.build()).isEmpty();
            }
        }
    }

    @Test
    void uncountedSuccessesMakeNoAddressKnown() {
        harness.play(past())
                .play(List.of(
                        letIn().at(T0.plusSeconds(60))
                                .doing("get", null, null, null)
                                .uri("/version")
                                .build(),
                        letIn().at(T0.plusSeconds(61))
                                .doing("create", "selfsubjectaccessreviews", null, null)
                                .build()));
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void switchingProtocolsIsASuccess() {
        afterHome(attackEndingWith(
                letIn().doing("get", "pods", "web", "a").sub("exec").ended(Outcome.SUCCESS, 101)));
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void serviceAccountsHaveNoKnownAddressOutside() {
        List<SecurityEvent> past = List.of(
                event().by(ROBOT).at(T0).from(INSIDE).build(),
                event().by(ROBOT).at(T0).from(ELSEWHERE).build());
        harness.play(past).play(attack(START, by -> by.by(ROBOT))).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void systemIdentitiesHaveNoKnownAddressOutside() {
        harness.play(attack(START, by -> by.by("system:kube-controller-manager")))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void serviceAccountsInsideMayUseAnyAddress() {
        harness.play(List.of(event().by(ROBOT).at(T0).from(INSIDE).build()));
        harness.play(attack(START, by -> by.by(ROBOT).from(INSIDE_TOO))).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aServiceAccountsCredentialInsideIsNewWhereItWasNotUsedBefore() {
        harness.play(List.of(event().by(ROBOT)
                .at(START.minusSeconds(600))
                .credential("JTI=1")
                .from(INSIDE)
                .build()));
        harness.play(attack(START, by -> by.by(ROBOT).credential("JTI=1").from(INSIDE_TOO)))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void aServiceAccountsNewCredentialAtANewPodIsNoNews() {
        harness.play(List.of(event().by(ROBOT)
                .at(START.minusSeconds(600))
                .credential("JTI=1")
                .from(INSIDE)
                .build()));
        harness.play(List.of(event().by(ROBOT)
                .at(START.minusSeconds(1))
                .credential("JTI=2")
                .from(INSIDE_TOO)
                .build()));
        harness.play(attack(START, by -> by.by(ROBOT).credential("JTI=2").from(INSIDE_TOO)))
                .end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRefusedRequestDoesNotMakeAnAddressKnownToACredential() {
        AuditEvents robot = event().by(ROBOT).credential("JTI=1");
        try (DetectionHarness sighting = withSightings()) {
            sighting.play(List.of(
                    robot.at(START.minus(Duration.ofHours(26))).from(INSIDE).build(),
                    robot.at(START.minus(Duration.ofHours(25)))
                            .from(INSIDE_TOO)
                            .doing("get", "nodes", null, "n1")
                            .denied()
                            .build()));
            sighting.play(attack(START, by -> by.by(ROBOT).credential("JTI=1").from(INSIDE_TOO)))
                    .end();
            assertThat(sighting.alerts()).hasSize(1);
        }
    }

    @Test
    void whoTriesWhatAServiceAccountMayDoFromTheirOwnDeskIsNoNews() {
        harness.play(attack(START, by -> by.by(ROBOT).impersonatedBy("alice").from(OFFICE)))
                .end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void readingWhatTheClusterTellsEverybodyCompletesNoStory() {
        afterHome(attackEndingWith(letIn().doing("get", "configmaps", "kube-public", "cluster-info")));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aServiceAccountsCredentialUsedElsewhereBeforeTheRefusalsIsFollowed() {
        AuditEvents robot = event().by(ROBOT).credential("JTI=1");
        harness.play(List.of(
                robot.at(START.minusSeconds(600)).from(INSIDE).build(),
                robot.at(START.minusSeconds(300)).from(INSIDE_TOO).build()));
        harness.play(attack(START, by -> by.by(ROBOT).credential("JTI=1").from(INSIDE_TOO)))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void nothingIsNewWithoutAPeerAddress() {
        afterHome(attack(START, by -> by.from(null)));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void anImpersonatedUserIsTheIdentity() {
        harness.play(List.of(event().by("bob").at(T0).build()));
        harness.play(attack(START, by -> by.by("bob").impersonatedBy("alice"))).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void anImpersonatorsRoleIsNotTheIdentity() {
        String role = "arn:aws:iam::1:role/dev";
        harness.play(List.of(event().arn(role).at(T0).build()));
        harness.play(attack(START, by -> by.arn(role).by("bob").impersonatedBy("alice")))
                .end();
        assertThat(harness.alerts()).as("bob has no history of his own").isEmpty();
    }

    @Test
    void aRestartMayLowerTheThreshold() {
        List<SecurityEvent> attack = attack(START, by -> by);
        harness.play(past()).play(attack.subList(0, 2)).watermark(START.plusSeconds(60));
        harness.restart(Map.of("detections.forbidden-then-success.min-forbidden", "2"));
        harness.play(attack.subList(3, 4)).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void aRestartMayRaiseTheThreshold() {
        List<SecurityEvent> attack = attack(START, by -> by);
        harness.play(past()).play(attack.subList(0, 3)).watermark(START.plusSeconds(60));
        harness.restart(Map.of("detections.forbidden-then-success.min-forbidden", "4"));
        harness.play(attack.subList(3, 4)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRestartMayShortenTheWindow() {
        List<SecurityEvent> attack = attack(START, by -> by);
        harness.play(past()).play(attack.subList(0, 3)).watermark(START.plusSeconds(60));
        harness.restart(Map.of("detections.forbidden-then-success.window", "1 min"));
        harness.play(attack.subList(3, 4)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRestartMayLengthenTheWindow() {
        List<SecurityEvent> attack = attack(START, by -> by);
        harness.play(past()).play(attack.subList(0, 3)).watermark(START.plusSeconds(60));
        harness.restart(Map.of("detections.forbidden-then-success.window", "1 h"));
        harness.play(List.of(letIn().at(START.plus(Duration.ofMinutes(40))).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void staysCheapUnderAFloodOfRefusalsAndSuccesses() {
        harness.play(past());
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(refused("n" + i).at(START.plusMillis(i * 100L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(510));
        assertThat(harness.received("forbidden-then-success-cep-v1")).isLessThanOrEqualTo(66);
        assertThat(harness.stateEntries()).isLessThan(1_300);
        harness.play(List.of(letIn().at(START.plusSeconds(520)).build())).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.evidence()).hasSizeLessThanOrEqualTo(11);
            assertThat(alert.message()).contains("different requests");
        });
    }

    @Test
    void successesWithoutRefusalsDoNotReachThePattern() {
        harness.play(past());
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(letIn().at(START.plusMillis(i * 100L))
                    .doing("get", "pods", "web", "p" + i)
                    .build());
        }
        harness.watermark(START).send(flood).end();
        assertThat(harness.received("forbidden-then-success-cep-v1")).isZero();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void moreAddressesThanFitDoNotSilenceAndNeverDisplaceHome() {
        List<SecurityEvent> roaming = new ArrayList<>(past());
        for (int i = 0; i < 300; i++) {
            roaming.add(event().from("192.0.2." + i % 256)
                    .in("c1")
                    .at(T0.plusSeconds(10 + i))
                    .build());
            roaming.add(event().from("198.18.%d.1".formatted(i % 256))
                    .at(T0.plusSeconds(10 + i))
                    .build());
        }
        harness.play(roaming);
        harness.play(attack(START, by -> by)).end();
        assertThat(harness.alerts()).as("an address never used").hasSize(1);

        try (DetectionHarness home = DetectionHarness.of(detection())) {
            home.play(roaming);
            home.play(attack(START, by -> by.from(OFFICE))).end();
            assertThat(home.alerts()).as("home").isEmpty();
        }
    }

    @Test
    void theAddressNotSeenForLongestIsForgottenAndSoNewAgain() {
        Map<String, String> three = Map.of("history.addresses", "3");
        List<SecurityEvent> past = new ArrayList<>(past());
        for (String address : List.of(ELSEWHERE, "192.0.2.2", "192.0.2.3")) {
            past.add(event().at(T0.plusSeconds(past.size())).from(address).build());
        }
        try (DetectionHarness forgotten = DetectionHarness.of(detection(), three)) {
            forgotten.play(past).play(attack(START, by -> by)).end();
            assertThat(forgotten.alerts()).as("forgotten").hasSize(1);
        }
        try (DetectionHarness known = DetectionHarness.of(detection(), three)) {
            known.play(past).play(attack(START, by -> by.from("192.0.2.2"))).end();
            assertThat(known.alerts()).as("remembered").isEmpty();
        }
        try (DetectionHarness home = DetectionHarness.of(detection(), three)) {
            home.play(past).play(attack(START, by -> by.from(OFFICE))).end();
            assertThat(home.alerts()).as("home").isEmpty();
        }
    }

    @Test
    void anIdentityNotHeardOfForTheRetentionHasNoHistory() {
        harness.play(past());
        List<SecurityEvent> later = attack(START.plus(Duration.ofDays(20)), by -> by);
        harness.play(later).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRestartMayLengthenTheRetention() {
        harness.play(past()).watermark(START).restart(Map.of("history.retention", "30 d"));
        harness.play(attack(START.plus(Duration.ofDays(20)), by -> by)).end();
        assertThat(harness.alerts()).hasSize(1);
        assertThat(harness.stateEntriesByUid().values()).containsOnly(0);
    }

    /** With the detection that has tokens sighted beside it. */
    private static DetectionHarness withSightings() {
        return DetectionHarness.of(List.of(new ForbiddenThenSuccess(), new TokenMintedThenUsedElsewhere()), Map.of());
    }

    @Test
    void aCertificateInsideIsFollowedThoughOnlyTokensAreSighted() {
        for (String credential : List.of("X509SHA256=1", "JTI=1")) {
            try (DetectionHarness both = withSightings()) {
                AuditEvents scheduler = event().by("system:kube-scheduler")
                        .credential(credential)
                        .from(INSIDE);
                both.play(List.of(scheduler.at(START.minusSeconds(600)).build()));
                both.play(attack(START, by -> by.by("system:kube-scheduler")
                        .credential(credential)
                        .from(INSIDE_TOO)));
                assertThat(both.end().alerts()).as(credential).hasSize(1);
            }
        }
    }

    @Test
    void aCredentialUsedFromMoreAddressesThanATaskRemembersIsFollowed() {
        try (DetectionHarness both = withSightings()) {
            for (int i = 0; i < 100; i++) {
                both.send(event().by(ROBOT)
                        .credential("JTI=1")
                        .from("10.1.0." + i)
                        .at(START.minusSeconds(600 - i))
                        .build());
            }
            both.play(attack(START, by -> by.by(ROBOT).credential("JTI=1").from("10.1.0.99")));
            assertThat(both.end().alerts()).hasSize(1);
        }
    }
}
