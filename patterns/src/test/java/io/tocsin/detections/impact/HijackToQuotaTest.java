package io.tocsin.detections.impact;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HijackToQuotaTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(15);
    private static final String CEP = "hijack-to-quota-cep-v1";
    private static final String CONTROLLER = "system:serviceaccount:kube-system:replicaset-controller";

    private final DetectionHarness harness = DetectionHarness.of(new HijackToQuota());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new HijackToQuota();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        List<SecurityEvent> events = burst(start, 20, by -> by.in(cluster));
        events.add(quota().in(cluster).at(start.plusSeconds(420)).build());
        return events;
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of(
                "min-workloads", List.of("0", "-1", "many"),
                "created-within", List.of("0 s", "9 s", "x"),
                "pending-for", List.of("-1 s", "x"),
                "window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents create(String name) {
        return event().doing("create", "deployments", "web", name).group("apps");
    }

    private static List<SecurityEvent> burst(Instant start, int many, UnaryOperator<AuditEvents> by) {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            events.add(by.apply(create("w" + i)).at(start.plusSeconds(3L * i)).build());
        }
        return events;
    }

    private static AuditEvents kubernetes(String reason, String message) {
        return event().log(Source.KUBERNETES_EVENT)
                .from(null)
                .doing(null, "replicasets", "web", "w1-6d4b")
                .group("apps")
                .because(reason)
                .saying(message);
    }

    private static AuditEvents quota() {
        return kubernetes(
                "FailedCreate",
                "Error creating: pods \"w1-6d4b-\" is forbidden: exceeded quota: compute, requested: cpu=4, used: cpu=64");
    }

    private static AuditEvents unschedulable() {
        return kubernetes("FailedScheduling", "0/5 nodes are available: 5 Insufficient cpu.")
                .doing(null, "pods", "web", "w1-6d4b-x");
    }

    private static int alerts(Map<String, String> parameters, List<SecurityEvent> events) {
        try (DetectionHarness one = DetectionHarness.of(new HijackToQuota(), parameters)) {
            one.play(events).end();
            return one.alerts().size();
        }
    }

    private static int alerts(List<SecurityEvent> events, SecurityEvent... more) {
        List<SecurityEvent> all = new ArrayList<>(events);
        all.addAll(List.of(more));
        return alerts(Map.of(), all);
    }

    private static SecurityEvent at(AuditEvents what, Duration after) {
        return what.at(START.plus(after)).build();
    }

    private static SecurityEvent at(AuditEvents what, long second) {
        return at(what, Duration.ofSeconds(second));
    }

    @Test
    void whatControllersCreateIsChargedToWhoeverWroteItsOwner() {
        AuditEvents pod = event().by("system:serviceaccount:kube-system:replicaset-controller")
                .from("10.0.0.2")
                .having(builder ->
                        builder.place = new Place(null, null, "web/p", null, null, null, null, "Deployment/miner"));
        List<SecurityEvent> events = new ArrayList<>();
        events.add(at(create("miner"), -60));
        for (int i = 0; i < 20; i++) {
            events.add(at(pod.doing("create", "pods", "web", "miner-" + i), 3L * i));
        }
        events.add(at(quota(), 420));
        try (DetectionHarness one = DetectionHarness.of(new HijackToQuota())) {
            one.play(events).end();
            assertThat(one.alerts()).singleElement().satisfies(alert -> assertThat(alert.stories())
                    .anyMatch(story -> story.contains("alice")));
        }
        assertThat(alerts(Map.of(), events.subList(1, events.size())))
                .as("nobody known")
                .isZero();
        assertThat(alerts(Map.of("identities.cd", "alice from 203.0.113.0/24"), events))
                .as("a deployer")
                .isZero();
    }

    @Test
    void tellsWhoFilledWhichNamespace() {
        harness.play(attack(START, "c1")).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "alice created 20 workloads in namespace web from 203.0.113.7, the last one deployments web/w19;"
                                    + " then the namespace's quota was exceeded");
            assertThat(alert.evidence()).hasSize(11);
            assertThat(alert.evidence().get(10).source()).isEqualTo("kubernetes-event");
        });
    }

    @Test
    void everyKindOfWorkloadCounts() {
        for (String resource : List.of(
                "pods",
                "deployments",
                "jobs",
                "cronjobs",
                "daemonsets",
                "statefulsets",
                "replicasets",
                "replicationcontrollers")) {
            assertThat(alerts(
                            burst(
                                    START,
                                    20,
                                    by -> by.doing(
                                            "create",
                                            resource,
                                            "web",
                                            by.build().name())),
                            at(quota(), 90)))
                    .as(resource)
                    .isEqualTo(1);
        }
        assertThat(alerts(
                        burst(
                                START,
                                20,
                                by -> by.doing(
                                        "create",
                                        "configmaps",
                                        "web",
                                        by.build().name())),
                        at(quota(), 90)))
                .isZero();
        assertThat(alerts(burst(START, 20, by -> by.sub("eviction")), at(quota(), 90)))
                .isZero();
        assertThat(alerts(
                        burst(
                                START,
                                20,
                                by -> by.doing(
                                        "update",
                                        "deployments",
                                        "web",
                                        by.build().name())),
                        at(quota(), 90)))
                .isZero();
    }

    @Test
    void creationsWithoutALoggedNameAreEachAnother() {
        List<SecurityEvent> jobs = burst(START, 20, by -> by.doing("create", "jobs", "web", null));
        assertThat(alerts(jobs, at(quota(), 90))).isEqualTo(1);
        List<SecurityEvent> one = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            one.add(at(create("same"), i));
        }
        assertThat(alerts(one, at(quota(), 90))).isZero();
    }

    @Test
    void whatIsRefusedOrOnlyTriedIsNotCreated() {
        assertThat(alerts(burst(START, 30, AuditEvents::denied), at(quota(), 120)))
                .isZero();
        assertThat(alerts(burst(START, 30, AuditEvents::dry), at(quota(), 120))).isZero();
    }

    @Test
    void theWorkloadsMustBeCreatedTogether() {
        List<SecurityEvent> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(at(create("w" + i), 16L * i));
        }
        assertThat(alerts(slow, at(quota(), 310)))
                .as("19 × 16 s is more than 5 min")
                .isZero();
        slow.add(at(create("w20"), 320));
        assertThat(alerts(slow, at(quota(), 330))).isZero();
        List<SecurityEvent> fast = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            fast.add(at(create("w" + i), 15L * i));
        }
        assertThat(alerts(fast, at(quota(), 310))).isEqualTo(1);
    }

    @Test
    void measuresTheWindowFromTheFirstWorkloadExclusively() {
        List<SecurityEvent> burst = burst(START, 20, by -> by);
        assertThat(alerts(burst, at(quota(), WINDOW.minusMillis(1))))
                .as("long after what is counted has left its own window")
                .isEqualTo(1);
        assertThat(alerts(burst, at(quota(), WINDOW))).isZero();
    }

    @Test
    void keepsNamespacesIdentitiesAndClustersApart() {
        List<SecurityEvent> burst = burst(START, 20, by -> by);
        assertThat(alerts(burst, at(quota().doing(null, "replicasets", "db", "x"), 90)))
                .isZero();
        assertThat(alerts(burst, at(quota().in("c2"), 90))).isZero();
        List<SecurityEvent> two = burst(
                START, 30, by -> by.by(Integer.parseInt(by.build().name().substring(1)) % 2 == 0 ? "alice" : "bob"));
        assertThat(alerts(two, at(quota(), 120))).as("15 each").isZero();
        List<SecurityEvent> spread = burst(
                START,
                30,
                by -> by.doing(
                        "create",
                        "deployments",
                        Integer.parseInt(by.build().name().substring(1)) % 2 == 0 ? "web" : "db",
                        by.build().name()));
        assertThat(alerts(spread, at(quota(), 120))).isZero();
    }

    @Test
    void oneQuotaThatTwoFilledIsToldOfBoth() {
        List<SecurityEvent> both = burst(
                START, 40, by -> by.by(Integer.parseInt(by.build().name().substring(1)) % 2 == 0 ? "alice" : "bob"));
        assertThat(alerts(both, at(quota(), 150))).isEqualTo(2);
    }

    @Test
    void staysQuietIfTheQuotaWasExceededBefore() {
        List<SecurityEvent> story = new ArrayList<>(List.of(at(quota(), 0)));
        story.addAll(burst(START.plusSeconds(10), 20, by -> by));
        assertThat(alerts(story)).isZero();
    }

    @Test
    void onlyAnExceededQuotaCounts() {
        List<SecurityEvent> burst = burst(START, 20, by -> by);
        assertThat(alerts(burst, at(kubernetes("FailedCreate", "violates PodSecurity \"restricted\""), 90)))
                .isZero();
        assertThat(alerts(burst, at(kubernetes("FailedCreate", null), 90))).isZero();
        assertThat(alerts(burst, at(kubernetes("Scheduled", "exceeded quota"), 90)))
                .isZero();
        AuditEvents refused = create("w99").by(CONTROLLER).from(INSIDE).ended(Outcome.ADMISSION_DENIED, 403);
        assertThat(alerts(burst, at(refused, 90))).isZero();
        assertThat(alerts(burst, at(refused.saying("pods \"x\" is forbidden: exceeded quota: compute"), 90)))
                .as("where the audit log's words are kept")
                .isEqualTo(1);
    }

    @Test
    void failingSchedulingCountsOnceItLasts() {
        List<SecurityEvent> burst = burst(START, 20, by -> by);
        SecurityEvent first = at(unschedulable(), 100);
        assertThat(alerts(burst, first)).isZero();
        assertThat(alerts(burst, first, at(unschedulable(), 699)))
                .as("an autoscaler has its time")
                .isZero();
        assertThat(alerts(burst, first, at(unschedulable(), 700))).isEqualTo(1);
        assertThat(alerts(burst, first, at(unschedulable(), 400), at(unschedulable(), 702)))
                .as("since the first")
                .isEqualTo(1);
        assertThat(alerts(burst, first, at(unschedulable().doing(null, "pods", "db", "x"), 720)))
                .isZero();
        assertThat(alerts(burst, at(unschedulable(), 850))).as("a new one").isZero();
        assertThat(alerts(burst, first, at(unschedulable(), WINDOW))).isZero();
    }

    @Test
    void tellsThatSchedulingFails() {
        List<SecurityEvent> story = burst(START, 20, by -> by);
        story.add(at(unschedulable(), 100));
        story.add(at(unschedulable(), 720));
        harness.play(story).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message()).endsWith("then pods there found no node for 600 s or more");
            assertThat(alert.evidence()).extracting("stage").endsWith("pending", "exhausted");
        });
    }

    @Test
    void aQuotaIsNotHiddenByPodsThatWaitForANode() {
        List<SecurityEvent> story = burst(START, 20, by -> by);
        story.add(at(unschedulable(), 120));
        story.add(at(quota(), 121));
        harness.play(story).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                .endsWith("quota was exceeded"));
    }

    @Test
    void deployersAndThePlatformAreQuiet() {
        Map<String, String> listed = Map.of("identities.cd", "argo");
        List<SecurityEvent> inside = burst(START, 20, by -> by.by("argo").from(INSIDE));
        inside.add(at(quota(), 90));
        assertThat(alerts(listed, inside)).isZero();
        assertThat(alerts(Map.of(), inside)).isEqualTo(1);
        List<SecurityEvent> outside = burst(START, 20, by -> by.by("argo").from(OFFICE));
        outside.add(at(quota(), 90));
        assertThat(alerts(listed, outside)).isEqualTo(1);
        assertThat(alerts(burst(START, 40, by -> by.by(CONTROLLER).from(INSIDE)), at(quota(), 150)))
                .isZero();
        assertThat(alerts(burst(START, 40, by -> by.by(CONTROLLER).from(OFFICE)), at(quota(), 150)))
                .isEqualTo(1);
    }

    @Test
    void aRestartMayChangeTheThreshold() {
        List<SecurityEvent> story = attack(START, "c1");
        harness.play(story.subList(0, 9)).restart(Map.of("detections.hijack-to-quota.min-workloads", "10"));
        harness.play(story.subList(9, 10)).play(List.of(at(quota(), 90))).end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness higher = DetectionHarness.of(detection())) {
            higher.play(story.subList(0, 19)).restart(Map.of("detections.hijack-to-quota.min-workloads", "21"));
            higher.play(story.subList(19, 21)).end();
            assertThat(higher.alerts()).isEmpty();
        }
    }

    @Test
    void aRestartMayChangeTheWindows() {
        List<SecurityEvent> story = attack(START, "c1");
        harness.play(story.subList(0, 20)).watermark(START.plusSeconds(120));
        harness.restart(Map.of("detections.hijack-to-quota.window", "6 min"));
        harness.play(story.subList(20, 21)).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness patient = DetectionHarness.of(detection())) {
            patient.play(story.subList(0, 20)).play(List.of(at(unschedulable(), 100)));
            patient.restart(Map.of("detections.hijack-to-quota.pending-for", "1 min"));
            patient.play(List.of(at(unschedulable(), 170))).end();
            assertThat(patient.alerts()).hasSize(1);
        }
    }

    @Test
    void saysTheSameWithFailedSchedulingInWhateverOrderItArrives() {
        List<SecurityEvent> story = burst(START, 22, by -> by);
        for (int second = 30; second < 800; second += 7) {
            story.add(at(unschedulable().auditId("u" + second), second));
        }
        story.add(at(quota(), 801));
        List<String> expected;
        try (DetectionHarness one = DetectionHarness.of(detection())) {
            expected = one.play(story).end().lines();
        }
        for (int seed = 0; seed < 4; seed++) {
            try (DetectionHarness one = DetectionHarness.of(List.of(detection()), 1 + seed % 3, Map.of())) {
                one.playDisordered(story, new Random(seed), DISORDER).end();
                assertThat(one.lines()).as("seed %s", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            flood.add(create("w" + i).at(START.plusMillis(i * 100L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(310));
        assertThat(harness.received(CEP)).isLessThanOrEqualTo(66);
        long openers = harness.received(CEP);
        List<SecurityEvent> pending = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            pending.add(unschedulable()
                    .auditId("u" + i)
                    .at(START.plusSeconds(310).plusMillis(i * 10L))
                    .build());
        }
        harness.send(pending).watermark(START.plusSeconds(350));
        assertThat(harness.received(CEP) - openers)
                .as("two stages, once a slot, and an opener a part")
                .isLessThanOrEqualTo(12);
    }

    @Test
    void aNamespaceWhereNobodyCreatedAnythingCostsThePatternNothing() {
        List<SecurityEvent> pending = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pending.add(at(unschedulable(), 10L * i));
            pending.add(at(quota(), 10L * i + 1));
        }
        harness.play(pending).end();
        assertThat(harness.received(CEP)).isZero();
        assertThat(harness.received("kubernetes-audit-and-kubernetes-event-correlator"))
                .isZero();
    }
}
