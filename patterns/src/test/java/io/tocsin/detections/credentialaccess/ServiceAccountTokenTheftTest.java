package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
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
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceAccountTokenTheftTest implements DetectionContract {
    private static final String APP = "system:serviceaccount:web:app";
    private static final String POD = "web/a";
    private static final String OTHER_POD_ADDRESS = "10.0.3.3";
    private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    private static final Duration WINDOW = Duration.ofHours(24);
    private static final String CEP = "service-account-token-theft-cep-v1";
    private static final String GROUP = "falco-and-kubernetes-audit-and-tetragon";

    private final DetectionHarness harness = DetectionHarness.of(new ServiceAccountTokenTheft());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new ServiceAccountTokenTheft();
    }

    @Override
    public List<SecurityEvent> past() {
        return List.of(used().from(INSIDE).at(START.minusSeconds(3_600)).build());
    }

    /** Each time the token turns up at another address. */
    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        String address = "198.51.100." + Math.floorMod(start.getEpochSecond() / 60, 251);
        return List.of(
                entered().in(cluster).at(start).build(),
                used().in(cluster).from(address).at(start.plusSeconds(90)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("window", List.of("0 s", "9 s", "a while"));
    }

    private static AuditEvents entered() {
        return running("command=sh&stdin=true&tty=true");
    }

    private static AuditEvents running(String query) {
        return event().doing("get", "pods", "web", "a")
                .sub("exec")
                .uri("/api/v1/namespaces/web/pods/a/exec?" + query)
                .ended(Outcome.SUCCESS, 101);
    }

    private static AuditEvents used() {
        return event().by(APP).credential("JTI=1").boundTo(POD).from(ELSEWHERE).doing("list", "secrets", "web", null);
    }

    private static AuditEvents opened(Source source, String binary, String file) {
        return event().by(null).from(null).doing("open", null, null, null).having(builder -> {
            builder.source = source;
            builder.place = new Place("n1", null, POD, null, null, "app", null, null);
            builder.process = new HostProcess(binary, "", "/", "p1", "p0", "/bin/sh", file);
        });
    }

    private int alerts(AuditEvents taken, AuditEvents used) {
        return alerts(List.of(
                used().from(INSIDE).at(START.minusSeconds(600)).build(),
                taken.at(START).build(),
                used.at(START.plusSeconds(60)).build()));
    }

    private int alerts(List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    @Test
    void tellsWhoEnteredWhichPodAndWhereItsTokenWasUsed() {
        harness.play(List.of(
                        entered().at(START).build(),
                        used().at(START.plusSeconds(60)).build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo("alice entered pod web/a from 203.0.113.7 (get pods/exec); then the pod's token (" + APP
                            + ") was used from 198.51.100.9, an address new to it: list secrets web/*");
            assertThat(alert.evidence()).extracting("stage").containsExactly("taken", "used-elsewhere");
        });
        try (DetectionHarness seen = DetectionHarness.of(detection())) {
            seen.play(List.of(
                            opened(Source.TETRAGON, "/bin/cat", TOKEN).at(START).build(),
                            used().at(START.plusSeconds(60)).build()))
                    .end();
            assertThat(seen.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .startsWith("a shell or a tool was seen at the token of pod web/a (tetragon); then"));
        }
    }

    @Test
    void measuresTheWindowExclusively() {
        assertThat(alerts(List.of(
                        entered().at(START).build(),
                        used().at(START.plus(WINDOW).minusMillis(1)).build())))
                .isEqualTo(1);
        assertThat(alerts(List.of(
                        entered().at(START).build(),
                        used().at(START.plus(WINDOW)).build())))
                .isZero();
    }

    @Test
    void anEntryGoesOnTellingOfFurtherAddresses() {
        harness.play(List.of(
                        entered().at(START).build(),
                        used().at(START.plusSeconds(60)).build(),
                        used().from("198.51.100.77")
                                .at(START.plus(Duration.ofHours(5)))
                                .build()))
                .end();
        assertThat(harness.alerts()).hasSize(2);
    }

    @Test
    void staysQuietWhenTheTokenWasUsedThereBefore() {
        assertThat(alerts(List.of(
                        used().from(INSIDE).at(START).build(),
                        used().at(START.plusSeconds(60)).build(),
                        entered().at(START.plusSeconds(120)).build(),
                        used().at(START.plusSeconds(180)).build())))
                .isZero();
    }

    @Test
    void staysQuietWhileThePodCallsFromItsOwnAddresses() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            events.add(used().from(i % 3 == 0 ? OTHER_POD_ADDRESS : INSIDE)
                    .credential("JTI=" + i / 10)
                    .auditId("u" + i)
                    .at(START.plusSeconds(300L * i))
                    .build());
            if (i % 20 == 10) {
                events.add(entered()
                        .auditId("e" + i)
                        .at(START.plusSeconds(300L * i + 1))
                        .build());
            }
        }
        assertThat(alerts(events)).isZero();
    }

    @Test
    void aPodBehindNatHasItsOutsideAddressForItsOwn() {
        assertThat(alerts(List.of(
                        used().at(START).build(),
                        entered().at(START.plusSeconds(60)).build(),
                        used().credential("JTI=2").at(START.plusSeconds(120)).build())))
                .isZero();
    }

    @Test
    void anotherAddressInsideIsNewOnlyToAPodThatHasCalledBefore() {
        assertThat(alerts(entered(), used().from(OTHER_POD_ADDRESS))).isEqualTo(1);
        assertThat(alerts(List.of(
                        entered().at(START).build(),
                        used().from(OTHER_POD_ADDRESS).at(START.plusSeconds(60)).build())))
                .isZero();
    }

    @Test
    void aPodOfTheSameNameThatIsAnotherHasAnotherHome() {
        AuditEvents next = used().from(OTHER_POD_ADDRESS).having(builder -> builder.credentialPodUid = "next");
        assertThat(alerts(entered(), next)).isZero();
    }

    @Test
    void keepsPodsApartWhereTheirAccountIsUsedInside() {
        AuditEvents inside = used().from(OTHER_POD_ADDRESS);
        assertThat(alerts(entered(), inside.boundTo("web/b"))).isZero();
        assertThat(alerts(entered(), inside.boundTo("other/a"))).isZero();
        assertThat(alerts(entered().doing("get", "pods", "web", "b"), inside)).isZero();
    }

    @Test
    void outsideTheAccountIsFoundWhateverItsCredential() {
        assertThat(alerts(entered(), used().boundTo(null))).isEqualTo(1);
        assertThat(alerts(entered(), used().boundTo("web/b"))).isEqualTo(1);
        AuditEvents other = used().by("system:serviceaccount:web:other");
        assertThat(alerts(entered(), other.boundTo("web/b")))
                .as("another account")
                .isZero();
        assertThat(alerts(entered(), used().boundTo(null).in("c2")))
                .as("another cluster")
                .isZero();
    }

    @Test
    void whichAccountAPodRunsAsMayBeToldLater() {
        AuditEvents minted = event().by("system:node:n1")
                .from(INSIDE)
                .doing("create", "serviceaccounts", "web", "app")
                .sub("token")
                .having(builder -> builder.place = new Place(null, null, "web/late", null, null, null, null, null));
        AuditEvents intoLate = entered().doing("get", "pods", "web", "late");
        SecurityEvent taken = intoLate.at(START).build();
        SecurityEvent abroad = used().boundTo(null).at(START.plusSeconds(600)).build();
        for (int seconds : new int[] {-3_600, -1, 1, 119}) {
            SecurityEvent told = minted.at(START.plusSeconds(seconds)).build();
            assertThat(alerts(seconds < 0 ? List.of(told, taken, abroad) : List.of(taken, told, abroad)))
                    .as("told %s s later", seconds)
                    .isEqualTo(1);
        }
        assertThat(alerts(List.of(taken, minted.at(START.plusSeconds(140)).build(), abroad)))
                .as("too late")
                .isZero();
        assertThat(alerts(List.of(taken, abroad))).as("never told").isZero();
    }

    @Test
    void staysQuietWhereTheCredentialIsBoundToNoPodOrItsAddressIsMissing() {
        assertThat(alerts(entered(), used().boundTo(null).from(OTHER_POD_ADDRESS)))
                .isZero();
        assertThat(alerts(entered(), used().from(null))).isZero();
    }

    @Test
    void aRefusedUseIsAUse() {
        assertThat(alerts(entered(), used().denied())).isEqualTo(1);
    }

    @Test
    void worksBeforeCredentialsHadIds() {
        assertThat(alerts(entered(), used().credential(null).from(OTHER_POD_ADDRESS)))
                .isEqualTo(1);
    }

    @Test
    void everyWayInCounts() {
        assertThat(alerts(running("command=cat&command=" + TOKEN.replace("/", "%2F")), used()))
                .isEqualTo(1);
        assertThat(alerts(running("container=app"), used()))
                .as("command not logged")
                .isEqualTo(1);
        assertThat(alerts(entered().doing("create", "pods", "web", "a"), used()))
                .isEqualTo(1);
        assertThat(alerts(entered().sub("attach").uri("/x?stdin=true&tty=true"), used()))
                .isEqualTo(1);
        assertThat(alerts(
                        entered()
                                .doing("patch", "pods", "web", "a")
                                .sub("ephemeralcontainers")
                                .uri("/x"),
                        used()))
                .isEqualTo(1);
        assertThat(alerts(opened(Source.TETRAGON, "/bin/cat", TOKEN), used())).isEqualTo(1);
        assertThat(alerts(
                        opened(Source.FALCO, "cat", "/run//secrets/kubernetes.io/serviceaccount/..data/token"), used()))
                .isEqualTo(1);
        assertThat(alerts(opened(Source.FALCO, "bash", "").because("Terminal shell in container"), used()))
                .isEqualTo(1);
        assertThat(alerts(
                        opened(Source.TETRAGON, "/usr/bin/base64", "")
                                .doing("exec", null, null, null)
                                .having(builder -> builder.process =
                                        new HostProcess("/usr/bin/base64", TOKEN, "/", "p1", "p0", "/bin/sh", null)),
                        used()))
                .isEqualTo(1);
    }

    @Test
    void whatEntersNothingAndReadsNoTokenOpensNoStory() {
        assertThat(alerts(running("command=ls&command=%2Fdata"), used())).isZero();
        assertThat(alerts(entered().sub("attach").uri("/x?stdout=true"), used()))
                .isZero();
        assertThat(alerts(entered().sub("log").uri("/x"), used())).isZero();
        assertThat(alerts(entered().sub("portforward").uri("/x"), used())).isZero();
        assertThat(alerts(entered().denied(), used())).isZero();
        assertThat(alerts(entered().dry(), used())).isZero();
        assertThat(alerts(opened(Source.TETRAGON, "/app/server", TOKEN), used()))
                .as("the application itself")
                .isZero();
        assertThat(alerts(opened(Source.TETRAGON, "/bin/cat", "/etc/hosts"), used()))
                .isZero();
        assertThat(alerts(opened(Source.TETRAGON, "/bin/cat", TOKEN).because("maybe_exec_probe"), used()))
                .isZero();
        assertThat(alerts(opened(Source.AUDITD, "/bin/cat", TOKEN), used())).isZero();
    }

    @Test
    void aRestartMayChangeTheWindow() {
        String key = "detections.service-account-token-theft.window";
        harness.play(List.of(entered().at(START).build())).watermark(START.plusSeconds(1_800));
        harness.restart(Map.of(key, "1 h"));
        harness.play(List.of(used().at(START.plus(Duration.ofHours(5))).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness longer = DetectionHarness.of(detection(), Map.of(key, "1 h"))) {
            longer.play(List.of(entered().at(START).build())).watermark(START.plusSeconds(1_800));
            longer.restart();
            longer.play(List.of(used().at(START.plus(Duration.ofHours(5))).build()))
                    .end();
            assertThat(longer.alerts()).hasSize(1);
        }
    }

    @Test
    void theFirstUseOfAllTasksIsTheOneThatCounts() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            events.add(used().from(INSIDE)
                    .auditId("u" + i)
                    .at(START.plusSeconds(20L * i))
                    .build());
        }
        events.add(entered().at(START.plusSeconds(805)).build());
        for (int i = 0; i < 10; i++) {
            events.add(used().auditId("x" + i).at(START.plusSeconds(830L + i)).build());
        }
        for (int seed = 0; seed < 6; seed++) {
            try (DetectionHarness one = DetectionHarness.of(List.of(detection()), 3, Map.of())) {
                one.playDisordered(events, new Random(seed), DISORDER).end();
                assertThat(one.alerts()).singleElement().satisfies(alert -> assertThat(alert.time())
                        .isEqualTo(START.plusSeconds(830)));
            }
        }
    }

    @Test
    void worksBesideADetectionThatHasCredentialsSighted() {
        try (DetectionHarness both =
                DetectionHarness.of(List.of(detection(), new TokenMintedThenUsedElsewhere()), Map.of())) {
            both.play(List.of(
                            used().from(INSIDE).at(START).build(),
                            entered().at(START.plusSeconds(60)).build(),
                            used().from(OTHER_POD_ADDRESS)
                                    .at(START.plusSeconds(120))
                                    .build()))
                    .end();
            assertThat(both.alerts()).hasSize(1);
        }
    }

    @Test
    void steadyUseLeavesItsTaskOnceADay() {
        List<SecurityEvent> steady = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            steady.add(used().from(i % 2 == 0 ? INSIDE : ELSEWHERE)
                    .auditId("u" + i)
                    .at(START.plusSeconds(i))
                    .build());
        }
        harness.watermark(START).send(steady).watermark(START.plusSeconds(5_010));
        assertThat(harness.received(GROUP + "-histories")).isEqualTo(3);
        assertThat(harness.received(CEP)).isZero();
    }

    @Test
    void staysCheapUnderAFloodOfEntries() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(entered().auditId("e" + i).at(START.plusSeconds(i)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(5_000));
        assertThat(harness.received(CEP)).isLessThan(40);
        assertThat(harness.stateEntries()).isLessThan(100);
        harness.send(used().at(START.plusSeconds(5_010)).build()).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.facts())
                .containsKey("counted")
                .doesNotContainKey("needed"));
    }
}
