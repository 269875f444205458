package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.alert.Tactic;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializer;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for every detection. */
class DetectionCatalogTest {
    private static final Configuration DEFAULTS = new Configuration();

    static Stream<Detection<?>> detections() {
        return DetectionCatalog.load().all().stream();
    }

    /** Other values than the defaults, for every parameter of a detection: numbers and durations doubled. */
    private static Map<String, String> others(Detection<?> detection) {
        Map<String, String> others = new HashMap<>();
        for (ConfigOption<?> option : detection.options()) {
            Object value = option.defaultValue();
            if (value instanceof Integer number) {
                others.put(option.key(), Integer.toString(number * 2));
            } else if (value instanceof Duration duration) {
                others.put(option.key(), duration.toMillis() * 2 + " ms");
            } else if (value instanceof String text) {
                // An address range is a name, too.
                others.put(option.key(), text.isEmpty() ? "192.0.2.0/24" : text + ",192.0.2.0/24");
            } else {
                throw new AssertionError("say what another value of " + option.key() + " is");
            }
        }
        return others;
    }

    private static String kebab(Detection<?> detection) {
        return detection
                .getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    @Test
    void findsAtLeastTheFirstSixSortedById() {
        List<String> ids = detections().map(detection -> detection.info().id()).toList();
        assertThat(ids)
                .contains(
                        "anonymous-success",
                        "delete-burst",
                        "denied-then-granted",
                        "forbidden-burst",
                        "forbidden-then-success",
                        "token-minted-then-used-elsewhere")
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("detections")
    void isNamedAfterItsClassAndHasATestBesideIt(Detection<?> detection) {
        if (detection instanceof SigmaDetection sigma) {
            String id = detection.info().id();
            String file = sigma.rule().file();
            assertThat(file).matches("sigma/[a-z-]+/" + id + "\\.yml");
            assertThat(getClass().getResource("/" + file.replace(".yml", ".test.yml")))
                    .as("tests of " + id)
                    .isNotNull();
            return;
        }
        assertThat(detection.info().id()).isEqualTo(kebab(detection));
        assertThatCode(() -> Class.forName(detection.getClass().getName() + "Test"))
                .as("a test of " + detection.info().id())
                .doesNotThrowAnyException();
        assertThat(detection.getClass()).isFinal();
    }

    @ParameterizedTest
    @MethodSource("detections")
    void tellsPeopleWhatTheyNeedToKnow(Detection<?> detection) {
        DetectionInfo info = detection.info();
        assertThat(List.of(
                        info.title(),
                        info.description(),
                        info.timeline(),
                        info.misses(),
                        info.remediation(),
                        info.falsePositives()))
                .noneMatch(String::isBlank);
        assertThat(info.title()).doesNotEndWith(".");
        assertThat(info.techniques()).isNotEmpty().allMatch(technique -> technique.matches("T\\d{4}(\\.\\d{3})?"));
        assertThat(info.techniques())
                .as("incidents count tactics, so each technique must have one")
                .allMatch(technique -> Tactic.of(technique) != null);
        assertThat(info.sources()).isNotEmpty();
        assertThat(info.needs()).isNotEmpty();
        assertThat(info.stateVersion()).isPositive();
        assertThat(info.clockGroup()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("detections")
    void describesItsParametersWithoutRepeatingDefaults(Detection<?> detection) {
        DetectionInfo info = detection.info();
        List<ConfigOption<?>> all = new ArrayList<>(detection.options());
        all.add(info.severityOption());
        all.add(info.suppressOption());
        for (ConfigOption<?> option : all) {
            assertThat(option.key()).startsWith("detections." + info.id() + ".").matches("[a-z0-9.-]+");
            assertThat(option.hasDefaultValue()).as(option.key()).isTrue();
            String description = new HtmlFormatter().format(option.description());
            assertThat(description).as(option.key()).isNotBlank().endsWith(".").doesNotContainIgnoringCase("default");
        }
        assertThat(all).extracting(ConfigOption::key).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("detections")
    void acceptsItsOwnDefaultsAndOtherValues(Detection<?> detection) {
        Configured<?> byDefault = Configured.of(detection, DEFAULTS, true);
        assertThat(byDefault.severity()).isEqualTo(detection.info().severity());
        assertThat(byDefault.suppressMillis())
                .isEqualTo(detection.info().suppressFor().toMillis());
        Configured<?> other = Configured.of(detection, Configuration.fromMap(others(detection)), true);
        assertThat(other.params().equals(byDefault.params()))
                .isEqualTo(detection.options().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("detections")
    void severityAndSuppressionAreParameters(Detection<?> detection) {
        Configured<?> configured = Configured.of(
                detection,
                Configuration.fromMap(Map.of(
                        detection.info().severityOption().key(), "LOW",
                        detection.info().suppressOption().key(), "7 min")),
                true);
        assertThat(configured.severity()).isEqualTo(Severity.LOW);
        assertThat(configured.suppressMillis()).isEqualTo(420_000);
    }

    @ParameterizedTest
    @MethodSource("detections")
    void aParameterChangesNoStage(Detection<?> detection) {
        Configured<?> byDefault = Configured.of(detection, DEFAULTS, true);
        Configured<?> other = Configured.of(detection, Configuration.fromMap(others(detection)), true);
        Identities identities = Identities.of(DEFAULTS);
        assertThat(stages(other, identities)).isEqualTo(stages(byDefault, identities));
        assertThat(states(other)).isEqualTo(states(byDefault));
        assertThat(stages(byDefault, identities)).allMatch(stage -> stage.matches("[a-z-]+"));
    }

    private static List<String> stages(Configured<?> configured, Identities identities) {
        // Several rules may tell one stage; a lesson is none.
        return configured.rules(identities).stream()
                .filter(rule -> rule.newness().recall() != Recall.LESSON)
                .map(SignalRule::stage)
                .distinct()
                .toList();
    }

    private static <P extends Detection.Params> List<String> states(Configured<P> configured) {
        if (!(configured.detection() instanceof SequenceDetection<P> sequence)) {
            return List.of();
        }
        Pattern<Signal, ?> pattern = DetectionOperators.pattern(configured, sequence);
        return NFACompiler.compileFactory(pattern, false).createNFA().getStates().stream()
                .map(state -> state.getName() + " " + (state.isStart() ? "start" : state.isFinal() ? "final" : ""))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("detections")
    void aPatternHasItsStagesInOrderAndLeavesTheRestToTheWiring(Detection<?> detection) {
        stagesOfPattern(Configured.of(detection, DEFAULTS, true));
    }

    private static <P extends Detection.Params> void stagesOfPattern(Configured<P> configured) {
        if (!(configured.detection() instanceof SequenceDetection<P> sequence)) {
            return;
        }
        List<String> names = new ArrayList<>();
        Pattern<Signal, ?> pattern = sequence.pattern(configured.params());
        assertThat(pattern.getAfterMatchSkipStrategy()).isEqualTo(AfterMatchSkipStrategy.noSkip());
        for (Pattern<Signal, ?> part = pattern; part != null; part = (Pattern<Signal, ?>) part.getPrevious()) {
            assertThat(part.getWindowSize()).isEmpty();
            names.add(0, part.getName());
        }
        assertThat(names).isEqualTo(stages(configured, Identities.of(DEFAULTS)));
    }

    @Test
    void uidsAreUniqueAndDoNotDependOnParameters() {
        List<Detection<?>> all = detections().toList();
        Map<String, String> others = new HashMap<>();
        all.forEach(detection -> others.putAll(others(detection)));
        try (DetectionHarness byDefault = DetectionHarness.of(all, Map.of());
                DetectionHarness other = DetectionHarness.of(all, others)) {
            assertThat(byDefault.uids()).doesNotHaveDuplicates().isEqualTo(other.uids());
            assertThat(byDefault.uids()).allMatch(uid -> uid.matches("[a-z0-9-]+"));
            assertThat(new HashSet<>(byDefault.uids()))
                    .containsAll(Set.of(
                            "classify-test-0",
                            "kubernetes-audit-histories",
                            "kubernetes-audit-correlator",
                            "kubernetes-audit-suppress",
                            "eks-authenticator-and-kubernetes-audit-histories",
                            "eks-authenticator-and-kubernetes-audit-correlator",
                            "eks-authenticator-and-kubernetes-audit-suppress",
                            "cloudtrail-and-kubernetes-audit-histories",
                            "cloudtrail-and-kubernetes-audit-correlator",
                            "cloudtrail-and-kubernetes-audit-suppress",
                            "kubernetes-audit-and-kubernetes-event-histories",
                            "kubernetes-audit-and-kubernetes-event-correlator",
                            "kubernetes-audit-and-kubernetes-event-suppress",
                            "cover-tracks-cep-v1",
                            "csr-self-approval-cep-v1",
                            "hijack-to-quota-cep-v1",
                            "logging-disabled-cep-v1",
                            "delete-burst-alerts",
                            "forbidden-burst-alerts",
                            "denied-then-granted-cep-v1",
                            "forbidden-then-success-cep-v1",
                            "falco-and-kubernetes-audit-and-tetragon-histories",
                            "falco-and-kubernetes-audit-and-tetragon-correlator",
                            "falco-and-kubernetes-audit-and-tetragon-suppress",
                            "access-log-and-hubble-and-kubernetes-audit-and-tetragon-histories",
                            "access-log-and-hubble-and-kubernetes-audit-and-tetragon-correlator",
                            "access-log-and-hubble-and-kubernetes-audit-and-tetragon-suppress",
                            "access-log-and-falco-and-hubble-and-kubernetes-audit-and-tetragon-histories",
                            "access-log-and-falco-and-hubble-and-kubernetes-audit-and-tetragon-correlator",
                            "access-log-and-falco-and-hubble-and-kubernetes-audit-and-tetragon-suppress",
                            "ingress-to-cluster-cep-v1",
                            "service-account-token-theft-cep-v1",
                            "metadata-to-role-cep-v1",
                            "rbac-grant-chain-cep-v1",
                            "token-minted-then-used-elsewhere-cep-v1"));
        }
    }

    @Test
    void everyDetectionRestoresWithOtherParameters() {
        List<Detection<?>> all = detections().toList();
        Map<String, String> others = new HashMap<>();
        all.forEach(detection -> others.putAll(others(detection)));
        try (DetectionHarness harness = DetectionHarness.of(all, Map.of())) {
            List<SecurityEvent> events = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                AuditEvents event = AuditEvents.event().at(Duration.ofSeconds(20L * i));
                events.add(event.build());
                events.add(event.doing("get", "secrets", "web", "s" + i)
                        .from("198.51.100.1")
                        .denied()
                        .build());
                events.add(event.doing("delete", "deployments", "web", "d" + i).build());
                events.add(event.by("system:anonymous").build());
                events.add(event.arn("arn:aws:iam::1:role/r")
                        .authenticator()
                        .denied()
                        .build());
                events.add(event.doing("create", "serviceaccounts", "ci", "a")
                        .sub("token")
                        .issuing("JTI=1")
                        .build());
            }
            harness.play(events).restart(others);
            harness.play(List.of(AuditEvents.event().at(Duration.ofMinutes(15)).build()))
                    .restart();
            harness.end();
            assertThat(harness.stateEntriesByUid().values())
                    .as("%s", harness.stateEntriesByUid())
                    .containsOnly(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                SecurityEvent.class,
                Signal.class,
                Alert.class,
                Evidence.class,
                Histories.Owner.class,
                Histories.Seen.class,
                Causes.Known.class,
                Places.Told.class,
                Resolver.Known.class,
                Lookup.class,
                Correlator.Gate.class,
                Tally.Counted.class,
                Baseline.class,
                Suppressor.Story.class,
                Pulse.class,
                ClusterClock.class,
                Rhythm.class,
                AbsenceFunction.Slot.class,
                OpenAlerts.Open.class,
                SilenceWatch.Changes.class,
                AnswersWatch.Requests.class,
                NeedsWatch.Report.class,
                ReceivedRequest.class,
                News.Presence.class,
                Involved.class,
                Grouped.class
            })
    void whatTravelsOrIsStateNeedsNoKryo(Class<?> type) {
        // As the job is configured: pipeline.generic-types false makes every type that would go to Kryo an error.
        SerializerConfigImpl withoutKryo = new SerializerConfigImpl();
        withoutKryo.setGenericTypes(false);
        assertThat(TypeInformation.of(type).createSerializer(withoutKryo)).isInstanceOf(PojoSerializer.class);
    }

    @Test
    void aPatternThatSetsItsOwnWindowOrSkipStrategyIsRefused() {
        assertThatThrownBy(() -> wire(new TestingSequence(Pattern.<Signal>begin("one")
                        .where(Stage.is("one"))
                        .followedBy("two")
                        .where(Stage.is("two"))
                        .within(Duration.ofMinutes(1)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("testing-sequence")
                .hasMessageContaining("window");
        assertThatThrownBy(() -> wire(
                        new TestingSequence(Pattern.<Signal>begin("one", AfterMatchSkipStrategy.skipPastLastEvent())
                                .where(Stage.is("one")))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("testing-sequence")
                .hasMessageContaining("skip");
    }

    private static void wire(TestingSequence sequence) {
        DetectionOperators.pattern(Configured.of(sequence, DEFAULTS, true), sequence);
    }

    /** A sequence whose pattern is what the test says. */
    private static final class TestingSequence implements SequenceDetection<TestingSequence.Params> {
        private static final long serialVersionUID = 1L;

        private final transient Pattern<Signal, ?> pattern;

        TestingSequence(Pattern<Signal, ?> pattern) {
            this.pattern = pattern;
        }

        record Params() implements Detection.Params {}

        @Override
        public DetectionInfo info() {
            return new DetectionInfo(
                    "testing-sequence",
                    1,
                    "Testing",
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

        @Override
        public List<ConfigOption<?>> options() {
            return List.of();
        }

        @Override
        public Params params(ReadableConfig config) {
            return new Params();
        }

        @Override
        public List<SignalRule> signals(Params params, Identities identities) {
            return List.of(
                    SignalRule.match("one", Entity.IDENTITY, event -> true),
                    SignalRule.match("two", Entity.IDENTITY, event -> true));
        }

        @Override
        public Pattern<Signal, ?> pattern(Params params) {
            return pattern;
        }

        @Override
        public Duration window(Params params) {
            return Duration.ofMinutes(1);
        }

        @Override
        public String message(Match match, Params params) {
            return "";
        }
    }
}
