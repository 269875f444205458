package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.T0;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** A rule's tests must see what a job would tell. */
class RuleTrialTest {
    private static final String MATCHES =
            """
            title: A secret is read
            name: secret-read
            logsource: {product: kubernetes, service: audit}
            detection:
                read: {objectRef.resource: secrets}
                inside: {source.zone: cluster}
                refused: {outcome: denied}
                condition: read
            level: high
            tocsin: {levels: {informational: inside, low: refused}, suppress-for: 2 h}
            """;
    private static final String ASKS =
            MATCHES.replace("condition: read", "new: {source.new: true}\n    condition: read and new");

    private static List<Severity> tried(Detection<?> rule, List<SecurityEvent> events) {
        return new RuleTrial(((SigmaDetection) rule).rule(), Identities.of(new Configuration())).raise(events);
    }

    private static List<Severity> told(Detection<?> rule, List<SecurityEvent> events) {
        List<SecurityEvent> inOrder = new ArrayList<>(events);
        inOrder.sort(Comparator.comparing(SecurityEvent::time));
        try (DetectionHarness harness = DetectionHarness.of(rule)) {
            harness.play(inOrder).end();
            return harness.alerts().stream()
                    .sorted(Comparator.comparing(Alert::time))
                    .map(Alert::severity)
                    .toList();
        }
    }

    private static List<SecurityEvent> events(long seed) {
        Random random = new Random(seed);
        List<SecurityEvent> events = new ArrayList<>();
        Duration at = Duration.ZERO;
        for (int i = 0; i < 60; i++) {
            at = at.plusSeconds(20 + random.nextInt(3 * 3_600));
            AuditEvents event = event().at(at)
                    .by(pick(random, "alice", "bob", "system:serviceaccount:ops:job", "system:node:n1"))
                    .from(pick(random, OFFICE, ELSEWHERE, INSIDE, "10.0.0.6"))
                    .doing("get", pick(random, "secrets", "secrets", "pods"), "web", pick(random, "a", "b"));
            if (random.nextBoolean()) {
                event = event.credential(pick(random, "c1", "c2"));
            }
            events.add((random.nextInt(3) == 0 ? event.denied() : event).build());
        }
        return events;
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    @Test
    void tellsWhatAJobTells() {
        Detection<?> rule = TestingRules.catalog(MATCHES).find("secret-read");
        for (long seed = 0; seed < 10; seed++) {
            List<SecurityEvent> events = events(seed);
            assertThat(tried(rule, events))
                    .as("seed %d", seed)
                    .isEqualTo(told(rule, events))
                    .hasSizeGreaterThan(5);
        }
    }

    @Test
    void knowsTheAddressesThatAJobKnows() {
        Detection<?> rule = TestingRules.catalog(ASKS).find("secret-read");
        int alerts = 0;
        for (long seed = 0; seed < 20; seed++) {
            List<SecurityEvent> events = events(seed);
            List<Severity> tried = tried(rule, events);
            assertThat(tried).as("seed %d", seed).isEqualTo(told(rule, events));
            alerts += tried.size();
        }
        assertThat(alerts).isGreaterThan(50);
    }

    @Test
    void eventsCountInTheOrderOfTheirTimes() {
        Detection<?> rule = TestingRules.catalog(MATCHES).find("secret-read");
        AuditEvents read = event().doing("get", "secrets", "web", "a");
        SecurityEvent grave = read.at(T0.plusSeconds(60)).build();
        SecurityEvent harmless = read.from(INSIDE).at(T0).build();
        assertThat(tried(rule, List.of(grave, harmless))).containsExactly(Severity.INFORMATIONAL, Severity.HIGH);
    }
}
