package io.tocsin.sigma.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.event.Content;
import io.tocsin.event.Content.Leaf;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Comparison.Where;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.TestingSurroundings;
import io.tocsin.testkit.AuditEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleMatcherTest {
    private static final Set<Source> AUDIT = Set.of(Source.KUBERNETES_AUDIT);

    @Test
    void tellsTheRulesInTheirOrderWhateverBringsThemUp() {
        List<SigmaRule> rules = List.of(
                rule("agent", contains("userAgent", "curl")),
                rule("all", new Expression.All(List.of())),
                rule("verb", is("verb", "get")),
                rule("none", new Expression.Any(List.of())),
                rule("not", new Expression.Not(is("verb", "list"))));
        assertThat(matches(
                        rules,
                        AuditEvents.event().having(b -> b.userAgent = "Curl/8").build()))
                .containsExactly("agent HIGH", "all HIGH", "verb HIGH", "not HIGH");
    }

    @Test
    void takesTheFirstGradeThatHolds() {
        SigmaRule rule = TestingRules.rule(
                "graded",
                AUDIT,
                Severity.HIGH,
                is("verb", "get"),
                List.of(
                        new SigmaRule.Grade(Severity.LOW, is("objectRef.resource", "pods")),
                        new SigmaRule.Grade(Severity.CRITICAL, new Expression.All(List.of()))));
        assertThat(matches(List.of(rule), AuditEvents.event().build())).containsExactly("graded LOW");
        assertThat(matches(
                        List.of(rule),
                        AuditEvents.event().having(b -> b.resource = "nodes").build()))
                .containsExactly("graded CRITICAL");
    }

    @Test
    void holdsADryRunForInformationOnly() {
        assertThat(matches(
                        List.of(rule("r", is("verb", "get"))),
                        AuditEvents.event().having(b -> b.dryRun = true).build()))
                .containsExactly("r INFORMATIONAL");
    }

    @Test
    void asksRulesOfTheEventsOwnLogOnly() {
        List<SigmaRule> rules = List.of(
                rule("audit", new Expression.All(List.of())),
                TestingRules.rule(
                        "both",
                        Set.of(Source.KUBERNETES_AUDIT, Source.FALCO),
                        Severity.LOW,
                        new Expression.Not(is("user.username", "alice")),
                        List.of()));
        assertThat(matches(rules, AuditEvents.event().build())).containsExactly("audit HIGH");
        assertThat(matches(
                        rules,
                        AuditEvents.event().having(b -> b.source = Source.FALCO).build()))
                .as("a log that has no such field")
                .containsExactly("both LOW");
        assertThat(matches(
                        rules,
                        AuditEvents.event()
                                .having(b -> b.source = Source.HUBBLE)
                                .build()))
                .isEmpty();
    }

    @Test
    void wantsAllOfOneAndTheSameElement() {
        SigmaRule rule = rule(
                "element",
                new Expression.Element(
                        "requestObject.rules",
                        new Expression.All(List.of(is("verbs", "get"), is("resources", "secrets"))),
                        1));
        assertThat(matches(
                        List.of(rule),
                        with(
                                leaf("requestObject.rules[0].verbs[0]", "get"),
                                leaf("requestObject.rules[0].resources[0]", "pods"),
                                leaf("requestObject.rules[1].verbs[0]", "list"),
                                leaf("requestObject.rules[1].resources[0]", "secrets"))))
                .isEmpty();
        assertThat(matches(
                        List.of(rule),
                        with(
                                leaf("requestObject.rules[0].resources[0]", "pods"),
                                leaf("requestObject.rules[10].verbs[0]", "list"),
                                leaf("requestObject.rules[10].verbs[1]", "get"),
                                leaf("requestObject.rules[10].resources[0]", "Secrets"))))
                .containsExactly("element HIGH");
    }

    @Test
    void tellsElementsApartWhateverKeysHold() {
        SigmaRule rule = rule(
                "keys",
                new Expression.Element(
                        "requestObject.a.b/c.list", new Expression.All(List.of(is("x", "1"), is("y.z[0]", "2"))), 1));
        assertThat(matches(
                        List.of(rule),
                        with(
                                new Leaf("requestObject.a.b/c.list.x", "requestObject.a.b/c.list[0].x", "1"),
                                new Leaf(
                                        "requestObject.a.b/c.list.y.z[0]", "requestObject.a.b/c.list[1].y.z[0]", "2"))))
                .isEmpty();
        assertThat(matches(
                        List.of(rule),
                        with(
                                new Leaf("requestObject.a.b/c.list.x", "requestObject.a.b/c.list[1].x", "1"),
                                new Leaf(
                                        "requestObject.a.b/c.list.y.z[0]", "requestObject.a.b/c.list[1].y.z[0]", "2"))))
                .containsExactly("keys HIGH");
    }

    @Test
    void seesNoElementInAnEmptyArray() {
        SigmaRule rule =
                rule("lacks", new Expression.Element("requestObject.list", new Expression.Not(is("name", "a")), 1));
        assertThat(matches(List.of(rule), with(new Leaf("requestObject.list", "requestObject.list", ""))))
                .isEmpty();
        assertThat(matches(List.of(rule), with(new Leaf("requestObject.list", "requestObject.list", null))))
                .isEmpty();
        assertThat(matches(List.of(rule), with(new Leaf("requestObject.list", "requestObject.list[0]", ""))))
                .containsExactly("lacks HIGH");
    }

    @Test
    void knowsAbsentFromNullFromAnObject() {
        List<SigmaRule> rules = List.of(
                rule("null", test("requestObject.a", new Comparison.IsNull())),
                rule("exists", test("requestObject.a", new Comparison.Exists())),
                rule("missing", new Expression.Not(test("requestObject.a", new Comparison.Exists()))));
        assertThat(matches(rules, with())).containsExactly("null HIGH", "missing HIGH");
        assertThat(matches(rules, with(new Leaf("requestObject.a", "requestObject.a", null))))
                .containsExactly("null HIGH", "exists HIGH");
        assertThat(matches(rules, with(leaf("requestObject.a.b.c", "1")))).containsExactly("exists HIGH");
        assertThat(matches(rules, with(leaf("requestObject.ab", "1")))).containsExactly("null HIGH", "missing HIGH");
    }

    @Test
    void searchesKeywordsInTheTextsOfAnEventWithoutItsRecord() {
        SigmaRule rule = rule("words", contains(Expression.KEYWORDS, "Nmap"));
        assertThat(matches(
                        List.of(rule),
                        AuditEvents.event()
                                .having(b -> b.userAgent = "x nmap y")
                                .build()))
                .containsExactly("words HIGH");
        assertThat(matches(
                        List.of(rule),
                        AuditEvents.event()
                                .having(b -> b.userAgent = "x nmap y")
                                .having(b -> b.content = new Content(List.of(), "something else"))
                                .build()))
                .isEmpty();
        assertThat(matches(List.of(rule), AuditEvents.event().build())).isEmpty();
    }

    @Test
    void takesNoNumberThatWouldCostMuch() {
        SigmaRule rule = rule(
                "number",
                test(
                        "requestObject.n",
                        new Comparison.Numeric(Comparison.Order.MORE, java.math.BigDecimal.valueOf(10))));
        assertThat(matches(List.of(rule), with(leaf("requestObject.n", "1e999999999"))))
                .containsExactly("number HIGH");
        assertThat(matches(List.of(rule), with(leaf("requestObject.n", "9".repeat(100_000)))))
                .isEmpty();
        assertThat(matches(List.of(rule), with(leaf("requestObject.n", "eleven"))))
                .isEmpty();
    }

    @Test
    void costsTimeLinearInALongArray() {
        SigmaRule rule = rule(
                "long",
                new Expression.Element(
                        "requestObject.list", new Expression.All(List.of(is("a", "1"), is("b", "1"))), 1));
        List<Leaf> leaves = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            leaves.add(leaf("requestObject.list[" + i + "].a", i % 2 == 0 ? "1" : "2"));
            leaves.add(leaf("requestObject.list[" + i + "].b", i % 2 == 0 ? "2" : "1"));
        }
        assertThat(matches(List.of(rule), with(leaves.toArray(Leaf[]::new)))).isEmpty();
    }

    @Test
    void isAsRightWithMoreWholeValuesThanItTellsApart() {
        List<SigmaRule> rules = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            rules.add(rule("r" + i, is("verb", "v" + i)));
        }
        RuleMatcher matcher = new RuleMatcher(rules, TestingFields::find);
        List<String> told = new ArrayList<>();
        for (String verb : List.of("v0", "V1099", "v1023", "v1024", "v1100", "v1099")) {
            matcher.match(
                    new Subject(AuditEvents.event().having(b -> b.verb = verb).build(), new TestingSurroundings()),
                    (rule, level) -> told.add(rules.get(rule).id()));
        }
        assertThat(told).containsExactly("r0", "r1099", "r1023", "r1024", "r1099");
    }

    @Test
    void isAsRightWhereItsTreeMayGrowNoMore() {
        List<SigmaRule> rules = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rules.add(rule("r" + i, new Expression.All(List.of(is("verb", "v" + i), is("user.username", "u" + i)))));
        }
        RuleMatcher matcher = new RuleMatcher(rules, TestingFields::find, 100);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 60; i++) {
                String verb = "v" + i;
                String user = "u" + (i + round);
                List<String> told = new ArrayList<>();
                SecurityEvent event = AuditEvents.event()
                        .having(b -> b.verb = verb)
                        .having(b -> b.user = user)
                        .build();
                matcher.match(
                        new Subject(event, new TestingSurroundings()),
                        (rule, level) -> told.add(rules.get(rule).id()));
                assertThat(told).isEqualTo(round == 0 ? List.of("r" + i) : List.of());
            }
        }
    }

    private static SigmaRule rule(String id, Expression when) {
        return TestingRules.rule(id, AUDIT, Severity.HIGH, when, List.of());
    }

    private static Expression is(String field, String text) {
        return test(field, new Comparison.Text(Where.IS, text, false));
    }

    private static Expression contains(String field, String text) {
        return test(field, new Comparison.Text(Where.CONTAINS, text, false));
    }

    private static Expression test(String field, Comparison is) {
        return new Expression.Test(field, is, 1);
    }

    private static Leaf leaf(String at, String value) {
        return new Leaf(at.replaceAll("\\[[0-9]+]", ""), at, value);
    }

    private static SecurityEvent with(Leaf... leaves) {
        return AuditEvents.event()
                .having(b -> b.content = new Content(List.of(leaves), null))
                .build();
    }

    private static List<String> matches(List<SigmaRule> rules, SecurityEvent event) {
        List<String> told = new ArrayList<>();
        new RuleMatcher(rules, TestingFields::find)
                .match(
                        new Subject(event, new TestingSurroundings()),
                        (rule, level) -> told.add(rules.get(rule).id() + " " + level));
        return told;
    }
}
