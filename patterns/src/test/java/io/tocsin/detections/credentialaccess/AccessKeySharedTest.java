package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessKeySharedTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofHours(24);
    private static final String MIN = "detections.access-key-shared.min-names";
    private static final String KEY = "ASIAEXAMPLEKEY0000001";
    private static final String ROLE = "arn:aws:iam::111122223333:role/ops";

    @Override
    public Detection<?> detection() {
        return new AccessKeyShared();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                request(KEY, "ops").in(cluster).at(start).build(),
                request(KEY, "admin").in(cluster).at(start.plusSeconds(60)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("min-names", List.of("1", "0", "-5", "many"), "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents request(@Nullable String key, @Nullable String user) {
        return event().by(user).arn(ROLE).having(builder -> builder.accessKeyId = key);
    }

    private static AuditEvents sts(@Nullable String key, @Nullable String arn, @Nullable String session) {
        return event().by(null)
                .authenticator()
                .ended(Outcome.UNKNOWN, 0)
                .arn(arn)
                .having(builder -> {
                    builder.accessKeyId = key;
                    builder.sessionName = session;
                });
    }

    private int alerts(AuditEvents... records) {
        return alerts(Duration.ofHours(2), records);
    }

    private int alerts(Duration apart, AuditEvents... records) {
        List<SecurityEvent> events = new ArrayList<>();
        for (AuditEvents record : records) {
            events.add(record.at(START.plus(apart.multipliedBy(events.size()))).build());
        }
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(events).end();
            return harness.alerts().size();
        }
    }

    @Test
    void tellsTheKeyAndTheNames() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(attack(START, "c1")).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.message())
                        .isEqualTo("The access key ASIAEXAMPLEKEY0000001 was used under 2 user names (threshold 2):"
                                + " admin, ops");
                assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            });
        }
    }

    @Test
    void tellsThePrincipals() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            harness.play(List.of(
                            sts(KEY, ROLE, "kim").at(START).build(),
                            sts(KEY, "arn:aws:iam::111122223333:role/admin", "kim")
                                    .at(START.plusSeconds(60))
                                    .build()))
                    .end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .isEqualTo("The access key ASIAEXAMPLEKEY0000001 was used by 2 principals or sessions of IAM"
                            + " (threshold 2): arn:aws:iam::111122223333:role/admin, " + ROLE));
        }
    }

    @Test
    void aKeyIsThatOfOneSession() {
        assertThat(alerts(sts(KEY, ROLE, "kim"), sts(KEY, ROLE, "lee"))).isEqualTo(1);
        assertThat(alerts(sts(KEY, ROLE, "kim"), sts(KEY, ROLE, "kim"))).isZero();
        assertThat(alerts(sts("ASIA1", ROLE, "kim"), sts("ASIA2", ROLE, "lee"))).isZero();
        assertThat(alerts(sts(KEY, null, "kim"), sts(KEY, null, "lee"))).isZero();
    }

    @Test
    void whatTheAuthenticatorAndTheAuditLogCallOneCallerIsOne() {
        assertThat(alerts(sts(KEY, ROLE, "kim"), request(KEY, "kim"))).isZero();
    }

    @Test
    void whoeverImpersonatesUsesTheirOwnName() {
        assertThat(alerts(
                        request(KEY, "a").impersonatedBy("ops"),
                        request(KEY, "b").impersonatedBy("ops")))
                .isZero();
        assertThat(alerts(
                        request(KEY, "a").impersonatedBy("ops"),
                        request(KEY, "a").impersonatedBy("admin")))
                .isEqualTo(1);
    }

    @Test
    void requestsWithoutAKeyOrANameAreNobodys() {
        assertThat(alerts(request(null, "a"), request(null, "b"))).isZero();
        assertThat(alerts(request(KEY, "a"), request(KEY, null))).isZero();
    }

    @Test
    void aRefusedRequestCountsToo() {
        assertThat(alerts(request(KEY, "a"), request(KEY, "b").denied())).isEqualTo(1);
    }

    @Test
    void measuresTheWindowExclusively() {
        assertThat(alerts(WINDOW.minusMillis(1), request(KEY, "a"), request(KEY, "b")))
                .isEqualTo(1);
        assertThat(alerts(WINDOW, request(KEY, "a"), request(KEY, "b"))).isZero();
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        List<SecurityEvent> attack = attack(START, "c1");
        try (DetectionHarness higher = DetectionHarness.of(detection())) {
            higher.play(attack.subList(0, 1)).restart(Map.of(MIN, "3"));
            higher.play(attack.subList(1, 2)).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFloodAndInUsualTraffic() {
        try (DetectionHarness harness = DetectionHarness.of(detection())) {
            List<SecurityEvent> traffic = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                traffic.add(request(KEY, "system:node:n1")
                        .doing("get", "pods", "web", "p" + i)
                        .at(START.plusSeconds(i))
                        .build());
            }
            harness.watermark(START).send(traffic).watermark(START.plusSeconds(5_000));
            assertThat(harness.received("eks-authenticator-and-kubernetes-audit-correlator"))
                    .isBetween(1L, 4L);
            assertThat(harness.alerts()).isEmpty();
        }
    }
}
