package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import io.tocsin.testkit.TestingRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.junit.jupiter.api.Test;

/** A match of a rule may be a stage of a sequence, or what a rate counts. */
class RuleStageTest {
    private static final DetectionCatalog RULES = TestingRules.catalog(
            """
            title: Configuration read
            name: config-read
            logsource: {product: kubernetes, service: audit}
            detection:
                read: {verb: get, objectRef.resource: configmaps}
                condition: read
            level: low
            ---
            title: Role read
            name: role-read
            logsource: {product: kubernetes, service: audit}
            detection:
                read: {verb: get, objectRef.resource: roles, role.rights: '\\*'}
                condition: read
            level: low
            ---
            title: Line of a node
            name: node-line
            logsource: {product: linux, service: syslog}
            detection:
                line: {message|contains: x}
                condition: line
            level: low
            """);
    private static final Detection<?> CONFIG_READ = RULES.find("config-read");
    private static final Detection<?> ROLE_READ = RULES.find("role-read");
    private static final Detection<?> NODE_LINE = RULES.find("node-line");

    private static AuditEvents config(String name) {
        return event().doing("get", "configmaps", "web", name);
    }

    private static AuditEvents delete() {
        return event().doing("delete", "pods", "web", "a");
    }

    private static List<String> found(List<Detection<?>> detections, SecurityEvent... events) {
        try (DetectionHarness harness = DetectionHarness.of(detections, Map.of())) {
            harness.play(List.of(events)).end();
            return harness.alerts().stream().map(Alert::detection).toList();
        }
    }

    @Test
    void opensASequence() {
        List<Detection<?>> detections = List.of(CONFIG_READ, new ReadThenDelete("config-read"));
        SecurityEvent read = config("a").at(Duration.ofSeconds(1)).build();
        SecurityEvent delete = delete().at(Duration.ofSeconds(2)).build();
        assertThat(found(detections, read, delete)).containsExactlyInAnyOrder("config-read", "read-then-delete");
        assertThat(found(detections, delete)).isEmpty();
        assertThat(found(detections, event().at(Duration.ofSeconds(1)).build(), delete))
                .isEmpty();
        assertThat(found(detections, config("a").by("bob").build(), delete)).containsExactly("config-read");
    }

    @Test
    void isCountedByARate() {
        List<Detection<?>> detections = List.of(CONFIG_READ, new ManyReads("config-read"));
        assertThat(found(
                        detections,
                        config("a").build(),
                        config("a").build(),
                        config("b").build()))
                .containsExactly("config-read", "config-read");
        assertThat(found(
                        detections,
                        config("a").build(),
                        config("b").at(Duration.ofSeconds(1)).build(),
                        config("c").at(Duration.ofSeconds(2)).build()))
                .containsOnlyOnce("many-reads");
    }

    @Test
    void needsNoAlertOfItsOwn() {
        Configuration config = new Configuration();
        Identities identities = Identities.of(config);
        Detection<?> sequence = new ReadThenDelete("role-read");
        List<Configured<?>> off = List.of(
                Configured.of(ROLE_READ, config, false),
                Configured.of(CONFIG_READ, config, false),
                Configured.of(sequence, config, true));
        assertThat(MatchedRules.of(off, identities)).extracting(SigmaRule::id).containsExactly("role-read");
        assertThat(MatchedRules.fields(off, identities)).containsExactly(EventField.BODY);
        List<Configured<?>> allOff =
                List.of(Configured.of(ROLE_READ, config, false), Configured.of(sequence, config, false));
        assertThat(MatchedRules.of(allOff, identities)).isEmpty();
        assertThat(MatchedRules.fields(allOff, identities)).isEmpty();

        RuleMatches matches = new RuleMatches(
                MatchedRules.of(
                        List.of(
                                Configured.of(CONFIG_READ, config, false),
                                Configured.of(new ReadThenDelete("config-read"), config, true)),
                        identities),
                off);
        matches.look(config("a").build(), identities);
        assertThat(matches.matches("config-read")).isTrue();
        assertThat(matches.raising(0)).isNull();
    }

    @Test
    void rulesAboutLogsThatAnInputDoesNotCarryAreLeftOut() {
        Configuration config = new Configuration();
        List<Configured<?>> all =
                List.of(Configured.of(CONFIG_READ, config, true), Configured.of(NODE_LINE, config, true));
        Identities identities = Identities.of(config);
        assertThat(MatchedRules.of(all, identities, Set.of(Source.SYSLOG)))
                .extracting(SigmaRule::id)
                .containsExactly("node-line");
    }

    @Test
    void mustBeTheNameOfARuleThereIs() {
        assertThatThrownBy(() -> DetectionHarness.of(List.of(CONFIG_READ, new ReadThenDelete("config-raed")), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("read-then-delete: stage read names a rule that is not there: config-raed");
        assertThatThrownBy(() -> DetectionHarness.of(List.of(NODE_LINE, new ReadThenDelete("node-line")), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("read-then-delete: stage read names the rule node-line, which reads ")
                .hasMessageEndingWith("; it reads only kubernetes-audit");
    }

    record NoParams() implements Detection.Params {}

    private static DetectionInfo info(String id) {
        return new DetectionInfo(
                id,
                1,
                id,
                Severity.LOW,
                Duration.ofHours(1),
                List.of("T1078"),
                Set.of(Source.KUBERNETES_AUDIT),
                Set.of(Need.AUDIT_EVENTS),
                "",
                "",
                "",
                "",
                "");
    }

    /** Whoever matched a rule deletes something. */
    private static final class ReadThenDelete implements SequenceDetection<NoParams> {
        private static final long serialVersionUID = 1L;

        private final String rule;

        ReadThenDelete(String rule) {
            this.rule = rule;
        }

        @Override
        public DetectionInfo info() {
            return RuleStageTest.info("read-then-delete");
        }

        @Override
        public List<ConfigOption<?>> options() {
            return List.of();
        }

        @Override
        public NoParams params(ReadableConfig config) {
            return new NoParams();
        }

        @Override
        public List<SignalRule> signals(NoParams params, Identities identities) {
            return List.of(
                    SignalRule.rule("read", Entity.IDENTITY, rule),
                    SignalRule.match("delete", Entity.IDENTITY, event -> "delete".equals(event.verb())));
        }

        @Override
        public Pattern<Signal, ?> pattern(NoParams params) {
            return Pattern.<Signal>begin("read")
                    .where(Stage.is("read"))
                    .followedBy("delete")
                    .where(Stage.is("delete"));
        }

        @Override
        public Duration window(NoParams params) {
            return Duration.ofMinutes(10);
        }

        @Override
        public String message(Match match, NoParams params) {
            return "read, then deleted";
        }
    }

    /** Three different matches of a rule. */
    private static final class ManyReads implements RateDetection<NoParams> {
        private static final long serialVersionUID = 1L;

        private final String rule;

        ManyReads(String rule) {
            this.rule = rule;
        }

        @Override
        public DetectionInfo info() {
            return RuleStageTest.info("many-reads");
        }

        @Override
        public List<ConfigOption<?>> options() {
            return List.of();
        }

        @Override
        public NoParams params(ReadableConfig config) {
            return new NoParams();
        }

        @Override
        public List<SignalRule> signals(NoParams params, Identities identities) {
            return List.of(SignalRule.rate(
                            "reads",
                            Entity.IDENTITY,
                            event -> true,
                            event -> Objects.toString(event.name()),
                            3,
                            Duration.ofMinutes(5))
                    .matching(rule));
        }

        @Override
        public Crossing crossing(Signal crossing, NoParams params) {
            return new Crossing("many reads", List.of(crossing.key()), null);
        }
    }
}
