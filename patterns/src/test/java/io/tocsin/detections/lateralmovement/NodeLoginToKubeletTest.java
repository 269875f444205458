package io.tocsin.detections.lateralmovement;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
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

class NodeLoginToKubeletTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(30);
    private static final String CEP = "node-login-to-kubelet-cep-v1";

    private final DetectionHarness harness = DetectionHarness.of(new NodeLoginToKubelet());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new NodeLoginToKubelet();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                failed().in(cluster).at(start).build(),
                failed().in(cluster).at(start.plusSeconds(2)).build(),
                failed().in(cluster).at(start.plusSeconds(4)).build(),
                login().in(cluster).at(start.plusSeconds(30)).build(),
                kubectl().in(cluster).at(start.plusSeconds(120)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of(
                "min-failures", List.of("0", "-1", "many"),
                "window", List.of("0 s", "9 s", "a while"),
                "bastions", List.of("bastion", "10.0.0.0/99"),
                "usual-clients", List.of());
    }

    private static AuditEvents host(Source source, String verb) {
        return event().log(source).from(null).ended(Outcome.SUCCESS, 0).having(builder -> {
            builder.verb = verb;
            builder.user = "ubuntu";
            builder.place = Place.onNode("n1");
        });
    }

    private static AuditEvents login() {
        return host(Source.JOURNALD, "login").from(ELSEWHERE);
    }

    private static AuditEvents failed() {
        return login().ended(Outcome.UNAUTHENTICATED, 0);
    }

    private static AuditEvents kubectl() {
        return kubelet().having(builder -> builder.userAgent = "kubectl/v1.31.0 (linux/amd64)");
    }

    private static AuditEvents kubelet() {
        return event().by("system:node:n1")
                .from(INSIDE)
                .doing("list", "secrets", null, null)
                .having(builder -> builder.userAgent = "kubelet/v1.31.0 (linux/amd64)");
    }

    private static AuditEvents ran(Source source, String verb, String binary, String command, String file) {
        return host(source, verb)
                .having(builder -> builder.process = new HostProcess(binary, command, null, "7", null, null, file));
    }

    private static AuditEvents sudo(String command) {
        return ran(Source.JOURNALD, "sudo", "sudo", command, null);
    }

    private int alerts(Map<String, String> parameters, AuditEvents... steps) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            events.add(steps[i].at(START.plusSeconds(10L * i)).build());
        }
        try (DetectionHarness one = DetectionHarness.of(detection(), parameters)) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    private int endingWith(AuditEvents last) {
        return alerts(Map.of(), failed(), failed(), failed(), login(), last);
    }

    @Test
    void tellsFromWhereWhoGotInAndWhatFollowed() {
        harness.play(attack(START, "c1")).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "3 logins to a node failed from 198.51.100.9, then ubuntu logged in from there, then the node"
                                    + " was misused by system:node:n1: list secrets");
            assertThat(alert.evidence())
                    .extracting("stage")
                    .containsExactly("failures", "failures", "failures", "login", "node-misused");
        });
    }

    @Test
    void measuresTheWindowFromTheFirstFailureExclusively() {
        List<SecurityEvent> before = attack(START, "c1").subList(0, 4);
        harness.play(before)
                .play(List.of(kubectl().at(START.plus(WINDOW).minusMillis(1)).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness outside = DetectionHarness.of(detection())) {
            outside.play(before)
                    .play(List.of(kubectl().at(START.plus(WINDOW)).build()))
                    .end();
            assertThat(outside.alerts()).isEmpty();
        }
    }

    @Test
    void staysQuietInAnyOtherOrder() {
        assertThat(alerts(Map.of(), login(), failed(), failed(), failed(), kubectl()))
                .isZero();
        assertThat(alerts(Map.of(), failed(), failed(), failed(), kubectl(), login()))
                .isZero();
        assertThat(alerts(Map.of(), failed(), failed(), login(), failed(), kubectl()))
                .isZero();
    }

    @Test
    void failuresAndLoginAreOneAddresses() {
        assertThat(alerts(Map.of(), failed(), failed(), failed(), login().from(OFFICE), kubectl()))
                .isZero();
        assertThat(alerts(Map.of(), failed(), failed().from(OFFICE), failed(), login(), kubectl()))
                .isZero();
        assertThat(alerts(Map.of(), failed(), failed(), failed(), login().from(OFFICE), login(), kubectl()))
                .as("somebody else logs in as well")
                .isEqualTo(1);
    }

    @Test
    void everythingIsOneNodes() {
        AuditEvents other = kubectl().by("system:node:n2");
        assertThat(endingWith(other)).isZero();
        assertThat(endingWith(sudo("/usr/bin/crictl ps").having(builder -> builder.place = Place.onNode("n2"))))
                .isZero();
        assertThat(alerts(
                        Map.of(),
                        failed(),
                        failed(),
                        failed(),
                        login().having(builder -> builder.place = Place.onNode("n2")),
                        kubectl()))
                .isZero();
    }

    @Test
    void aNodeIsKnownByTheFirstPartOfItsName() {
        assertThat(endingWith(kubectl().by("system:node:N1.eu-west-1.compute.internal")))
                .isEqualTo(1);
        AuditEvents address = kubectl().by("system:node:10.0.0.1");
        assertThat(endingWith(address)).isZero();
    }

    @Test
    void theKubeletAndItsFellowsCallAllDay() {
        assertThat(endingWith(kubelet())).isZero();
        assertThat(endingWith(kubelet().having(builder -> builder.userAgent = "kube-proxy")))
                .isZero();
        assertThat(endingWith(kubelet().having(builder -> builder.userAgent = null)))
                .isZero();
        assertThat(endingWith(kubelet().having(builder -> builder.userAgent = "kubeletctl/1")))
                .isEqualTo(1);
        assertThat(endingWith(kubectl().impersonatedBy("admin"))).isZero();
        assertThat(endingWith(kubectl().by("alice"))).isZero();
    }

    @Test
    void runtimesAndKubeletsAreMisusedOnTheHost() {
        for (AuditEvents misuse : List.of(
                sudo("/usr/bin/crictl exec -it abc sh"),
                sudo("/bin/cat /var/lib/kubelet/pki/kubelet-client-current.pem"),
                sudo("/usr/bin/systemctl stop kubelet"),
                sudo("/usr/bin/systemctl restart containerd.service"),
                sudo("/bin/sh -c 'KUBECONFIG=/etc/kubernetes/kubelet.conf x'"),
                ran(Source.AUDITD, "exec", "/usr/local/bin/ctr", "-n k8s.io c ls", null),
                ran(Source.AUDITD, "open", "/bin/cat", null, "/var/lib/kubelet/pki/kubelet.key"))) {
            assertThat(endingWith(misuse)).as("%s", misuse.build().process()).isEqualTo(1);
        }
    }

    @Test
    void otherWorkOnTheHostIsNone() {
        for (AuditEvents work : List.of(
                sudo("/usr/bin/apt update"),
                sudo("/usr/bin/systemctl status kubelet"),
                sudo("/usr/bin/systemctl restart nginx"),
                sudo("/usr/bin/crictl ps").ended(Outcome.DENIED, 0),
                ran(Source.AUDITD, "exec", "/usr/bin/ls", "/root", null),
                ran(Source.AUDITD, "exec", "/usr/bin/crictl", "ps", null).by(null),
                ran(Source.AUDITD, "open", "/usr/bin/kubelet", null, "/var/lib/kubelet/pki/kubelet.key"),
                ran(Source.AUDITD, "open", "/bin/cat", null, "/etc/hosts"))) {
            assertThat(endingWith(work)).as("%s", work.build().process()).isZero();
        }
    }

    @Test
    void anAdminFromTheBastionIsQuiet() {
        Map<String, String> listed =
                Map.of("detections.node-login-to-kubelet.bastions", "192.0.2.0/24, 198.51.100.0/24");
        assertThat(alerts(listed, failed(), failed(), failed(), login(), kubectl()))
                .isZero();
        AuditEvents elsewhere = failed().from(OFFICE);
        assertThat(alerts(listed, elsewhere, elsewhere, elsewhere, login().from(OFFICE), kubectl()))
                .isEqualTo(1);
    }

    @Test
    void anAdminWhoMistypesOnceOrTwiceIsQuiet() {
        assertThat(alerts(Map.of(), failed(), failed(), login(), kubectl())).isZero();
    }

    @Test
    void usualClientsAreAParameter() {
        String key = "detections.node-login-to-kubelet.usual-clients";
        assertThat(alerts(Map.of(key, "kubectl"), failed(), failed(), failed(), login(), kubectl()))
                .isZero();
        assertThat(alerts(Map.of(key, "kubectl"), failed(), failed(), failed(), login(), kubelet()))
                .isEqualTo(1);
    }

    @Test
    void aLineThatStandsForSeveralFailuresCountsAsMany() {
        assertThat(alerts(Map.of(), failed().having(builder -> builder.count = 3), login(), kubectl()))
                .isEqualTo(1);
    }

    @Test
    void eachLogsStoryIsItsOwnAndToldOnce() {
        List<SecurityEvent> both = new ArrayList<>(attack(START, "c1"));
        for (SecurityEvent event : attack(START.plusMillis(1), "c1").subList(0, 4)) {
            both.add((event.outcome() == Outcome.SUCCESS ? login() : failed())
                    .having(builder -> builder.source = Source.SYSLOG)
                    .at(event.time())
                    .build());
        }
        both.sort((a, b) -> a.time().compareTo(b.time()));
        harness.play(both).end();
        assertThat(harness.alerts()).hasSize(1);
        AuditEvents syslog = failed().having(builder -> builder.source = Source.SYSLOG);
        assertThat(alerts(Map.of(), failed(), syslog, failed(), syslog, login(), kubectl()))
                .as("two failures told twice")
                .isZero();
    }

    @Test
    void aRestartMayChangeThresholdAndWindow() {
        List<SecurityEvent> attack = attack(START, "c1");
        harness.play(attack.subList(1, 3)).watermark(START.plusSeconds(20));
        harness.restart(Map.of("detections.node-login-to-kubelet.min-failures", "2"));
        harness.play(attack.subList(3, 5)).end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness shorter = DetectionHarness.of(detection())) {
            shorter.play(attack.subList(0, 4)).watermark(START.plusSeconds(60));
            shorter.restart(Map.of("detections.node-login-to-kubelet.window", "1 min"));
            shorter.play(attack.subList(4, 5)).end();
            assertThat(shorter.alerts()).isEmpty();
        }
    }

    @Test
    void staysCheapUnderAFloodOfGuesses() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Instant time = START.plusMillis(i * 200L);
            flood.add(failed().auditId("f" + i).at(time).build());
            flood.add(failed().from("192.0.2." + i % 250).at(time.plusMillis(1)).build());
            flood.add(kubectl().auditId("k" + i).at(time.plusMillis(2)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(1_000));
        assertThat(harness.received(CEP)).isLessThan(251 * 66);
        harness.send(
                        login().at(START.plusSeconds(1_010)).build(),
                        kubectl().at(START.plusSeconds(1_030)).build())
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }
}
