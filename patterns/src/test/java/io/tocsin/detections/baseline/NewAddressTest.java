package io.tocsin.detections.baseline;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.NewnessContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class NewAddressTest implements NewnessContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";

    @Override
    public Detection<?> detection() {
        return new NewAddress();
    }

    @Override
    public AuditEvents usual() {
        return event();
    }

    @Override
    public AuditEvents unusual(int number) {
        return event().from("198.51.100." + number % 250);
    }

    @Override
    public AuditEvents bySomebodyElse(AuditEvents event) {
        return event.by("bob");
    }

    private DetectionHarness after(UnaryOperator<AuditEvents> by) {
        DetectionHarness harness = DetectionHarness.of(detection());
        for (int day = 8; day > 0; day--) {
            harness.play(List.of(
                    by.apply(usual()).at(START.minus(Duration.ofDays(day))).build()));
        }
        return harness;
    }

    @Test
    void saysWhoAndFromWhere() {
        try (DetectionHarness harness = after(by -> by)) {
            harness.play(List.of(event().from(ELSEWHERE).at(START).build())).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.message()).isEqualTo("alice called from an address new to it: 198.51.100.9");
                assertThat(alert.severity()).isEqualTo(Severity.INFORMATIONAL);
                assertThat(alert.kind()).isEqualTo(1);
                assertThat(alert.count()).isEqualTo(1);
            });
        }
    }

    @Test
    void severalOfOneDayAreOneAlertThatListsTheFirstAndCountsAll() {
        try (DetectionHarness harness = after(by -> by)) {
            List<SecurityEvent> events = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                events.add(unusual(i).at(START.plusMillis(i)).build());
            }
            events.add(unusual(8).at(START.plus(Duration.ofHours(20))).build());
            events.add(unusual(9).at(START.plus(Duration.ofHours(40))).build());
            harness.play(events).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.message())
                        .isEqualTo("alice called from 7 addresses new to it: 198.51.100.0, 198.51.100.1, 198.51.100.2,"
                                + " 198.51.100.3, 198.51.100.4 and 2 more");
                assertThat(alert.evidence()).hasSize(5);
                assertThat(alert.start()).isEqualTo(START);
                assertThat(alert.time()).isEqualTo(START.plusMillis(6));
            });
            assertThat(harness.updates()).singleElement().satisfies(update -> assertThat(update.count())
                    .isEqualTo(9));
        }
    }

    @Test
    void ofServiceAccountsAndNodesOnlyAddressesOutsideAreNew() {
        for (String user : List.of(ROBOT, "system:node:n1")) {
            try (DetectionHarness harness = after(by -> by.by(user).from(INSIDE))) {
                harness.play(List.of(event().by(user).from("10.7.7.7").at(START).build()));
                harness.play(List.of(event().by(user)
                        .from(ELSEWHERE)
                        .at(START.plusSeconds(60))
                        .build()));
                assertThat(harness.end().alerts()).as(user).singleElement().satisfies(alert -> assertThat(
                                alert.message())
                        .contains(ELSEWHERE));
            }
        }
    }

    @Test
    void whoeverImpersonatesCallsFromWhereItIs() {
        try (DetectionHarness harness = after(by -> by)) {
            AuditEvents asRobot = event().by(ROBOT).impersonatedBy("alice");
            harness.play(List.of(asRobot.at(START).build()));
            harness.watermark(START.plusSeconds(30));
            assertThat(harness.alerts()).as("alice at home").isEmpty();
            harness.play(
                    List.of(asRobot.from(ELSEWHERE).at(START.plusSeconds(60)).build()));
            assertThat(harness.end().alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .startsWith("alice called from"));
        }
    }

    @Test
    void sessionsOfOneRoleAreOneIdentity() {
        String role = "arn:aws:iam::1:role/dev";
        try (DetectionHarness harness = after(by -> by.by("s1").arn(role))) {
            harness.play(List.of(event().by("s2").arn(role).at(START).build()));
            assertThat(harness.end().alerts()).isEmpty();
        }
    }

    @Test
    void nobodyAndQuestionsAboutOneselfDoNotCount() {
        try (DetectionHarness harness = after(by -> by.by("system:anonymous"))) {
            harness.play(List.of(
                    event().by("system:anonymous").from(ELSEWHERE).at(START).build()));
            assertThat(harness.end().alerts()).isEmpty();
        }
        try (DetectionHarness harness = after(by -> by)) {
            harness.play(List.of(event().from(ELSEWHERE)
                    .doing("create", "selfsubjectaccessreviews", null, null)
                    .at(START)
                    .build()));
            harness.play(List.of(
                    event().from(null).at(START.plusSeconds(1)).build(),
                    event().from(ELSEWHERE)
                            .doing("get", null, null, null)
                            .uri("/api")
                            .at(START.plusSeconds(2))
                            .build()));
            assertThat(harness.end().alerts()).isEmpty();
        }
    }
}
