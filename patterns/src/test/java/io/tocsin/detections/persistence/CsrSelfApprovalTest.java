package io.tocsin.detections.persistence;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.ObjectBody;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsrSelfApprovalTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final String CEP = "csr-self-approval-cep-v1";
    private static final String CONTROLLER = "system:serviceaccount:kube-system:certificate-controller";

    private final DetectionHarness harness = DetectionHarness.of(new CsrSelfApproval());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new CsrSelfApproval();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                create("evil").in(cluster).at(start).build(),
                approve("evil").in(cluster).at(start.plusSeconds(60)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents create(@Nullable String name) {
        return event().doing("create", "certificatesigningrequests", null, name).group("certificates.k8s.io");
    }

    private static AuditEvents approve(String name) {
        return event().doing("update", "certificatesigningrequests", null, name)
                .group("certificates.k8s.io")
                .sub("approval");
    }

    private static int alerts(AuditEvents... events) {
        try (DetectionHarness one = DetectionHarness.of(new CsrSelfApproval())) {
            List<SecurityEvent> played = new ArrayList<>();
            for (AuditEvents each : events) {
                played.add(each.at(START.plusSeconds(30L * played.size())).build());
            }
            one.play(played).end();
            return one.alerts().size();
        }
    }

    @Test
    void tellsWhoApprovedWhat() {
        harness.play(List.of(
                        create("evil").at(START).build(),
                        approve("evil")
                                .from(ELSEWHERE)
                                .at(START.plusSeconds(60))
                                .build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo("alice asked for a certificate from 203.0.113.7 and 60 s later approved evil itself from"
                            + " 198.51.100.9");
            assertThat(alert.evidence()).extracting("stage").containsExactly("requested", "approved");
        });
    }

    @Test
    void bothWaysOfApprovingCount() {
        assertThat(alerts(create("x"), approve("x").doing("patch", "certificatesigningrequests", null, "x")))
                .isEqualTo(1);
        assertThat(alerts(create("x"), approve("x").doing("get", "certificatesigningrequests", null, "x")))
                .isZero();
        assertThat(alerts(create("x"), approve("x").sub("status"))).isZero();
        assertThat(alerts(create("x"), approve("x").sub(null))).isZero();
    }

    @Test
    void keepsRequestsAndIdentitiesApart() {
        assertThat(alerts(create("x"), approve("y"))).isZero();
        assertThat(alerts(create("x"), approve("x").by("bob"))).isZero();
        assertThat(alerts(create("x"), create("y"), approve("x"), approve("y"))).isEqualTo(2);
    }

    @Test
    void aRequestWithoutALoggedNameIsAnyThatItsCreatorApproves() {
        harness.play(List.of(
                        create(null).at(START).build(),
                        approve("csr-7xk2p").at(START.plusSeconds(60)).build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                .contains("asked for a certificate under a name that is not logged from")
                .contains("approved csr-7xk2p itself"));
        assertThat(alerts(create(null), approve("x").by("bob"))).isZero();
    }

    @Test
    void whatIsRefusedOrOnlyTriedIsNothing() {
        assertThat(alerts(create("x").denied(), approve("x"))).isZero();
        assertThat(alerts(create("x").dry(), approve("x"))).isZero();
        assertThat(alerts(create("x"), approve("x").denied())).isZero();
        assertThat(alerts(create("x"), approve("x").dry())).isZero();
    }

    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";

    private static AuditEvents asking(AuditEvents event, String signer, String name, String... groups) {
        return telling(event, signer, "mallory", null, name, groups);
    }

    private static AuditEvents telling(
            AuditEvents event,
            String signer,
            String requester,
            @Nullable String verdict,
            String name,
            String... groups) {
        ObjectBody.Builder body = ObjectBody.builder();
        body.signer = signer;
        body.commonName = name;
        body.organizations = List.of(groups);
        body.requester = requester;
        body.verdict = verdict;
        ObjectBody built = body.build();
        return event.having(builder -> builder.body = built);
    }

    @ParameterizedTest
    @CsvSource({
        "eve, system:masters, true",
        "eve, kubeadm:cluster-admins, true",
        "eve, *, true",
        "system:kube-controller-manager, dev, true",
        "system:node:n1, system:nodes, true",
        "kubernetes-admin, dev, true",
        "eve, dev, false"
    })
    void aPrivilegedNameApprovedByAnybodyIsTold(String name, String group, boolean told) {
        AuditEvents approval = asking(approve("x").by("bob"), CLIENT, name, "dev", group);
        assertThat(alerts(approval)).isEqualTo(told ? 1 : 0);
        assertThat(alerts(approval.by(CONTROLLER).from(INSIDE))).isZero();
        assertThat(alerts(approval.denied())).isZero();
        assertThat(alerts(approval.dry())).isZero();
        AuditEvents creation = asking(create("x"), CLIENT, name, group);
        assertThat(alerts(creation, approve("x").by("bob")))
                .as("by the body of its creation")
                .isEqualTo(told ? 1 : 0);
        assertThat(alerts(creation, approve("y").by("bob"))).isZero();
        assertThat(alerts(creation)).isZero();
    }

    @Test
    void tellsForWhomAPrivilegedCertificateIs() {
        harness.play(List.of(asking(approve("x").by("bob"), CLIENT, "eve", "system:masters", "dev")
                        .at(START)
                        .build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                .isEqualTo("bob approved the certificate request x for eve of system:masters, dev from 203.0.113.7"));
    }

    @Test
    void nodesAreSetUpByThoseWhoDo() {
        for (String requester : List.of(
                "system:node:n1",
                "system:bootstrap:abcdef",
                "kubelet-bootstrap",
                "system:serviceaccount:mco:node-bootstrapper")) {
            AuditEvents approval = approve("x").by("bob");
            assertThat(alerts(
                            telling(approval, CLIENT + "-kubelet", requester, null, "system:node:n1", "system:nodes")))
                    .as(requester)
                    .isZero();
        }
    }

    @Test
    void signersThatLetNobodyInAndDenialsAreQuietWhereBodiesTellThem() {
        AuditEvents serving = asking(create("x"), "kubernetes.io/kubelet-serving", "system:node:n1", "system:nodes");
        AuditEvents own = asking(approve("x"), "kubernetes.io/kubelet-serving", "system:node:n1", "system:nodes");
        assertThat(alerts(serving, own)).isZero();
        assertThat(alerts(serving, approve("x"))).isZero();
        assertThat(alerts(create("x"), own)).isZero();
        assertThat(alerts(asking(create("x"), "example.com/mesh", "web"), approve("x")))
                .isZero();
        AuditEvents denial = telling(approve("x"), CLIENT, "alice", ObjectBody.DENIED, "eve", "system:masters");
        assertThat(alerts(create("x"), denial)).isZero();
        AuditEvents approval = telling(approve("x"), CLIENT, "alice", ObjectBody.APPROVED, "eve", "dev");
        assertThat(alerts(create("x"), approval)).isEqualTo(1);
    }

    @Test
    void oneApprovalFoundInBothWaysIsOneAlert() {
        assertThat(alerts(
                        asking(create("x"), CLIENT, "eve", "system:masters"),
                        asking(approve("x"), CLIENT, "eve", "system:masters")))
                .isEqualTo(1);
    }

    @Test
    void kubeletsAndTheControllerAreQuiet() {
        assertThat(alerts(
                        create("csr-1").by("system:node:n1").from(INSIDE),
                        approve("csr-1").by(CONTROLLER).from(INSIDE)))
                .isZero();
        assertThat(alerts(
                        create("csr-1").by("system:bootstrap:abcdef").from(INSIDE),
                        approve("csr-1").by(CONTROLLER).from(INSIDE)))
                .isZero();
        assertThat(alerts(
                        create("x").by(CONTROLLER).from(INSIDE),
                        approve("x").by(CONTROLLER).from(INSIDE)))
                .isZero();
        assertThat(alerts(
                        create("x").by(CONTROLLER).from(OFFICE),
                        approve("x").by(CONTROLLER).from(OFFICE)))
                .as("its name from outside")
                .isEqualTo(1);
        assertThat(alerts(
                        create("x").by("system:node:n1").from(INSIDE),
                        approve("x").by("system:node:n1").from(INSIDE)))
                .as("a node that approves")
                .isEqualTo(1);
    }

    @Test
    void staysQuietInTheOtherOrderAndOutsideTheWindow() {
        assertThat(alerts(approve("x"), create("x"))).isZero();
        harness.play(List.of(
                        create("x").at(START).build(),
                        approve("x").at(START.plus(WINDOW)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness inside = DetectionHarness.of(detection())) {
            inside.play(List.of(
                            create("x").at(START).build(),
                            approve("x").at(START.plus(WINDOW).minusMillis(1)).build()))
                    .end();
            assertThat(inside.alerts()).hasSize(1);
        }
    }

    @Test
    void aRestartMayChangeTheWindow() {
        harness.play(attack(START, "c1").subList(0, 1)).watermark(START.plusSeconds(40));
        harness.restart(Map.of("detections.csr-self-approval.window", "30 s"));
        harness.play(attack(START, "c1").subList(1, 2)).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness longer = DetectionHarness.of(detection())) {
            longer.play(attack(START, "c1").subList(0, 1)).watermark(START.plusSeconds(40));
            longer.restart(Map.of("detections.csr-self-approval.window", "5 h"));
            longer.play(List.of(
                            approve("evil").at(START.plus(Duration.ofHours(3))).build()))
                    .end();
            assertThat(longer.alerts()).hasSize(1);
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            flood.add(
                    create(null).auditId("r" + i).at(START.plusMillis(i * 100L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(210));
        assertThat(harness.received(CEP)).isLessThanOrEqualTo(66);
        harness.send(approve("x").at(START.plusSeconds(220)).build()).end();
        assertThat(harness.alerts()).hasSize(1);
    }
}
