package io.tocsin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Alert;
import io.tocsin.detection.Configured;
import io.tocsin.detection.Detection;
import io.tocsin.detection.MatchDetection;
import io.tocsin.event.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/**
 * What every detection has to prove in the same way. The test of a detection implements it and says what an attack looks like; the
 * tests here then take that attack apart.
 */
public interface DetectionContract {
    /** When the attack starts: a day and more after {@link AuditEvents#T0}, at the start of a slot. */
    Instant START = AuditEvents.T0.plus(Duration.ofHours(30));
    /** How far behind the newest an event may arrive. */
    Duration DISORDER = Duration.ofSeconds(60);

    /** The detection. */
    Detection<?> detection();

    /** What happens before, and teaches: in event order, all before {@link #START}. */
    default List<SecurityEvent> past() {
        return List.of();
    }

    /** The least that raises one alert, at the last event; in event order, all in one cluster, within ten minutes of the start. */
    List<SecurityEvent> attack(Instant start, String cluster);

    /** Values that must be refused, by the name of the parameter. */
    Map<String, List<String>> badValues();

    private DetectionHarness harness() {
        return DetectionHarness.of(detection());
    }

    private List<SecurityEvent> attack() {
        return attack(START, "c1");
    }

    private List<SecurityEvent> everything() {
        List<SecurityEvent> events = new ArrayList<>(past());
        events.addAll(attack());
        return events;
    }

    private List<String> expected() {
        try (DetectionHarness harness = harness()) {
            harness.play(everything()).end();
            assertThat(harness.alerts()).hasSize(1);
            return harness.lines();
        }
    }

    @Test
    default void firesOnceAtTheLastEventOfTheAttack() {
        try (DetectionHarness harness = harness()) {
            harness.play(everything()).end();
            List<SecurityEvent> attack = attack();
            SecurityEvent last = attack.get(attack.size() - 1);
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.detection()).isEqualTo(detection().info().id());
                assertThat(alert.activityId()).isEqualTo(Alert.CREATE);
                assertThat(alert.title()).isEqualTo(detection().info().title());
                assertThat(alert.techniques()).isEqualTo(detection().info().techniques());
                assertThat(alert.remediation()).isEqualTo(detection().info().remediation());
                assertThat(alert.cluster()).isEqualTo("c1");
                assertThat(alert.scope()).isEqualTo("c1");
                assertThat(alert.time()).isEqualTo(last.time());
                assertThat(alert.start()).isEqualTo(attack.get(0).time());
                assertThat(alert.evidence().get(alert.evidence().size() - 1).eventId())
                        .isEqualTo(last.id());
                assertThat(alert.evidence())
                        .isSortedAccordingTo((a, b) -> a.time().compareTo(b.time()));
            });
        }
    }

    @Test
    default void staysQuietWhenAnyOneEventOfTheAttackIsMissing() {
        List<SecurityEvent> attack = attack();
        for (int missing = 0; missing < attack.size(); missing++) {
            try (DetectionHarness harness = harness()) {
                List<SecurityEvent> events = everything();
                events.remove(past().size() + missing);
                harness.play(events).end();
                assertThat(harness.alerts()).as("without event %s", missing).isEmpty();
            }
        }
    }

    @Test
    default void saysTheSameWhenEveryEventIsDeliveredTwice() {
        List<SecurityEvent> twice = new ArrayList<>();
        for (SecurityEvent event : everything()) {
            twice.add(event);
            twice.add(event);
        }
        try (DetectionHarness harness = harness()) {
            harness.play(twice).end();
            assertThat(harness.lines()).containsExactlyElementsOf(expected());
        }
    }

    @Test
    default void saysTheSameWhateverTheOrderOfArrivalAndTheNumberOfTasks() {
        List<SecurityEvent> events = everything();
        events.addAll(attack());
        List<String> expected = expected();
        for (int seed = 0; seed < 8; seed++) {
            try (DetectionHarness harness = DetectionHarness.of(List.of(detection()), 1 + seed % 3, Map.of())) {
                harness.playDisordered(events, new Random(seed), DISORDER).end();
                assertThat(harness.lines()).as("seed %s", seed).containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    default void survivesARestartAnywhereInTheAttack() {
        List<SecurityEvent> events = everything();
        List<String> expected = expected();
        for (int before = past().size(); before <= events.size(); before++) {
            try (DetectionHarness harness = harness()) {
                harness.play(events.subList(0, before)).restart();
                harness.play(events.subList(before, events.size())).end();
                assertThat(harness.lines())
                        .as("restart before event %s", before)
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    default void keepsClustersApart() {
        List<SecurityEvent> one = attack(START, "c1");
        List<SecurityEvent> other = attack(START, "c2");
        if (one.size() < 2) {
            return;
        }
        List<SecurityEvent> mixed = new ArrayList<>(past());
        for (int i = 0; i < one.size(); i++) {
            mixed.add(i % 2 == 0 ? one.get(i) : other.get(i));
        }
        try (DetectionHarness harness = harness()) {
            harness.play(mixed).end();
            assertThat(harness.alerts()).isEmpty();
        }
    }

    @Test
    default void toldOnceUntilItHasBeenQuietForTheSuppressionTime() {
        Duration suppress = detection().info().suppressFor();
        List<SecurityEvent> events = everything();
        events.addAll(attack(START.plus(suppress.dividedBy(2)), "c1"));
        events.addAll(attack(START.plus(suppress.multipliedBy(5).dividedBy(4)), "c1"));
        Instant later = START.plus(suppress.multipliedBy(3));
        try (DetectionHarness harness = harness()) {
            harness.play(events).watermark(later);
            assertThat(harness.alerts()).hasSize(1);
            harness.play(attack(later, "c1")).end();
            assertThat(harness.alerts()).hasSize(2);
            assertThat(harness.alerts()).extracting(Alert::uid).doesNotHaveDuplicates();
        }
    }

    @Test
    default void lateEventsRaiseOnlySingleEventAlerts() {
        try (DetectionHarness harness = harness()) {
            harness.play(past()).watermark(START.plus(Duration.ofDays(1)));
            harness.send(attack()).end();
            assertThat(harness.alerts()).hasSize(detection() instanceof MatchDetection ? 1 : 0);
        }
    }

    @Test
    default void leavesNoStateBehindOnceEverythingHasExpired() {
        try (DetectionHarness harness = harness()) {
            harness.play(everything());
            assertThat(harness.stateEntries()).isPositive();
            harness.watermark(START.plus(Duration.ofDays(40))).watermark(START.plus(Duration.ofDays(42)));
            assertThat(harness.stateEntriesByUid().values())
                    .as("%s", harness.stateEntriesByUid())
                    .containsOnly(0);
        }
    }

    @Test
    default void leavesNoStateBehindAtTheEnd() {
        try (DetectionHarness harness = harness()) {
            harness.play(everything()).end();
            assertThat(harness.stateEntriesByUid().values())
                    .as("%s", harness.stateEntriesByUid())
                    .containsOnly(0);
        }
    }

    @Test
    default void refusesBadValuesByTheirKey() {
        String suppress = detection().info().suppressOption().key();
        assertThatThrownBy(() -> configured(suppress, "0 s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(suppress);
        badValues().forEach((name, values) -> {
            String key = detection().info().optionKey(name);
            for (String value : values) {
                assertThatThrownBy(() -> configured(key, value))
                        .as("%s = %s", key, value)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(key);
            }
        });
        assertThat(badValues().keySet())
                .containsExactlyInAnyOrderElementsOf(detection().options().stream()
                        .map(option -> option.key()
                                .substring(detection().info().optionKey("").length()))
                        .toList());
    }

    private Configured<?> configured(String key, String value) {
        return Configured.of(detection(), Configuration.fromMap(Map.of(key, value)), true);
    }
}
