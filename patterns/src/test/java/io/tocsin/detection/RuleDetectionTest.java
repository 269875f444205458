package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.event.Content;
import io.tocsin.event.EventField;
import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** A rule is a detection like any other. */
class RuleDetectionTest implements DetectionContract {
    private static final String CONFIG_READ =
            """
            title: Configuration read
            name: config-read
            description: Somebody reads a ConfigMap.
            logsource: {product: kubernetes, service: audit}
            tags: [attack.discovery, attack.t1613]
            detection:
                read: {verb: [get, list], objectRef.resource: configmaps}
                abroad: {source.zone: outside}
                condition: read
            fields: [userAgent, verb]
            level: medium
            tocsin:
                levels: {low: read and not abroad}
                suppress-for: 2h
                response: Ask.
            """;
    private static final Detection<?> RULE = rule(CONFIG_READ, "config-read");

    private static Detection<?> rule(String yaml, String id) {
        return TestingRules.catalog(yaml).find(id);
    }

    @Override
    public Detection<?> detection() {
        return RULE;
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(read().in(cluster).at(start).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of();
    }

    private static AuditEvents read() {
        return event().doing("get", "configmaps", "web", "settings")
                .having(builder -> builder.userAgent = "kubectl/v1.30");
    }

    private static List<Alert> alerts(Detection<?> detection, SecurityEvent... events) {
        return alerts(detection, Map.of(), events);
    }

    private static List<Alert> alerts(Detection<?> detection, Map<String, String> parameters, SecurityEvent... events) {
        try (DetectionHarness harness = DetectionHarness.of(detection, parameters)) {
            return harness.send(events).end().alerts();
        }
    }

    @Test
    void saysWhoDidWhatFromWhereAndWhatTheRuleTellsOf() {
        assertThat(alerts(RULE, read().build())).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo("alice did get configmaps web/settings from 203.0.113.7: Configuration read"
                            + " (userAgent: kubectl/v1.30; verb: get)");
            assertThat(alert.facts())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("userAgent", "kubectl/v1.30", "verb", "get"));
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.kind()).isEqualTo(1);
            assertThat(alert.techniques()).containsExactly("T1613");
            assertThat(alert.suppressMillis()).isEqualTo(Duration.ofHours(2).toMillis());
        });
    }

    @Test
    void saysHowItEnded() {
        assertThat(alerts(
                        RULE,
                        read().denied().build(),
                        read().by("bob").impersonatedBy("mallory").build(),
                        read().by("carol").dry().build()))
                .extracting(
                        alert -> alert.message().substring(0, alert.message().indexOf(" from ")))
                .containsExactlyInAnyOrder(
                        "alice was refused get configmaps web/settings",
                        "mallory as bob did get configmaps web/settings",
                        "carol tried as a dry run get configmaps web/settings");
    }

    @Test
    void hasTheSeverityOfTheEventUnlessTheUserChoseOne() {
        SecurityEvent[] events = {
            read().build(),
            read().from(INSIDE).by("bob").build(),
            read().by("carol").dry().build()
        };
        assertThat(alerts(RULE, events))
                .extracting(Alert::severity)
                .containsExactlyInAnyOrder(Severity.MEDIUM, Severity.LOW, Severity.INFORMATIONAL);
        assertThat(alerts(RULE, Map.of("detections.config-read.severity", "high"), events))
                .extracting(Alert::severity)
                .containsExactlyInAnyOrder(Severity.HIGH, Severity.HIGH, Severity.INFORMATIONAL);
        // The rule's own level, chosen, holds for every alert too.
        assertThat(alerts(RULE, Map.of("detections.config-read.severity", "medium"), events))
                .extracting(Alert::severity)
                .containsExactlyInAnyOrder(Severity.MEDIUM, Severity.MEDIUM, Severity.INFORMATIONAL);
    }

    @Test
    void isExemptedByItsId() {
        Exemption exemption = new Exemption(
                "alice-reads",
                new Glob("alice"),
                List.of(),
                null,
                List.of(),
                List.of(new Glob("config-*")),
                List.of(),
                "team",
                "may",
                Instant.parse("2030-01-01T00:00:00Z"),
                false);
        try (DetectionHarness harness = DetectionHarness.of(RULE).exempting(exemption)) {
            harness.send(read().build(), read().by("bob").build()).end();
            assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.message())
                    .startsWith("bob "));
            assertThat(harness.counted(Counts.SILENCED + "alice-reads|config-read"))
                    .isEqualTo(1);
        }
    }

    @Test
    void matchesWhatIsThereOfATruncatedRecord() {
        assertThat(alerts(
                        RULE, read().having(builder -> builder.truncated = true).build()))
                .hasSize(1);
    }

    @Test
    void raisesALateEventOnce() {
        try (DetectionHarness harness = DetectionHarness.of(RULE)) {
            harness.watermark(START.plus(Duration.ofHours(1)));
            harness.send(read().at(START).build(), read().at(START).build()).end();
            assertThat(harness.alerts()).hasSize(1);
        }
    }

    @Test
    void tellsFewAndShortValuesButAllThatMakeAStory() {
        Detection<?> images = rule(
                """
                title: Pod created
                name: pod-created
                logsource: {product: kubernetes, service: audit}
                detection:
                    create: {verb: create, objectRef.resource: pods}
                    condition: create
                fields: [pod.containers.image]
                level: low
                tocsin: {once-per: [object, fields]}
                """,
                "pod-created");
        SecurityEvent four = pod("a", "b", "c", "d".repeat(200));
        SecurityEvent shuffled = pod("d".repeat(200), "c", "b", "a");
        SecurityEvent another = pod("a", "b", "c", "d".repeat(200) + "!");
        assertThat(alerts(images, four, shuffled)).singleElement().satisfies(alert -> assertThat(alert.message())
                .endsWith("(pod.containers.image: a, b, c and 1 more)"));
        assertThat(alerts(images, four, another)).hasSize(2);
        assertThat(alerts(images, pod("d".repeat(200)))).singleElement().satisfies(alert -> assertThat(
                        alert.facts().get("pod.containers.image"))
                .isEqualTo("d".repeat(120) + "…"));
    }

    private static SecurityEvent pod(String... images) {
        List<Content.Leaf> leaves = new ArrayList<>();
        IntStream.range(0, images.length)
                .forEach(i -> leaves.add(
                        new Content.Leaf("pod.containers.image", "pod.containers[%d].image".formatted(i), images[i])));
        return event().doing("create", "pods", "web", "a")
                .having(builder -> builder.content = new Content(leaves, null))
                .at(START.plusMillis(images[0].length() + images[images.length - 1].length()))
                .build();
    }

    @Test
    void aRefusedRequestMakesUpNoStories() {
        SecurityEvent[] refused = IntStream.range(0, 50)
                .mapToObj(i -> event().doing("get", "configmaps", "made-up-" + i, "name-" + i)
                        .at(START.plusSeconds(i))
                        .denied()
                        .build())
                .toArray(SecurityEvent[]::new);
        assertThat(alerts(RULE, refused)).hasSize(1);
        SecurityEvent[] let = IntStream.range(0, 3)
                .mapToObj(i -> event().doing("get", "configmaps", "web", "name-" + i)
                        .at(START.plusSeconds(i))
                        .build())
                .toArray(SecurityEvent[]::new);
        assertThat(alerts(RULE, let)).hasSize(3);
    }

    @Test
    void aVisitorMakesUpNoStories() {
        Detection<?> scan = rule(
                """
                title: Admin page asked for
                name: admin-page
                logsource: {category: webserver}
                detection:
                    admin: {request.path|contains: admin}
                    condition: admin
                level: low
                """,
                "admin-page");
        SecurityEvent[] visits = IntStream.range(0, 20)
                .mapToObj(i -> event().having(builder -> {
                            builder.source = Source.ACCESS_LOG;
                            builder.user = null;
                            builder.resource = null;
                            builder.namespace = null;
                            builder.name = null;
                            builder.code = 404;
                            builder.outcome = Outcome.ERROR;
                            builder.uri = "/admin/" + builder.time.getEpochSecond() + "?token=x";
                            builder.flow = new Flow("http/1.1", null, 0, "host-" + builder.time, null, null, null);
                            builder.place = new Place(null, null, null, null, null, null, null, "Service/shop");
                        })
                        .at(START.plusSeconds(i))
                        .build())
                .toArray(SecurityEvent[]::new);
        assertThat(alerts(scan, visits)).singleElement().satisfies(alert -> assertThat(alert.message())
                .matches("203\\.0\\.113\\.7 sent GET /admin/\\d+ to Service/shop, answered 404: Admin page asked for"));
    }

    @Test
    void saysWhatRanWhere() {
        Detection<?> shell = rule(
                """
                title: Shell in a container
                name: shell-in-a-container
                logsource: {category: process_creation, product: linux}
                detection:
                    shell: {process.executable|endswith: /sh}
                    condition: shell
                level: low
                """,
                "shell-in-a-container");
        SecurityEvent ran = event().having(builder -> {
                    builder.source = Source.TETRAGON;
                    builder.user = null;
                    builder.peer = null;
                    builder.verb = "exec";
                    builder.resource = null;
                    builder.outcome = Outcome.UNKNOWN;
                    builder.process = new HostProcess("/bin/sh", "-c id", null, "1", null, null, null);
                    builder.place =
                            new Place("node-1", null, "web/shop-1", null, null, "shop", null, "Deployment/shop");
                })
                .build();
        assertThat(alerts(shell, ran)).singleElement().satisfies(alert -> assertThat(alert.message())
                .isEqualTo("/bin/sh ran in pod web/shop-1 on node node-1: Shell in a container"));
    }

    @Test
    void needsWhatItCantMatchWithout() {
        assertThat(RULE.info().needs()).containsExactly(Need.AUDIT_EVENTS);
        assertThat(rule(
                                """
                                title: t
                                name: needy
                                logsource: {product: kubernetes, service: audit}
                                detection:
                                    read: {verb: [get, list], objectRef.resource: secrets, source.zone: outside}
                                    either: [{role.rights: secrets}, {binding.role: ClusterRole/x}]
                                    not_me: {actor.credential_id: me}
                                    condition: read and either and not not_me
                                level: low
                                """,
                                "needy")
                        .info()
                        .needs())
                .containsExactlyInAnyOrder(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES, Need.RBAC_BODIES, Need.SECRET_READS);
        assertThat(TestingRules.shipped("privileged-container").info().needs())
                .containsExactlyInAnyOrder(Need.AUDIT_EVENTS, Need.BODIES);
    }

    @Test
    void asksDecodersForWhatItsFieldsCost() {
        assertThat(RULE.fields()).isEmpty();
        assertThat(TestingRules.shipped("cluster-admin-bound").fields()).containsExactly(EventField.BODY);
    }

    @Test
    void isTaggedByTechniqueAndTactic() {
        assertThat(RULE.tags()).containsExactlyInAnyOrder("attack.discovery", "attack.t1613");
        assertThat(TestingRules.catalog(CONFIG_READ)
                        .find("forbidden-then-success")
                        .tags())
                .contains("attack.t1078.004", "attack.initial-access", "attack.credential-access");
    }

    @Test
    void isFoundAloneToo() {
        RuleDetection rule = (RuleDetection) RULE;
        Identities identities = Identities.of(new Configuration());
        assertThat(rule.find(read().build(), new RuleDetection.Params(), identities))
                .isNotNull();
        assertThat(rule.find(read().doing("get", "pods", "web", "a").build(), new RuleDetection.Params(), identities))
                .isNull();
    }
}
