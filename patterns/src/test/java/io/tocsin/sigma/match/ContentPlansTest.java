package io.tocsin.sigma.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.event.ContentPlan;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Comparison.Where;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.SigmaRule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContentPlansTest {
    private static final Set<Source> AUDIT = Set.of(Source.KUBERNETES_AUDIT);

    @Test
    void readsWhatTheExpressionTheGradesAndTheAlertName() {
        SigmaRule rule = TestingRules.rule(
                "r",
                AUDIT,
                Severity.HIGH,
                new Expression.All(List.of(
                        is("verb", "Create"),
                        new Expression.Any(List.of(is("objectRef.resource", "pods"), is("objectRef.resource", "jobs"))),
                        new Expression.Not(is("requestObject.a", "1")),
                        new Expression.Test(
                                "hidden", new Comparison.Field("requestObject.other[].x", Where.IS, false), 1))),
                List.of(new SigmaRule.Grade(Severity.LOW, is("requestObject.graded", "1"))));
        ContentPlan plan = plan(rule);
        assertThat(plan.paths(Source.KUBERNETES_AUDIT, "create", "jobs"))
                .containsExactly(
                        "requestObject.a",
                        "requestObject.beside",
                        "requestObject.graded",
                        "requestObject.hidden",
                        "requestObject.other.x");
        assertThat(plan.paths(Source.KUBERNETES_AUDIT, "update", "jobs")).isEmpty();
        assertThat(plan.paths(Source.KUBERNETES_AUDIT, "create", "nodes")).isEmpty();
        assertThat(plan.paths(Source.FALCO, "create", "pods")).isEmpty();
        assertThat(plan.text(Source.KUBERNETES_AUDIT, "create", "pods")).isFalse();
    }

    @Test
    void readsTheTextOnlyForKeywords() {
        ContentPlan plan = plan(TestingRules.rule(
                "r", AUDIT, Severity.HIGH, new Expression.All(List.of(is("verb", "get"), is("*", "x"))), List.of()));
        assertThat(plan.text(Source.KUBERNETES_AUDIT, "get", null)).isTrue();
        assertThat(plan.text(Source.KUBERNETES_AUDIT, "list", null)).isFalse();
    }

    @Test
    void readsWholeElementsOnlyWhereOneThatLacksAllCounts() {
        SigmaRule some = rule(new Expression.Element("requestObject.list", is("a", "1"), 1));
        assertThat(plan(some).paths(Source.KUBERNETES_AUDIT, "get", "pods")).containsExactly("requestObject.list.a");
        SigmaRule lacking = rule(new Expression.Element("requestObject.list", new Expression.Not(is("a", "1")), 1));
        assertThat(plan(lacking).paths(Source.KUBERNETES_AUDIT, "get", "pods"))
                .containsExactly("requestObject.list", "requestObject.list.a");
    }

    @Test
    void readsNothingForRulesThatNeedNothing() {
        assertThat(plan(rule(is("verb", "get")))).isEqualTo(ContentPlan.NONE);
    }

    private static SigmaRule rule(Expression when) {
        return TestingRules.rule("r", AUDIT, Severity.HIGH, when, List.of());
    }

    private static ContentPlan plan(SigmaRule rule) {
        return ContentPlans.of(List.of(rule), TestingFields::find);
    }

    private static Expression is(String field, String text) {
        return new Expression.Test(field, new Comparison.Text(Where.IS, text, false), 1);
    }
}
