package io.tocsin.sigma.match;

import io.tocsin.alert.Severity;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Comparison.Order;
import io.tocsin.sigma.Comparison.Part;
import io.tocsin.sigma.Comparison.Unit;
import io.tocsin.sigma.Comparison.Where;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.SigmaRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Rules of every form, over few fields and few values, so that they have much in common and are often met. */
final class RandomRules {
    static final List<String> TOLD = List.of(
            "verb",
            "verb",
            "objectRef.resource",
            "objectRef.resource",
            "objectRef.subresource",
            "user.username",
            "userAgent",
            "requestURI",
            "user.groups",
            "reason",
            "hidden",
            "renamed");
    static final List<String> CONTENT = List.of(
            "requestObject.spec",
            "requestObject.spec.kind",
            "requestObject.spec.list",
            "requestObject.items.verbs",
            "requestObject.items.name",
            "requestObject.items.ports.name",
            "requestObject.n");
    static final List<String> INNER = List.of("verbs", "name", "kind", "ports.name");
    static final List<String> WORDS = List.of(
            "get",
            "GET",
            "list",
            "pods",
            "pod",
            "secrets",
            "exec",
            "sec",
            "s",
            "",
            "kube-system",
            "a.b",
            "e\u0301t\u00e9",
            "\u00c9T\u00c9",
            "\u212aube",
            "curl/7",
            "url",
            "/etc/passwd",
            "tc/pa",
            "system:masters",
            "\u017fecrets",
            "x\ud83d\ude00y",
            "\u03a3\u03c2",
            "aaa",
            "aab",
            "ab",
            "b");
    static final List<String> ADDRESSES = List.of("10.0.0.0", "10.1.2.3", "192.168.7.9", "203.0.113.200", "8.8.8.8");
    static final List<String> NUMBERS =
            List.of("0", "-1", "403", "200", "201.5", "1e3", "1000", "99999999999999999999");

    private final Random random;

    RandomRules(Random random) {
        this.random = random;
    }

    List<SigmaRule> rules(int count) {
        List<SigmaRule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<SigmaRule.Grade> grades = new ArrayList<>();
            while (random.nextInt(3) == 0) {
                grades.add(new SigmaRule.Grade(severity(), expression(2)));
            }
            Set<Source> sources = random.nextInt(8) == 0
                    ? Set.of(Source.KUBERNETES_AUDIT, Source.FALCO)
                    : Set.of(Source.KUBERNETES_AUDIT);
            rules.add(TestingRules.rule("r" + i, sources, severity(), rule(), grades));
        }
        return rules;
    }

    private Severity severity() {
        return pick(List.of(Severity.values()));
    }

    /** Mostly as people write them: a verb, a resource, and then something. */
    private Expression rule() {
        if (random.nextInt(3) == 0) {
            return expression(4);
        }
        List<Expression> all = new ArrayList<>();
        all.add(anyOf("verb", 1 + random.nextInt(3)));
        if (random.nextBoolean()) {
            all.add(anyOf("objectRef.resource", 1 + random.nextInt(2)));
        }
        if (random.nextInt(3) == 0) {
            all.add(test("objectRef.subresource", new Comparison.IsNull()));
        }
        all.add(expression(random.nextInt(3)));
        return new Expression.All(all);
    }

    private Expression anyOf(String field, int count) {
        List<Expression> any = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            any.add(test(field, new Comparison.Text(Where.IS, pick(WORDS), false)));
        }
        return new Expression.Any(any);
    }

    private Expression expression(int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return random.nextInt(7) == 0 ? element() : test();
        }
        return switch (random.nextInt(5)) {
            case 0, 1 -> new Expression.All(several(depth));
            case 2, 3 -> new Expression.Any(several(depth));
            default -> new Expression.Not(expression(depth - 1));
        };
    }

    private List<Expression> several(int depth) {
        List<Expression> several = new ArrayList<>();
        int count = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            several.add(expression(depth - 1));
        }
        return several;
    }

    private Expression element() {
        return random.nextInt(5) == 0
                ? new Expression.Element("requestObject.spec.list", test("", comparison(List.of(""))), 1)
                : new Expression.Element("requestObject.items", inner(3), 1);
    }

    private Expression inner(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return random.nextInt(6) == 0
                    ? new Expression.Element("ports", test("name", comparison(List.of("name"))), 2)
                    : test(pick(INNER), comparison(INNER));
        }
        return switch (random.nextInt(4)) {
            case 0, 1 -> new Expression.All(List.of(inner(depth - 1), inner(depth - 1)));
            case 2 -> new Expression.Any(List.of(inner(depth - 1), inner(depth - 1)));
            default -> new Expression.Not(inner(depth - 1));
        };
    }

    private Expression test() {
        return switch (random.nextInt(14)) {
            case 0 -> test("source.ip", new Comparison.Cidr(pick(ADDRESSES) + "/" + random.nextInt(33)));
            case 1 -> test("responseStatus.code", number());
            case 2 -> test("time", new Comparison.TimePart(pick(List.of(Unit.values())), random.nextInt(24)));
            case 3 -> test(Expression.KEYWORDS, text());
            case 4, 5, 6, 7 -> test(pick(CONTENT), comparison(CONTENT));
            case 8 -> test("no.such.field", comparison(TOLD));
            default -> test(pick(TOLD), comparison(TOLD));
        };
    }

    private Expression test(String field, Comparison is) {
        return new Expression.Test(field, is, random.nextInt(100));
    }

    private Comparison comparison(List<String> fields) {
        return switch (random.nextInt(16)) {
            case 0 -> new Comparison.IsNull();
            case 1 -> new Comparison.Exists();
            case 2, 3 -> wildcard();
            case 4, 5 -> regex();
            case 6 -> number();
            case 7 -> new Comparison.Field(pick(fields), pick(List.of(Where.values())), random.nextBoolean());
            default -> text();
        };
    }

    private Comparison text() {
        return new Comparison.Text(pick(List.of(Where.values())), pick(WORDS), random.nextInt(4) == 0);
    }

    private Comparison number() {
        return new Comparison.Numeric(pick(List.of(Order.values())), new BigDecimal(pick(NUMBERS)));
    }

    private Comparison wildcard() {
        List<Part> parts = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            parts.add(random.nextBoolean() ? new Part(pick(WORDS), false) : new Part(null, random.nextInt(3) > 0));
        }
        return new Comparison.Wildcard(parts, random.nextInt(4) == 0);
    }

    private Comparison regex() {
        return new Comparison.Regex(regex(2), random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
    }

    private String regex(int depth) {
        StringBuilder regex = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            switch (random.nextInt(depth == 0 ? 6 : 8)) {
                case 0 -> regex.append("[a-e]");
                case 1 -> regex.append("\\w");
                case 2 -> regex.append('.');
                case 3, 4, 5 ->
                    regex.append(com.google.re2j.Pattern.quote(pick(WORDS)).replaceAll("^\\\\Q|\\\\E$", ""));
                case 6 -> regex.append('(').append(regex(depth - 1)).append(')');
                default ->
                    regex.append("(?:")
                            .append(regex(depth - 1))
                            .append('|')
                            .append(regex(depth - 1))
                            .append(')');
            }
            if (regex.length() > 0 && "|^*+?}".indexOf(regex.charAt(regex.length() - 1)) < 0) {
                regex.append(pick(List.of("", "", "", "", "?", "*", "+", "{2}", "{0,1}")));
            }
        }
        String whole = random.nextInt(8) == 0 ? regex + "|" + pick(List.of("get", "pods", "\\d+")) : regex.toString();
        return random.nextInt(8) == 0 ? "^" + whole + "$" : whole;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
