package io.tocsin.detections.initialaccess;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnonymousSuccessTest implements DetectionContract {
    private static final Detection<?> RULE = TestingRules.shipped("anonymous-success");

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
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(anonymous().in(cluster).at(start).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of();
    }

    private static AuditEvents anonymous() {
        return event().by("system:anonymous");
    }

    private static AuditEvents path(String uri) {
        return anonymous().doing("get", null, null, null).uri(uri);
    }

    private void play(AuditEvents event) {
        harness.play(List.of(event.at(START).build())).end();
    }

    @Test
    void isCriticalOnAResource() {
        play(anonymous().doing("list", "secrets", "web", null));
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(alert.message())
                    .isEqualTo(
                            "system:anonymous did list secrets web/* from 203.0.113.7: An anonymous request succeeded"
                                    + " (verb: list)");
        });
    }

    @Test
    void staysQuietWhereSomebodyWithCredentialsTriesWhatAnonymousMayDo() {
        play(anonymous().impersonatedBy("alice").doing("list", "secrets", "web", null));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void isMediumOnAnotherPathAndInformationalAsADryRun() {
        play(path("/metrics?x=1"));
        play(anonymous().dry());
        assertThat(harness.alerts())
                .extracting("severity")
                .containsExactlyInAnyOrder(Severity.MEDIUM, Severity.INFORMATIONAL);
        assertThat(harness.alerts()).noneMatch(alert -> alert.message().contains("x=1"));
    }

    @Test
    void aSeverityOfTheUsersChoiceHolds() {
        Map<String, String> low = Map.of("detections.anonymous-success.severity", "LOW");
        try (DetectionHarness one = DetectionHarness.of(detection(), low)) {
            one.send(path("/metrics").build(), anonymous().build()).end();
            assertThat(one.alerts()).extracting("severity").containsExactly(Severity.LOW, Severity.LOW);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/healthz",
                "/healthz/etcd",
                "/livez?verbose",
                "/readyz",
                "/version",
                "/version/",
                "/.well-known/openid-configuration",
                "/openid/v1/jwks"
            })
    void whatIsPublicEverywhereIsQuiet(String uri) {
        play(path(uri));
        assertThat(harness.alerts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api",
                "/metrics",
                "/healthzz",
                "/openidx",
                "healthz",
                "/healthz/../metrics",
                "/healthz//metrics",
                "/healthz%2f..%2fmetrics",
                "/apis/healthz"
            })
    void whatOnlyLooksPublicIsNot(String uri) {
        play(path(uri));
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void onlyReadingClusterInfoIsPublic() {
        play(anonymous().doing("get", "configmaps", "kube-public", "cluster-info"));
        assertThat(harness.alerts()).isEmpty();
        List<AuditEvents> others = List.of(
                anonymous().doing("update", "configmaps", "kube-public", "cluster-info"),
                anonymous().doing("get", "configmaps", "kube-system", "cluster-info"),
                anonymous().doing("get", "configmaps", "kube-public", "other"),
                anonymous().doing("get", "secrets", "kube-public", "cluster-info"),
                anonymous().doing("list", "configmaps", "kube-public", null));
        for (AuditEvents other : others) {
            play(other);
        }
        assertThat(harness.alerts()).hasSize(others.size());
    }

    @Test
    void isNeverExemptAsASystemUserInside() {
        play(anonymous().from(INSIDE));
        play(anonymous().doing("list", "pods", "web", null).from(null));
        assertThat(harness.alerts()).hasSize(2);
    }

    @Test
    void staysQuietWithoutSuccessOrWithAName() {
        play(anonymous().denied());
        play(anonymous().ended(Outcome.UNAUTHENTICATED, 401));
        play(anonymous().ended(Outcome.ERROR, 404));
        play(event());
        play(event().by("system:anonymous2"));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void switchingProtocolsIsASuccess() {
        play(anonymous().sub("exec").ended(Outcome.SUCCESS, 101));
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void anotherObjectIsAnotherStory() {
        harness.send(
                        anonymous().at(START).build(),
                        anonymous()
                                .at(START.plusSeconds(1))
                                .doing("get", "pods", "web", "b")
                                .build(),
                        anonymous().at(START.plusSeconds(2)).from(INSIDE).build())
                .end();
        assertThat(harness.alerts()).hasSize(2);
    }

    @Test
    void aLateRepeatRaisesNoSecondAlert() {
        harness.send(anonymous().at(START).build()).watermark(START.plus(Duration.ofHours(2)));
        harness.send(
                        anonymous().at(START.plusSeconds(5)).build(),
                        anonymous().at(START).build())
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(anonymous().at(START.plusMillis(i * 100L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(600));
        assertThat(harness.alerts()).hasSize(1);
        assertThat(harness.stateEntries()).isLessThanOrEqualTo(2);
    }
}
