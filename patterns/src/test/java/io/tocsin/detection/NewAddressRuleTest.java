package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.T0;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rule that asks whether the address is new to whoever calls. */
class NewAddressRuleTest implements DetectionContract {
    private static final Detection<?> RULE = TestingRules.catalog(
                    """
                    title: Pod entered from a new address
                    name: pod-entered
                    logsource: {product: kubernetes, service: audit}
                    tags: [attack.execution, attack.t1609]
                    detection:
                        exec: {objectRef.resource: pods, objectRef.subresource: exec}
                        new: {source.new: true}
                        refused: {outcome: denied}
                        condition: exec and new
                    fields: [objectRef.name]
                    level: medium
                    tocsin:
                        levels: {low: refused}
                        suppress-for: 6h
                    """)
            .find("pod-entered");

    private final DetectionHarness harness = DetectionHarness.of(RULE);

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return RULE;
    }

    @Override
    public List<SecurityEvent> past() {
        return List.of(
                event().at(T0).build(), event().in("c2").at(T0.plusSeconds(1)).build());
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(exec().from(ELSEWHERE).in(cluster).at(start).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of();
    }

    @Override
    public void toldOnceUntilItHasBeenQuietForTheSuppressionTime() {
        // An address is known a day after it was first let in, so the same story is not told again later.
    }

    private static AuditEvents exec() {
        return event().doing("create", "pods", "web", "shop-1").sub("exec");
    }

    @Test
    void saysThatTheAddressIsNew() {
        harness.play(past()).play(attack(START, "c1")).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo("alice did create pods/exec web/shop-1 from 198.51.100.9: Pod entered from a new address"
                            + " (objectRef.name: shop-1); the address is new to it");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
        });
    }

    @Test
    void knowsTheHomeAndWhatWasUsedADayAgo() {
        harness.play(past());
        harness.play(List.of(
                exec().at(T0.plusSeconds(60)).build(),
                event().from(ELSEWHERE).at(T0.plusSeconds(120)).build(),
                exec().from(ELSEWHERE).at(T0.plus(Duration.ofHours(25))).build()));
        harness.end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void nothingIsNewToWhomNobodyKnows() {
        harness.play(List.of(exec().from(ELSEWHERE).at(START).build())).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRefusalMakesNoAddressKnown() {
        harness.play(past());
        for (int day = 0; day < 5; day++) {
            harness.play(List.of(exec().from(ELSEWHERE)
                    .at(START.plus(Duration.ofDays(day)))
                    .denied()
                    .build()));
        }
        harness.end();
        assertThat(harness.alerts()).hasSize(5).allMatch(alert -> alert.severity() == Severity.LOW);
    }

    @Test
    void aServiceAccountOutsideIsAlwaysNewExceptWhereNodesCallFrom() {
        AuditEvents account = exec().by("system:serviceaccount:web:shop");
        harness.play(List.of(
                event().by("system:node:a").from(OFFICE).at(T0).build(),
                event().by("system:node:b").from(OFFICE).at(T0.plusSeconds(1)).build(),
                account.from(INSIDE).at(START).build(),
                account.from(OFFICE).at(START.plusSeconds(1)).build()));
        assertThat(harness.alerts()).isEmpty();
        harness.play(List.of(account.from(ELSEWHERE).at(START.plusSeconds(2)).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void aDryRunIsInformational() {
        harness.play(past()).play(List.of(exec().from(ELSEWHERE).at(START).dry().build()));
        harness.end();
        assertThat(harness.alerts()).extracting("severity").containsExactly(Severity.INFORMATIONAL);
    }
}
