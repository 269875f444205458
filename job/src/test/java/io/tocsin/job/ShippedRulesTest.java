package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.job.rules.RuleTest;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every rule that comes with the job has tests beside it, and they pass. */
class ShippedRulesTest {
    @TestFactory
    Stream<DynamicNode> rulesMakeOfTheirRecordsWhatTheirTestsSay() {
        return RuleShelf.shipped(DetectionCatalog.load()).stream().map(ShippedRulesTest::tests);
    }

    private static DynamicNode tests(SigmaRule rule) {
        List<SigmaProblem> problems = new ArrayList<>();
        List<RuleTest> tests = RuleTesting.shippedTests(rule, problems);
        List<DynamicNode> nodes = new ArrayList<>();
        nodes.add(DynamicTest.dynamicTest("has sound tests: some that raise an alert, and benign ones", () -> {
            assertThat(problems).isEmpty();
            assertThat(tests).anyMatch(test -> !test.alerts().isEmpty());
            assertThat(tests).anyMatch(ShippedRulesTest::isBenign);
        }));
        for (RuleTest test : tests) {
            nodes.add(DynamicTest.dynamicTest(test.name(), () -> assertThat(RuleTesting.failure(rule, test))
                    .isNull()));
        }
        return DynamicContainer.dynamicContainer(rule.id(), nodes);
    }

    /** Whether nothing is raised that wakes anybody. */
    private static boolean isBenign(RuleTest test) {
        return test.alerts().stream().allMatch(level -> level.compareTo(Severity.MEDIUM) < 0);
    }
}
