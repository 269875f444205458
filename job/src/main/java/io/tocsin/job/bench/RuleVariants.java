package io.tocsin.job.bench;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Comparison.Part;
import io.tocsin.sigma.Comparison.Where;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.field.FieldCatalog;
import io.tocsin.sigma.match.ContentPlans;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rules like others, about the same verbs and resources but with other values, which no log has: what a team adds that has more
 * than the rules of the pack. Each has one more test, of each kind of comparison in turn.
 */
final class RuleVariants {
    /** What requests are told apart by; variants ask the same. */
    private static final Set<String> KEPT = Set.of(
            "verb",
            "objectRef.resource",
            "objectRef.subresource",
            "outcome",
            "eventName",
            "eventSource",
            "dry_run",
            "http.method");

    private final String mark;
    private final int number;

    private RuleVariants(int number) {
        this.number = number;
        this.mark = "-variant" + number;
    }

    /** So many rules: some of these, of each sort, or all of them, and variants of them where they are not enough. */
    static List<SigmaRule> rules(List<SigmaRule> shipped, int count) {
        List<SigmaRule> rules = new ArrayList<>();
        int size = shipped.size();
        for (int i = 0; i < Math.min(count, size); i++) {
            rules.add(shipped.get((int) ((long) i * size / Math.min(count, size))));
        }
        for (int i = size; i < count && size > 0; i++) {
            rules.add(new RuleVariants(i).of(shipped.get(i % size)));
        }
        return rules;
    }

    private SigmaRule of(SigmaRule rule) {
        Expression when = new Expression.All(List.of(other(rule.when()), test(rule)));
        return new SigmaRule(
                rule.id() + mark,
                null,
                rule.file(),
                rule.line(),
                rule.title(),
                rule.description(),
                rule.status(),
                rule.level(),
                rule.logSource(),
                rule.sources(),
                when,
                rule.grades(),
                rule.tags(),
                rule.falsePositives(),
                rule.references(),
                rule.fields(),
                rule.response(),
                rule.misses(),
                rule.oncePer(),
                rule.suppressFor(),
                rule.asksNewAddress());
    }

    private Expression other(Expression expression) {
        if (expression instanceof Expression.All all) {
            return new Expression.All(all.of().stream().map(this::other).toList());
        } else if (expression instanceof Expression.Any any) {
            return new Expression.Any(any.of().stream().map(this::other).toList());
        } else if (expression instanceof Expression.Not not) {
            return new Expression.Not(other(not.of()));
        } else if (expression instanceof Expression.Element element) {
            return new Expression.Element(element.array(), other(element.holds()), element.line());
        }
        Expression.Test test = (Expression.Test) expression;
        return KEPT.contains(test.field()) ? test : new Expression.Test(test.field(), other(test), test.line());
    }

    private Comparison other(Expression.Test test) {
        Comparison is = test.is();
        if (is instanceof Comparison.Text text) {
            boolean either = text.text().equals("true") || text.text().equals("false");
            return either ? text : new Comparison.Text(text.where(), text.text() + mark, text.cased());
        } else if (is instanceof Comparison.Wildcard wildcard) {
            List<Part> parts = new ArrayList<>(wildcard.parts());
            parts.add(new Part(mark, false));
            return new Comparison.Wildcard(parts, wildcard.cased());
        } else if (is instanceof Comparison.Regex regex) {
            return new Comparison.Regex(
                    "(?:" + regex.pattern() + ")" + mark, regex.ignoreCase(), regex.multiLine(), regex.dotAll());
        } else if (is instanceof Comparison.Cidr) {
            return new Comparison.Cidr(range());
        } else if (is instanceof Comparison.Numeric than) {
            return new Comparison.Numeric(than.order(), than.than().add(BigDecimal.valueOf(number)));
        } else {
            return is;
        }
    }

    private String range() {
        return "198.18." + number / 256 % 256 + "." + number % 256 + "/32";
    }

    /** A test that no event passes, of a kind that the number tells. */
    private Expression test(SigmaRule rule) {
        Set<Source> sources = rule.sources();
        // What reads no body goes on reading none.
        boolean body = !ContentPlans.of(List.of(rule)).equals(ContentPlan.NONE);
        boolean request = sources.contains(Source.KUBERNETES_AUDIT);
        boolean message = sources.stream().anyMatch(source -> FieldCatalog.find("message", source) != null);
        String agent = request ? "userAgent" : message ? "message" : "node";
        String path = request ? "requestURI" : agent;
        return switch (number % 11) {
            case 0 -> test(agent, new Comparison.Text(Where.CONTAINS, "scanner" + mark, false));
            case 1 ->
                test(
                        path,
                        new Comparison.Wildcard(
                                List.of(new Part("/api/", false), new Part(null, true), new Part(mark, false)), false));
            case 2 -> test("actor.name", new Comparison.Text(Where.STARTS, "mallory" + mark, false));
            case 3 -> test(agent, new Comparison.Regex("(nmap|mass ?can)" + mark + "\\d+", true, false, false));
            case 4 -> test("source.ip", new Comparison.Cidr(range()));
            case 5 ->
                test(
                        request ? "responseStatus.code" : agent,
                        new Comparison.Numeric(Comparison.Order.EQUAL, BigDecimal.valueOf(1_000 + number)));
            case 6 ->
                test(
                        request && body ? "object.metadata.labels.app" : agent,
                        new Comparison.Text(Where.ENDS, mark, false));
            case 7 ->
                new Expression.All(List.of(
                        test(agent, new Comparison.Field(path, Where.IS, true)),
                        test(agent, new Comparison.Text(Where.IS, "agent" + mark, true))));
            case 8 -> test("time", new Comparison.TimePart(Comparison.Unit.YEAR, 3_000 + number));
            case 9 ->
                request && body
                        ? new Expression.Element(
                                "pod.containers",
                                new Expression.All(List.of(
                                        test("name", new Comparison.Text(Where.IS, "c" + mark, false)),
                                        test("image", new Comparison.Text(Where.CONTAINS, "miner", false)))),
                                1)
                        : test(agent, new Comparison.Text(Where.IS, mark, true));
            default -> test(path, new Comparison.Text(Where.CONTAINS, "/Shadow" + mark, true));
        };
    }

    private static Expression test(String field, Comparison is) {
        return new Expression.Test(field, is, 1);
    }
}
