package io.tocsin.job.bench.esper;

import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Comparison.Part;
import io.tocsin.sigma.Comparison.Text;
import io.tocsin.sigma.Comparison.Where;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Expression.Test;
import io.tocsin.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules as filters of Esper: the same conditions, on properties of the bean where it has them, so that Esper's filter index finds
 * them, else by functions on the tree. Texts are compared case by case, as the API server writes them.
 */
final class RuleStatements {
    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("verb", "verb"),
            Map.entry("objectRef.apiGroup", "apiGroup"),
            Map.entry("objectRef.resource", "resource"),
            Map.entry("objectRef.subresource", "subresource"),
            Map.entry("objectRef.namespace", "namespace"),
            Map.entry("objectRef.name", "name"),
            Map.entry("user.username", "authenticated"),
            Map.entry("actor.user", "user"),
            Map.entry("actor.kind", "kind"),
            Map.entry("impersonatedUser.username", "impersonated"),
            Map.entry("outcome", "outcome"),
            Map.entry("auditID", "auditId"),
            Map.entry("request.path", "path"),
            Map.entry("request.query", "query"),
            Map.entry("source.zone", "zone"),
            Map.entry("client.family", "client"));
    private static final Map<String, String> FLAGS = Map.of(
            "actor.at_home", "atHome",
            "actor.deployer", "deployer",
            "actor.impersonates", "impersonates",
            "namespace.system", "systemNamespace");
    private static final Set<String> BODIES = Set.of("object", "pod", "requestObject", "responseObject");
    private static final Map<String, String> PLACES = Map.of(
            "impersonatedUser.groups", "impersonatedUser.groups",
            "binding.role", "object.roleRef.name",
            "binding.subjects", "object.subjects.name",
            "csr.signer", "object.spec.signerName",
            "secret.type", "object.type",
            "configmap.data", "object.data");

    private RuleStatements() {}

    /** The statement, or null where Esper can't say it without more of Tocsin's own functions. */
    static @Nullable String of(SigmaRule rule) {
        String filter = condition(rule.when());
        return filter == null
                ? null
                : "@name('%s') select identity, request from AuditRequest(%s)".formatted(rule.id(), filter);
    }

    private static @Nullable String condition(Expression expression) {
        if (expression instanceof Expression.All all) {
            return joined(all.of(), " and ");
        }
        if (expression instanceof Expression.Any any) {
            String in = in(any.of());
            return in != null ? in : joined(any.of(), " or ");
        }
        if (expression instanceof Expression.Not not) {
            String inner = condition(not.of());
            // Of what is absent EPL knows nothing, and a rule that it is not so.
            return inner == null ? null : "coalesce(" + inner + ", false) = false";
        }
        return expression instanceof Test test ? test(test) : null;
    }

    private static @Nullable String joined(List<Expression> parts, String by) {
        List<String> written = new ArrayList<>();
        for (Expression part : parts) {
            String text = condition(part);
            if (text == null) {
                return null;
            }
            written.add(text);
        }
        return written.size() == 1 ? written.get(0) : "(" + String.join(by, written) + ")";
    }

    /** Several values of one property: what Esper has an index for. */
    private static @Nullable String in(List<Expression> parts) {
        List<String> values = new ArrayList<>();
        String property = null;
        for (Expression part : parts) {
            if (!(part instanceof Test test)
                    || !(test.is() instanceof Text text)
                    || text.where() != Where.IS
                    || !PROPERTIES.containsKey(test.field())
                    || (property != null && !property.equals(PROPERTIES.get(test.field())))) {
                return null;
            }
            property = PROPERTIES.get(test.field());
            values.add(quoted(text.text()));
        }
        return values.size() < 2 ? null : property + " in (" + String.join(", ", values) + ")";
    }

    private static @Nullable String test(Test test) {
        String field = test.field();
        if (FLAGS.containsKey(field)) {
            return test.is() instanceof Text text ? FLAGS.get(field) + " = " + text.text() : null;
        }
        if (field.equals("responseStatus.code")) {
            return test.is() instanceof Text text ? "code = " + text.text() : null;
        }
        String property = PROPERTIES.get(field);
        if (property != null) {
            return ofProperty(property, test.is());
        }
        if (field.equals("exec.command")) {
            String pattern = pattern(test.is());
            return pattern == null ? null : "commandFinds(query, " + quoted(pattern) + ")";
        }
        int dot = field.indexOf('.');
        boolean body = dot > 0 && BODIES.contains(field.substring(0, dot));
        String place = body ? field : PLACES.get(field);
        return place == null ? null : ofBody(quoted(place), test.is());
    }

    private static @Nullable String ofProperty(String property, Comparison is) {
        if (is instanceof Text text) {
            return text.where() == Where.IS
                    ? property + " = " + quoted(text.text())
                    : property + " regexp " + quoted("(?s)" + whole(text));
        }
        if (is instanceof Comparison.IsNull) {
            return property + " is null";
        }
        if (is instanceof Comparison.Exists) {
            return property + " is not null";
        }
        String pattern = pattern(is);
        return pattern == null ? null : property + " regexp " + quoted("(?s).*(?:" + pattern + ").*");
    }

    private static @Nullable String ofBody(String place, Comparison is) {
        if (is instanceof Text text && text.where() == Where.IS) {
            // A role's kind stands beside its name, and a subject's before it.
            String value = text.text().substring(text.text().lastIndexOf('/') + 1);
            return "bodyIs(tree, %s, %s)".formatted(place, quoted(value));
        }
        if (is instanceof Text text && text.where() == Where.STARTS) {
            return "bodyStarts(tree, %s, %s)".formatted(place, quoted(text.text()));
        }
        if (is instanceof Comparison.IsNull) {
            return "bodyHas(tree, %s) = false".formatted(place);
        }
        if (is instanceof Comparison.Exists) {
            return "bodyHas(tree, %s)".formatted(place);
        }
        String pattern = pattern(is);
        return pattern == null ? null : "bodyFinds(tree, %s, %s)".formatted(place, quoted(pattern));
    }

    private static String whole(Text text) {
        String literal = Pattern.quote(text.text());
        return switch (text.where()) {
            case IS -> literal;
            case STARTS -> literal + ".*";
            case ENDS -> ".*" + literal;
            case CONTAINS -> ".*" + literal + ".*";
        };
    }

    private static @Nullable String pattern(Comparison is) {
        if (is instanceof Comparison.Regex regex) {
            return (regex.ignoreCase() ? "(?i)" : "") + regex.pattern();
        }
        if (is instanceof Text text) {
            return "(?is)^" + whole(text) + "$";
        }
        if (is instanceof Comparison.Wildcard wildcard) {
            StringBuilder pattern = new StringBuilder("(?is)^");
            for (Part part : wildcard.parts()) {
                String literal = part.text();
                pattern.append(literal != null ? Pattern.quote(literal) : part.any() ? ".*" : ".");
            }
            return pattern.append('$').toString();
        }
        return null;
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
