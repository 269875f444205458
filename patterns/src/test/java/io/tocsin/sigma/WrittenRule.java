package io.tocsin.sigma;

import io.tocsin.sigma.read.SigmaDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rules of tests and writes what they mean in one line. */
public final class WrittenRule {
    private static final String HEAD = "title: Test\nlogsource: {product: kubernetes, service: audit}\n";
    /** The line on which the lines of a detection begin. */
    public static final int FIRST = 4;

    private WrittenRule() {}

    /** Reads a file. */
    public static SigmaDocuments file(String text) {
        return SigmaDocuments.read(text, "test.yml", Map.of());
    }

    /** Reads a rule with this detection section, whose lines are indented. */
    public static SigmaDocuments detection(String section) {
        return detection(section, Map.of());
    }

    public static SigmaDocuments detection(String section, Map<String, List<String>> placeholders) {
        return SigmaDocuments.read(HEAD + "detection:\n" + section.indent(4), "test.yml", placeholders);
    }

    /** What a rule means whose one selection holds this line. */
    public static String selection(String... lines) {
        return meaning(detection("s:\n" + String.join("\n", lines).indent(4) + "condition: s"));
    }

    /** The problems of a rule whose one selection holds these lines, the first of them on line 5. */
    public static List<String> refused(String... lines) {
        return problems(detection("s:\n" + String.join("\n", lines).indent(4) + "condition: s"));
    }

    public static List<String> problems(SigmaDocuments documents) {
        return documents.problems().stream()
                .map(problem -> problem.line() + ": " + problem.reason())
                .toList();
    }

    /** What the only rule means. */
    public static String meaning(SigmaDocuments documents) {
        if (!documents.problems().isEmpty() || documents.rules().size() != 1) {
            throw new AssertionError("not one rule: " + documents);
        }
        return meaning(documents.rules().get(0).when());
    }

    public static String meaning(Expression expression) {
        if (expression instanceof Expression.All all) {
            return join(all.of(), " & ");
        } else if (expression instanceof Expression.Any any) {
            return join(any.of(), " | ");
        } else if (expression instanceof Expression.Not not) {
            return "!" + meaning(not.of());
        } else if (expression instanceof Expression.Element element) {
            return element.array() + "[" + meaning(element.holds()) + "]";
        }
        Expression.Test test = (Expression.Test) expression;
        return test.field() + " " + comparison(test.is());
    }

    private static String join(List<Expression> of, String by) {
        List<String> all = new ArrayList<>();
        of.forEach(one -> all.add(meaning(one)));
        return "(" + String.join(by, all) + ")";
    }

    private static String comparison(Comparison is) {
        if (is instanceof Comparison.Text text) {
            return word(text.where()) + cased(text.cased()) + " '" + text.text() + "'";
        } else if (is instanceof Comparison.Wildcard wildcard) {
            StringBuilder shape = new StringBuilder();
            for (Comparison.Part part : wildcard.parts()) {
                shape.append(part.text() == null ? (part.any() ? "<any>" : "<one>") : part.text());
            }
            return "like" + cased(wildcard.cased()) + " '" + shape + "'";
        } else if (is instanceof Comparison.Regex regex) {
            return "re" + (regex.ignoreCase() ? "i" : "") + (regex.multiLine() ? "m" : "") + (regex.dotAll() ? "s" : "")
                    + " '" + regex.pattern() + "'";
        } else if (is instanceof Comparison.Cidr cidr) {
            return "in " + cidr.range();
        } else if (is instanceof Comparison.Numeric number) {
            return word(number.order()) + " " + number.than().toPlainString();
        } else if (is instanceof Comparison.IsNull) {
            return "null";
        } else if (is instanceof Comparison.Exists) {
            return "exists";
        } else if (is instanceof Comparison.Field field) {
            return word(field.where()) + cased(field.cased()) + " field " + field.field();
        }
        Comparison.TimePart part = (Comparison.TimePart) is;
        return word(part.unit()) + " " + part.is();
    }

    private static String cased(boolean cased) {
        return cased ? " cased" : "";
    }

    private static String word(@Nullable Enum<?> value) {
        return String.valueOf(value).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
