package io.tocsin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.event.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every detection of news has to prove in the same way. */
public interface NewnessContract extends DetectionContract {
    /** How long a history must be. */
    Duration WEEK = Duration.ofDays(7);
    /** How long it is remembered. */
    Duration RETENTION = Duration.ofDays(14);
    /** The start of the day of the attack. */
    Instant DAY = AuditEvents.T0.plus(Duration.ofDays(1));

    /** What the identity does every day. */
    AuditEvents usual();

    /** What it has not done; another number is another thing, where there are several. */
    AuditEvents unusual(int number);

    /** The same by another identity. */
    AuditEvents bySomebodyElse(AuditEvents event);

    @Override
    default List<SecurityEvent> past() {
        return daily(START.minus(WEEK));
    }

    @Override
    default List<SecurityEvent> attack(Instant start, String cluster) {
        int number = (int) Duration.between(AuditEvents.T0, start).toHours();
        return List.of(unusual(number).in(cluster).at(start).build());
    }

    @Override
    default Map<String, List<String>> badValues() {
        return Map.of("min-history", List.of("0 s", "9 s", "a week"));
    }

    /** What is usual, once a day from then on, until the day before the attack. */
    private List<SecurityEvent> daily(Instant from) {
        List<SecurityEvent> events = new ArrayList<>();
        for (Instant time = from; time.isBefore(DAY); time = time.plus(Duration.ofDays(1))) {
            events.add(usual().at(time).build());
        }
        return events;
    }

    private DetectionHarness harness() {
        return DetectionHarness.of(detection());
    }

    private List<Alert> alerts(List<SecurityEvent> past, AuditEvents... then) {
        try (DetectionHarness harness = harness()) {
            harness.play(past);
            for (AuditEvents event : then) {
                harness.play(List.of(event.build()));
            }
            return harness.end().alerts();
        }
    }

    @Test
    default void aHistoryThatIsALittleTooShortHasNothingNew() {
        assertThat(alerts(daily(START.minus(WEEK)), unusual(1).at(START))).hasSize(1);
        assertThat(alerts(daily(START.minus(WEEK).plusMillis(1)), unusual(1).at(START)))
                .isEmpty();
    }

    @Test
    default void aHistoryOfTwoDaysIsNoneHoweverLongAgo() {
        List<SecurityEvent> twice = List.of(
                usual().at(START.minus(Duration.ofDays(12))).build(),
                usual().at(START.minus(Duration.ofDays(3))).build());
        assertThat(alerts(twice, unusual(1).at(START.minus(Duration.ofDays(3)).plusSeconds(9))))
                .as("a third time on the second day")
                .isEmpty();
        List<SecurityEvent> thrice = new ArrayList<>(twice);
        thrice.add(usual().at(START.minusSeconds(60)).build());
        assertThat(alerts(thrice, unusual(1).at(START))).hasSize(1);
    }

    @Test
    default void whoHasNoHistoryHasNothingNew() {
        assertThat(alerts(List.of(), unusual(1).at(START))).isEmpty();
        assertThat(alerts(past(), bySomebodyElse(unusual(1)).at(START))).isEmpty();
        assertThat(alerts(past(), unusual(1).in("c2").at(START))).isEmpty();
    }

    @Test
    default void whatWasDoneTwoWeeksAgoIsNotNew() {
        Instant before = DAY.minus(Duration.ofDays(8)).plusSeconds(5);
        List<SecurityEvent> past = new ArrayList<>();
        past.add(unusual(1).at(before).build());
        past.addAll(daily(before.plusSeconds(60)));
        List<SecurityEvent> longer = new ArrayList<>(past);
        for (int day = 0; day < 8; day++) {
            longer.add(usual().at(DAY.plus(Duration.ofDays(day))).build());
        }
        Instant known = before.plus(RETENTION).minus(Duration.ofHours(1));
        assertThat(alerts(longer.subList(0, longer.size() - 2), unusual(1).at(known)))
                .as("13 d 23 h")
                .isEmpty();
        assertThat(alerts(longer, unusual(1).at(before.plus(RETENTION).plus(Duration.ofDays(1)))))
                .as("the day after")
                .hasSize(1);
    }

    @Test
    default void whatIsDoneEveryTwoWeeksIsNeverNew() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int day = 0; day < 60; day++) {
            Instant time = DAY.plus(Duration.ofDays(day));
            events.add(usual().at(time).build());
            if (day % 14 == 0) {
                events.add(unusual(1).at(time.plusSeconds(60)).build());
            }
        }
        assertThat(alerts(events)).isEmpty();
    }

    @Test
    default void whoWasAwayForLongBeginsAnew() {
        Instant back = START.plus(RETENTION).plus(Duration.ofDays(2));
        assertThat(alerts(past(), usual().at(back), unusual(1).at(back.plusSeconds(60))))
                .isEmpty();
    }

    @Test
    default void whatIsRefusedOrOnlyTriedNeitherCountsNorTeaches() {
        assertThat(alerts(past(), unusual(1).denied().at(START))).isEmpty();
        assertThat(alerts(past(), unusual(1).denied().at(START), unusual(1).at(START.plusSeconds(60))))
                .hasSize(1);
        List<SecurityEvent> refused = new ArrayList<>();
        for (int day = 8; day > 0; day--) {
            refused.add(usual().denied().at(START.minus(Duration.ofDays(day))).build());
        }
        assertThat(alerts(refused, unusual(1).at(START))).isEmpty();
    }

    @Test
    default void earlierEventsTeachWhereAlertsAreWantedFromThenOn() {
        try (DetectionHarness harness = harness()) {
            harness.alertingFrom(START).play(past());
            harness.play(List.of(unusual(1).at(START.minusSeconds(60)).build()));
            harness.play(List.of(unusual(1).at(START.plusSeconds(60)).build()));
            assertThat(harness.end().alerts()).isEmpty();
        }
    }

    @Test
    default void aRestartAnywhereInTheHistoryDoesNotShow() {
        try (DetectionHarness harness = harness()) {
            for (SecurityEvent event : past()) {
                harness.play(List.of(event)).restart();
            }
            harness.play(attack(START, "c1")).restart();
            harness.play(attack(START, "c1")).end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    default void aShorterHistoryIsEnoughFromTheRestartOn() {
        String key = detection().info().optionKey("min-history");
        try (DetectionHarness harness = harness()) {
            harness.play(List.of(usual().at(START.minusSeconds(60)).build()));
            harness.restart(Map.of(key, "1 min")).play(attack(START, "c1")).end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    default void theListedDeployerIsNotAsked() {
        SecurityEvent attack = attack(START, "c1").get(0);
        String name = attack.impersonator() != null ? attack.impersonator() : attack.user();
        Map<String, String> listed = Map.of("identities.cd", name + " from 0.0.0.0/0");
        try (DetectionHarness harness = DetectionHarness.of(detection(), listed)) {
            harness.play(past()).play(List.of(attack)).end();
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    default void theDaysWorkIsOneQuestion() {
        try (DetectionHarness harness = harness()) {
            for (int i = 0; i < 1_000; i++) {
                harness.send(usual().at(DAY.plusSeconds(i)).build());
            }
            String uid = detection().info().clockGroup() + "-histories";
            assertThat(harness.received(uid)).isEqualTo(1);
            harness.send(usual().at(DAY.plus(Duration.ofDays(1))).build());
            assertThat(harness.received(uid)).as("the next day").isEqualTo(2);
        }
    }
}
