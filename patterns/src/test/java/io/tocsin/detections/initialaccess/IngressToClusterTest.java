package io.tocsin.detections.initialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Flow;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngressToClusterTest implements DetectionContract {
    private static final String POD = "web/a";
    private static final String APP = "system:serviceaccount:web:app";
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String CEP = "ingress-to-cluster-cep-v1";

    private final DetectionHarness harness = DetectionHarness.of(new IngressToCluster());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new IngressToCluster();
    }

    @Override
    public List<SecurityEvent> past() {
        return List.of(egress("1.1.1.1").at(START.minusSeconds(3_600)).build());
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                attempt().in(cluster).at(start).build(),
                shell("-c id " + start).in(cluster).at(start.plusSeconds(30)).build(),
                api().doing("get", "secrets", "web", "s-" + start)
                        .in(cluster)
                        .at(start.plusSeconds(60))
                        .build());
    }

    @Test
    void findsThePodBehindTheAddressThatTheIngressTells() {
        AuditEvents atAddress = attempt()
                .having(builder ->
                        builder.flow = new Flow("http/1.1", "10.0.3.3", 8080, "shop.example", null, null, null));
        AuditEvents told = in(Source.HUBBLE, POD, "Deployment/web")
                .doing("connect", null, null, null)
                .having(builder -> {
                    builder.place = new Place("n1", null, POD, null, "10.0.3.3", null, null, "Deployment/web");
                    builder.flow = new Flow("tcp", "10.0.9.9", 443, null, "web/other", null, "egress");
                });
        List<SecurityEvent> known =
                new ArrayList<>(List.of(told.at(START.minusSeconds(3_000)).build()));
        known.addAll(story(atAddress, shell("-i"), api()));
        assertThat(alerts(known)).as("told before").isEqualTo(1);
        List<SecurityEvent> later = story(atAddress, shell("-i"), api());
        later.add(told.at(START.plusSeconds(100)).build());
        assertThat(alerts(later)).as("told within joins.wait").isEqualTo(1);
        assertThat(alerts(story(atAddress, shell("-i"), api())))
                .as("never told")
                .isZero();
        List<SecurityEvent> nodes = new ArrayList<>(known);
        nodes.add(
                0,
                told.having(builder -> builder.place = new Place("n1", "10.0.3.3", null, null, null, null, null, null))
                        .at(START.minusSeconds(3_100))
                        .build());
        assertThat(alerts(nodes)).as("a node's address").isZero();
    }

    @Test
    void whatItsAccountAsksForAllDayIsNoCallOfAnAttacker() {
        List<SecurityEvent> events = new ArrayList<>(
                List.of(api().at(START.minus(Duration.ofDays(1))).build()));
        events.addAll(story(attempt(), shell("-i"), api()));
        assertThat(alerts(events)).isZero();
        events.add(api().doing("get", "secrets", "web", "other")
                .at(START.plusSeconds(200))
                .build());
        assertThat(alerts(events)).isEqualTo(1);
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("window", List.of("0 s", "9 s", "x"), "known-after", List.of("-1 s", "x"));
    }

    private static AuditEvents attempt() {
        return event().by(null)
                .doing("get", null, null, null)
                .uri("/x?q=${jndi:ldap://e}")
                .having(builder -> {
                    builder.source = Source.ACCESS_LOG;
                    builder.flow = new Flow("http/1.1", "10.0.3.3", 8080, "shop.example", POD, null, null);
                });
    }

    private static AuditEvents shell(String command) {
        return in(Source.TETRAGON, POD, "Deployment/web")
                .doing("exec", null, null, null)
                .having(builder ->
                        builder.process = new HostProcess("/bin/sh", command, "/", "p1", "p0", "/usr/bin/java", null));
    }

    private static AuditEvents api() {
        return event().by(APP)
                .from(INSIDE)
                .credential("JTI=1")
                .boundTo(POD)
                .doing("create", "selfsubjectrulesreviews", null, null);
    }

    private static AuditEvents egress(String destination) {
        return in(Source.HUBBLE, POD, "Deployment/web")
                .doing("connect", null, null, null)
                .uri(destination)
                .having(builder -> builder.flow = new Flow("tcp", destination, 443, null, null, null, "egress"));
    }

    private static AuditEvents in(Source source, @Nullable String pod, @Nullable String workload) {
        return event().by(null).from("10.0.3.3").having(builder -> {
            builder.source = source;
            builder.place = new Place("n1", null, pod, null, null, null, null, workload);
        });
    }

    /** The events half a minute apart, in a workload that has been known for an hour. */
    private List<SecurityEvent> story(AuditEvents... steps) {
        List<SecurityEvent> events = new ArrayList<>(past());
        for (int i = 0; i < steps.length; i++) {
            events.add(steps[i].at(START.plusSeconds(30L * i)).build());
        }
        return events;
    }

    private int alerts(AuditEvents... steps) {
        return alerts(story(steps));
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    @Test
    void anyThreeInOrderAreAStory() {
        assertThat(alerts(attempt(), shell("-i"), api())).isEqualTo(1);
        assertThat(alerts(attempt(), shell("-i"), egress(ELSEWHERE))).isEqualTo(1);
        assertThat(alerts(attempt(), api(), egress(ELSEWHERE))).isEqualTo(1);
        assertThat(alerts(shell("-i"), api(), egress(ELSEWHERE))).isEqualTo(1);
    }

    @Test
    void allFourAreOneStory() {
        harness.play(story(attempt(), shell("-i"), api(), egress(ELSEWHERE), egress("198.51.100.10")))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "pod web/a: an exploit attempt at the ingress from 203.0.113.7, then a shell or a tool run in it"
                                    + " (tetragon), then its token used at the API as " + APP + ": create"
                                    + " selfsubjectrulesreviews");
            assertThat(alert.evidence())
                    .extracting("source")
                    .containsExactly("access-log", "tetragon", "kubernetes-audit");
        });
        assertThat(harness.updates()).hasSize(1);
    }

    @Test
    void oneEventThatCompletesSeveralWaysIsOneAlert() {
        harness.play(story(attempt(), shell("-i"), api().doing("list", "pods", "web", null), egress(ELSEWHERE)));
        harness.end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness two = DetectionHarness.of(detection())) {
            List<SecurityEvent> events = new ArrayList<>(past());
            events.add(shell("-i").at(START).build());
            events.add(attempt().at(START.plusSeconds(10)).build());
            events.add(api().at(START.plusSeconds(30)).build());
            events.add(egress(ELSEWHERE).at(START.plusSeconds(60)).build());
            two.play(events).end();
            assertThat(two.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.count()).isEqualTo(1);
                assertThat(alert.start()).as("the latest opener").isEqualTo(START.plusSeconds(10));
            });
            assertThat(two.updates()).isEmpty();
        }
    }

    @Test
    void twoAreNone() {
        AuditEvents[] all = {attempt(), shell("-i"), api(), egress(ELSEWHERE)};
        for (AuditEvents one : all) {
            for (AuditEvents other : all) {
                assertThat(alerts(one, other)).isZero();
            }
        }
    }

    @Test
    void staysQuietInAnyOtherOrder() {
        assertThat(alerts(shell("-i"), attempt(), api())).isZero();
        assertThat(alerts(api(), shell("-i"), attempt())).isZero();
        assertThat(alerts(attempt(), egress(ELSEWHERE), shell("-i"))).isZero();
        assertThat(alerts(egress(ELSEWHERE), api(), shell("-i"))).isZero();
        assertThat(alerts(attempt(), attempt(), attempt())).isZero();
    }

    @Test
    void nothingInBetweenHidesIt() {
        assertThat(alerts(attempt(), api(), shell("-i"), shell("-x"), api().doing("get", "secrets", "web", "s")))
                .isEqualTo(1);
    }

    @Test
    void measuresTheWindowExclusively() {
        List<SecurityEvent> inside = new ArrayList<>(story(attempt(), shell("-i")));
        inside.add(api().at(START.plus(WINDOW).minusMillis(1)).build());
        assertThat(alerts(inside)).isEqualTo(1);
        List<SecurityEvent> outside = new ArrayList<>(story(attempt(), shell("-i")));
        outside.add(api().at(START.plus(WINDOW)).build());
        assertThat(alerts(outside)).isZero();
    }

    @Test
    void theScanAloneIsQuiet() {
        List<SecurityEvent> scan = new ArrayList<>(past());
        for (int i = 0; i < 500; i++) {
            scan.add(attempt().auditId("a" + i).at(START.plusSeconds(i)).build());
            if (i % 50 == 0) {
                scan.add(egress("1.1.1.1")
                        .auditId("e" + i)
                        .at(START.plusSeconds(i))
                        .build());
            }
        }
        assertThat(alerts(scan)).isZero();
    }

    @Test
    void probesAndWhatTheWorkloadAlwaysRunsAreNoShells() {
        assertThat(alerts(attempt(), shell("-i").because("maybe_exec_probe"), api()))
                .isZero();
        List<SecurityEvent> steady = new ArrayList<>(past());
        for (int i = 0; i < 60; i++) {
            steady.add(shell("-c /healthy")
                    .auditId("s" + i)
                    .at(START.plusSeconds(30L * i))
                    .build());
            if (i > 30) {
                steady.add(attempt()
                        .auditId("a" + i)
                        .at(START.plusSeconds(30L * i + 1))
                        .build());
                steady.add(api().auditId("p" + i)
                        .at(START.plusSeconds(30L * i + 2))
                        .build());
            }
        }
        assertThat(alerts(steady)).isZero();
        assertThat(alerts(
                        attempt(),
                        shell("")
                                .having(builder -> builder.process =
                                        new HostProcess("/usr/bin/java", "-jar", "/", "p1", "p0", null, null)),
                        api()))
                .isZero();
    }

    @Test
    void whatIsUsualForTheApiOrTheNetworkIsNothing() {
        assertThat(alerts(attempt(), shell("-i"), api().doing("get", "pods", "web", "a")))
                .isZero();
        assertThat(alerts(
                        attempt(),
                        shell("-i"),
                        api().doing("get", "pods", "web", "a").denied()))
                .isEqualTo(1);
        assertThat(alerts(attempt(), shell("-i"), api().doing("get", "secrets", "web", "s")))
                .isEqualTo(1);
        assertThat(alerts(attempt(), shell("-i"), egress("1.1.1.1")))
                .as("known")
                .isZero();
        for (String inside : List.of("10.1.2.3", "172.20.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1", "fd00::1")) {
            assertThat(alerts(attempt(), shell("-i"), egress(inside)))
                    .as(inside)
                    .isZero();
        }
        assertThat(alerts(attempt(), shell("-i"), egress("2001:db8::1"))).isEqualTo(1);
        assertThat(alerts(attempt(), shell("-i"), egress(ELSEWHERE).ended(Outcome.DENIED, 0)))
                .isZero();
    }

    @Test
    void aNewWorkloadHasNoNewDestinations() {
        List<SecurityEvent> starting = List.of(
                shell("-c start").at(START).build(),
                api().doing("get", "secrets", "web", "s")
                        .at(START.plusSeconds(10))
                        .build(),
                egress("1.1.1.1").at(START.plusSeconds(20)).build(),
                egress(ELSEWHERE).at(START.plusSeconds(30)).build());
        assertThat(alerts(starting)).isZero();
    }

    @Test
    void anExecByAPersonIsAShellToo() {
        AuditEvents exec = event().doing("get", "pods", "web", "a")
                .sub("exec")
                .uri("/x?command=bash")
                .ended(Outcome.SUCCESS, 101);
        assertThat(alerts(attempt(), exec, api())).isEqualTo(1);
        assertThat(alerts(attempt(), exec.uri("/x?command=date"), api())).isZero();
        assertThat(alerts(attempt(), shell("-i").having(builder -> builder.source = Source.FALCO), api()))
                .isEqualTo(1);
    }

    @Test
    void keepsPodsApart() {
        assertThat(alerts(attempt(), shell("-i"), api().boundTo("web/b"))).isZero();
        assertThat(alerts(
                        attempt()
                                .having(builder -> builder.flow =
                                        new Flow("http/1.1", "10.0.3.4", 8080, null, "web/b", null, null)),
                        shell("-i"),
                        api()))
                .isZero();
        assertThat(alerts(
                        attempt()
                                .having(builder -> builder.flow =
                                        new Flow("http/1.1", "10.0.3.3", 8080, null, null, "Service/web", null)),
                        shell("-i"),
                        api()))
                .as("the log does not tell the pod")
                .isZero();
    }

    @Test
    void aRestartMayChangeTheWindow() {
        List<SecurityEvent> story = story(attempt(), shell("-i"), api());
        harness.play(story.subList(0, 3)).watermark(START.plusSeconds(45));
        harness.restart(Map.of("detections.ingress-to-cluster.window", "40 s"));
        harness.play(story.subList(3, 4)).end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Instant time = START.plusMillis(200L * i);
            flood.add(attempt().auditId("a" + i).at(time).build());
            flood.add(shell("-c " + i).auditId("s" + i).at(time.plusMillis(1)).build());
            flood.add(api().auditId("p" + i)
                    .doing("get", "pods", "web", "a")
                    .at(time.plusMillis(2))
                    .build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(610));
        assertThat(harness.received(CEP)).isLessThan(500);
        assertThat(harness.alerts()).isEmpty();
        harness.send(api().at(START.plusSeconds(612)).build()).end();
        assertThat(harness.alerts()).hasSize(1);
    }
}
