package io.tocsin.detections.defenseevasion;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingDisabledTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(30);
    private static final String CEP = "logging-disabled-cep-v1";
    private static final String ARGO = "system:serviceaccount:argocd:argocd-application-controller";

    private final DetectionHarness harness = DetectionHarness.of(new LoggingDisabled());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new LoggingDisabled();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                collectorDeleted().in(cluster).at(start).build(),
                exec().in(cluster).at(start.plusSeconds(120)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents collectorDeleted() {
        return event().doing("delete", "daemonsets", "logging", "fluent-bit").group("apps");
    }

    private static AuditEvents exec() {
        return event().by("bob")
                .from(ELSEWHERE)
                .doing("get", "pods", "web", "a")
                .sub("exec");
    }

    private static AuditEvents eks(String message) {
        return event().log(Source.CLOUDTRAIL)
                .from(null)
                .by("ops")
                .arn("arn:aws:iam::1:role/ops")
                .from(OFFICE)
                .doing("UpdateClusterConfig", "eks", null, "prod")
                .ended(Outcome.SUCCESS, 0)
                .saying(message);
    }

    private static int alerts(Map<String, String> parameters, AuditEvents... events) {
        try (DetectionHarness one = DetectionHarness.of(new LoggingDisabled(), parameters)) {
            List<SecurityEvent> played = new ArrayList<>();
            for (AuditEvents each : events) {
                played.add(each.at(START.plusSeconds(30L * played.size())).build());
            }
            one.play(played).end();
            return one.alerts().size();
        }
    }

    private static int alerts(AuditEvents... events) {
        return alerts(Map.of(), events);
    }

    @Test
    void tellsWhoTurnedItDownAndWhatFollowed() {
        harness.play(attack(START, "c1")).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "alice turned logging down from 203.0.113.7 (delete daemonsets logging/fluent-bit); 120 s later"
                                    + " bob did something sensitive from 198.51.100.9: get pods/exec web/a");
            assertThat(alert.evidence()).extracting("stage").containsExactly("logging-changed", "sensitive-action");
        });
    }

    @Test
    void whatOperatorsDoAllDayIsNotWhatFollows() {
        AuditEvents operator = event().by("system:serviceaccount:external-secrets:external-secrets")
                .from(AuditEvents.INSIDE)
                .doing("get", "secrets", "web", "a");
        assertThat(alerts(operator, collectorDeleted(), operator)).isZero();
        assertThat(alerts(operator, collectorDeleted(), operator.doing("get", "secrets", "web", "b")))
                .isEqualTo(1);
        assertThat(alerts(operator, collectorDeleted(), operator.from(ELSEWHERE)))
                .isEqualTo(1);
        assertThat(alerts(
                        operator.from(OFFICE).by("alice"),
                        collectorDeleted(),
                        operator.from(OFFICE).by("alice")))
                .as("a person's")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fluent-bit",
                "aws-for-fluent-bit",
                "fluentd",
                "fluentd-es-v3.1.0",
                "vector",
                "vector-agent",
                "filebeat",
                "loki-promtail",
                "alloy",
                "otel-collector",
                "my-opentelemetry-collector",
                "falco",
                "falcosidekick",
                "tetragon",
                "cilium",
                "hubble-relay",
                "cloudwatch-agent"
            })
    void knowsCollectorsByName(String name) {
        for (String resource : List.of("daemonsets", "deployments", "statefulsets", "configmaps")) {
            assertThat(alerts(collectorDeleted().doing("delete", resource, "x", name), exec()))
                    .as(resource)
                    .isEqualTo(1);
        }
        assertThat(alerts(event().doing("patch", "configmaps", "x", name), exec()))
                .isEqualTo(1);
        assertThat(alerts(event().doing("update", "deployments", "x", name).sub("scale"), exec()))
                .isEqualTo(1);
        assertThat(alerts(event().doing("delete", "namespaces", name, name), exec()))
                .isEqualTo(1);
        assertThat(alerts(event().doing("deletecollection", "daemonsets", name, null), exec()))
                .isEqualTo(1);
    }

    private static AuditEvents withReplicas(AuditEvents event, int replicas) {
        ObjectBody.Builder body = ObjectBody.builder();
        body.replicas = replicas;
        ObjectBody built = body.build();
        return event.having(builder -> builder.body = built);
    }

    @Test
    void scalingToNothingIsToldFromARestartAndFromMoreWhereBodiesTell() {
        AuditEvents scale = event().doing("patch", "deployments", "x", "vector").sub("scale");
        AuditEvents write = event().doing("patch", "deployments", "x", "vector");
        assertThat(alerts(withReplicas(scale, 0), exec())).isEqualTo(1);
        assertThat(alerts(withReplicas(scale, 3), exec())).isZero();
        assertThat(alerts(withReplicas(write, 0), exec())).isEqualTo(1);
        assertThat(alerts(withReplicas(write, 1), exec())).isZero();
        assertThat(alerts(write, exec())).as("a restart, or that isn't told").isZero();
        assertThat(alerts(withReplicas(write.sub("status"), 0), exec())).isZero();
        assertThat(alerts(withReplicas(event().doing("patch", "deployments", "x", "web"), 0), exec()))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web", "vector-db", "pgvector", "vectors", "nofluent", "affluent", "hotel", "falcon", "log"})
    void nothingElseIsACollector(String name) {
        assertThat(alerts(collectorDeleted().doing("delete", "daemonsets", "logging", name), exec()))
                .isZero();
        assertThat(alerts(event().doing("patch", "configmaps", "logging", name), exec()))
                .isZero();
        assertThat(alerts(event().doing("delete", "namespaces", name, name), exec()))
                .isZero();
    }

    @Test
    void theNamespaceOfTheLogsCountsAsAWhole() {
        assertThat(alerts(event().doing("delete", "namespaces", "logging", "logging"), exec()))
                .isEqualTo(1);
        assertThat(alerts(event().doing("deletecollection", "configmaps", "amazon-cloudwatch", null), exec()))
                .isEqualTo(1);
        assertThat(alerts(event().doing("deletecollection", "pods", "logging", null), exec()))
                .isZero();
        assertThat(alerts(event().doing("patch", "namespaces", "logging", "logging"), exec()))
                .isZero();
    }

    @Test
    void aRestartOfTheCollectorIsQuiet() {
        assertThat(alerts(event().doing("patch", "daemonsets", "logging", "fluent-bit"), exec()))
                .isZero();
        assertThat(alerts(event().doing("delete", "pods", "logging", "fluent-bit-x7k2p"), exec()))
                .isZero();
        assertThat(alerts(
                        event().doing("patch", "daemonsets", "logging", "fluent-bit")
                                .sub("status"),
                        exec()))
                .isZero();
        assertThat(alerts(event().doing("get", "configmaps", "logging", "fluent-bit"), exec()))
                .isZero();
        assertThat(alerts(
                        event().doing("get", "deployments", "logging", "fluentd")
                                .sub("scale"),
                        exec()))
                .isZero();
    }

    @Test
    void whatIsRefusedOrOnlyTriedChangesNothing() {
        assertThat(alerts(collectorDeleted().denied(), exec())).isZero();
        assertThat(alerts(collectorDeleted().dry(), exec())).isZero();
        assertThat(alerts(collectorDeleted(), exec().denied())).isZero();
        assertThat(alerts(eks("logging off: audit").ended(Outcome.DENIED, 0), exec()))
                .isZero();
    }

    @Test
    void theLogsOfAnEksClusterCount() {
        assertThat(alerts(eks("logging off: audit, authenticator; logging on: api"), exec()))
                .isEqualTo(1);
        assertThat(alerts(eks("logging off: api"), exec())).isEqualTo(1);
        assertThat(alerts(eks("logging off: scheduler, controllerManager; logging on: api, audit"), exec()))
                .isZero();
        assertThat(alerts(eks("logging on: audit"), exec())).isZero();
        assertThat(alerts(eks("public endpoint on"), exec())).isZero();
        assertThat(alerts(eks(null), exec())).isZero();
        assertThat(alerts(eks("logging off: audit").doing("DescribeCluster", "eks", null, "prod"), exec()))
                .isZero();
        assertThat(alerts(
                        Map.of("identities.cd", "arn:aws:iam::1:role/ops from 203.0.113.0/24"),
                        eks("logging off: audit"),
                        exec()))
                .isZero();
    }

    @Test
    void anAuditSinkCounts() {
        AuditEvents sink = event().group("auditregistration.k8s.io");
        assertThat(alerts(sink.doing("delete", "auditsinks", null, "s"), exec()))
                .isEqualTo(1);
        assertThat(alerts(sink.doing("patch", "auditsinks", null, "s"), exec())).isEqualTo(1);
        assertThat(alerts(sink.doing("list", "auditsinks", null, null), exec())).isZero();
    }

    @Test
    void deployersThePlatformAndACollectorsOwnOperatorAreQuiet() {
        Map<String, String> listed = Map.of("identities.cd", "system:serviceaccount:argocd:*");
        assertThat(alerts(listed, collectorDeleted().by(ARGO).from(INSIDE), exec()))
                .isZero();
        assertThat(alerts(listed, collectorDeleted().by(ARGO).from(OFFICE), exec()))
                .isEqualTo(1);
        assertThat(alerts(Map.of(), collectorDeleted().by(ARGO).from(INSIDE), exec()))
                .isEqualTo(1);
        AuditEvents byController = collectorDeleted().by("system:serviceaccount:kube-system:generic-garbage-collector");
        assertThat(alerts(byController.from(INSIDE), exec())).isZero();
        assertThat(alerts(byController.from(OFFICE), exec())).isEqualTo(1);
        AuditEvents byOperator = event().by("system:serviceaccount:logging:fluent-operator")
                .doing("update", "configmaps", "logging", "fluent-bit");
        assertThat(alerts(byOperator.from(INSIDE), exec())).isZero();
        assertThat(alerts(byOperator.from(OFFICE), exec())).isEqualTo(1);
        assertThat(alerts(byOperator.from(INSIDE).impersonatedBy("mallory"), exec()))
                .isEqualTo(1);
        assertThat(alerts(byOperator.from(INSIDE).doing("update", "configmaps", "falco", "falco"), exec()))
                .isEqualTo(1);
        assertThat(alerts(byOperator.from(INSIDE).doing("delete", "namespaces", "logging", "logging"), exec()))
                .isEqualTo(1);
    }

    @Test
    void whatThePlatformDoesAfterwardsIsQuiet() {
        AuditEvents kubelet = event().by("system:node:n1").doing("get", "secrets", "web", "s");
        assertThat(alerts(collectorDeleted(), kubelet.from(INSIDE))).isZero();
        assertThat(alerts(collectorDeleted(), kubelet.from(OFFICE))).isEqualTo(1);
        assertThat(alerts(collectorDeleted(), event())).isZero();
    }

    @Test
    void nobodyHidesBehindWhatAnotherDidAMomentBefore() {
        harness.watermark(START);
        harness.send(
                event().by("operator")
                        .doing("get", "secrets", "ops", "s")
                        .at(START.plusSeconds(1))
                        .build(),
                collectorDeleted().at(START.plusSeconds(3)).build(),
                exec().at(START.plusSeconds(5)).build());
        harness.end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void staysQuietInTheOtherOrderAndOutsideTheWindow() {
        assertThat(alerts(exec(), collectorDeleted())).isZero();
        harness.play(List.of(
                        collectorDeleted().at(START).build(),
                        exec().at(START.plus(WINDOW)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness inside = DetectionHarness.of(detection())) {
            inside.play(List.of(
                            collectorDeleted().at(START).build(),
                            exec().at(START.plus(WINDOW).minusMillis(1)).build()))
                    .end();
            assertThat(inside.alerts()).hasSize(1);
        }
    }

    @Test
    void aRestartMayChangeTheWindow() {
        harness.play(attack(START, "c1").subList(0, 1)).watermark(START.plusSeconds(80));
        harness.restart(Map.of("detections.logging-disabled.window", "1 min"));
        harness.play(attack(START, "c1").subList(1, 2)).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness longer = DetectionHarness.of(detection())) {
            longer.play(attack(START, "c1").subList(0, 1)).watermark(START.plusSeconds(80));
            longer.restart(Map.of("detections.logging-disabled.window", "5 h"));
            longer.play(List.of(exec().at(START.plus(Duration.ofHours(3))).build()))
                    .end();
            assertThat(longer.alerts()).hasSize(1);
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(collectorDeleted()
                    .auditId("d" + i)
                    .at(START.plusMillis(i * 100L))
                    .build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(510));
        assertThat(harness.received(CEP)).isLessThanOrEqualTo(66);
        long openers = harness.received(CEP);
        List<SecurityEvent> actions = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            actions.add(exec().auditId("e" + i)
                    .at(START.plusSeconds(520).plusMillis(i * 10L))
                    .build());
        }
        harness.send(actions).end();
        assertThat(harness.received(CEP) - openers)
                .as("one identity's actions, once a slot")
                .isLessThanOrEqualTo(6);
        assertThat(harness.alerts()).hasSize(1);
    }
}
