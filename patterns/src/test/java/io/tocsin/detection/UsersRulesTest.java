package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.read.SigmaDocuments;
import io.tocsin.testkit.TestingRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of users beside those that come with the job. */
class UsersRulesTest {
    private static String rule(String name, String more) {
        return """
                title: Mine
                name: %s
                %s
                logsource: {product: kubernetes, service: audit}
                detection:
                    read: {verb: get}
                    condition: read
                level: low
                """
                .formatted(name, more);
    }

    @Test
    void areDetectionsSortedAmongTheOthers() {
        DetectionCatalog catalog = TestingRules.catalog(rule("mine", "status: deprecated"));
        assertThat(catalog.find("mine")).isInstanceOf(RuleDetection.class);
        assertThat(catalog.all())
                .extracting(detection -> detection.info().id())
                .isSorted()
                .doesNotHaveDuplicates()
                .contains("forbidden-then-success", "anonymous-success", "mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"forbidden-then-success", "anonymous-success", "incident"})
    void mayNotHaveTheIdOfWhatIsThere(String id) {
        assertThat(TestingRules.problems(rule(id, "status: test")))
                .singleElement()
                .asString()
                .startsWith("testing.yml:1: the id " + id + " is taken by ");
    }

    @Test
    void mayNotShareAnIdAcrossFiles() {
        List<SigmaProblem> problems = new ArrayList<>();
        DetectionCatalog.load()
                .with(read(rule("mine", "status: test"), "a.yml"), problems)
                .with(read(rule("mine", "status: test"), "b.yml"), problems);
        assertThat(problems).containsExactly(new SigmaProblem("b.yml", 1, "the id mine is taken by the rule of a.yml"));
    }

    private static SigmaDocuments read(String yaml, String file) {
        return SigmaDocuments.read(yaml, file, Map.of());
    }

    @Test
    void mayNotSayThatTheyAreUnsupported() {
        assertThat(TestingRules.problems(rule("mine", "status: unsupported")))
                .singleElement()
                .asString()
                .contains("unsupported");
    }

    @Test
    void areAllReportedWithWhatElseIsWrong() {
        List<SigmaProblem> problems = new ArrayList<>();
        String bad = rule("mine", "status: test").replace("verb: get", "vreb: get");
        DetectionCatalog catalog = DetectionCatalog.load()
                .with(
                        SigmaDocuments.read(
                                bad + "---\n" + rule("incident", "status: test") + "---\n"
                                        + rule("sound", "status: test"),
                                "mine.yml",
                                Map.of()),
                        problems);
        assertThat(problems).hasSize(2).allMatch(problem -> problem.file().equals("mine.yml"));
        assertThat(catalog.all()).extracting(detection -> detection.info().id()).contains("sound");
    }

    @Test
    void mayFilterARuleThatComesWithTheJob() {
        String filter =
                """
                title: Not of the build machines
                logsource: {product: kubernetes, service: audit}
                filter:
                    rules: [privileged-container]
                    builders: {actor.name|startswith: 'system:serviceaccount:build:'}
                    condition: not builders
                """;
        DetectionCatalog catalog = TestingRules.catalog(filter);
        SigmaRule filtered = ((SigmaDetection) catalog.find("privileged-container")).rule();
        SigmaRule shipped = ((SigmaDetection) TestingRules.shipped("privileged-container")).rule();
        assertThat(filtered.when()).isNotEqualTo(shipped.when());
        assertThat(catalog.all()).hasSameSizeAs(DetectionCatalog.load().all());
    }
}
