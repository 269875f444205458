package io.tocsin.sigma.read;

import io.tocsin.sigma.Expression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads conditions: search identifiers joined by {@code or}, {@code and}, {@code not}, {@code 1 of}, {@code all of} and parentheses. */
final class ConditionReader {
    /** Parentheses in parentheses. */
    static final int DEEPEST = 50;
    /** Words and parentheses of a condition. */
    static final int LONGEST = 2_000;
    /** Words that can't be search identifiers. */
    static final Set<String> RESERVED = Set.of("and", "or", "not", "of", "them", "all", "any", "1");

    private final Map<String, Expression> selections;
    private final Set<String> used = new LinkedHashSet<>();
    private final Problems problems;

    private List<String> words = List.of();
    private int at;
    private int depth;
    private int line;
    private boolean misread;
    private long tests;

    /**
     * @param selections by their search identifiers
     */
    ConditionReader(Map<String, Expression> selections, Problems problems) {
        this.selections = selections;
        this.problems = problems;
    }

    /** The first problem of a condition; what follows can't be understood without it. */
    private static final class Misread extends Exception {
        private static final long serialVersionUID = 1L;

        Misread(String message) {
            super(message, null, false, false);
        }
    }

    /** The search identifiers that the conditions read so far name. */
    Set<String> used() {
        return used;
    }

    /** Whether one of them could not be understood. */
    boolean misread() {
        return misread;
    }

    /** A condition, or a list of them of which one must hold; null with a problem. */
    @Nullable
    Expression read(YamlNode condition, String name) {
        if (condition instanceof YamlNode.Sequence list) {
            if (list.items().isEmpty()) {
                problems.add(list.line(), name + " is an empty list");
                return null;
            }
            List<Expression> all = new ArrayList<>();
            for (YamlNode item : list.items()) {
                Expression one = single(item, name);
                if (one != null) {
                    all.add(one);
                }
            }
            return all.size() == list.items().size() ? (all.size() == 1 ? all.get(0) : new Expression.Any(all)) : null;
        }
        return single(condition, name);
    }

    private @Nullable Expression single(YamlNode condition, String name) {
        String text = YamlDocuments.text(condition);
        if (text == null || text.isBlank()) {
            misread = true;
            problems.add(
                    condition.line(),
                    "%s must be a text such as: selection and not filter; given: %s"
                            .formatted(name, text == null ? condition.kind() : "an empty text"));
            return null;
        }
        line = condition.line();
        at = 0;
        depth = 0;
        try {
            words = words(text);
            Expression expression = or();
            if (at < words.size()) {
                throw new Misread("expected and, or, or the end before %s".formatted(words.get(at)));
            }
            return expression;
        } catch (Misread e) {
            misread = true;
            problems.add(line, "%s: %s".formatted(name, e.getMessage()));
            return null;
        }
    }

    private static List<String> words(String text) throws Misread {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end = i + 1;
            if (c == '|') {
                throw new Misread(
                        "aggregations behind | are those of Sigma 1: counts over time are rates, tell Tocsin's own"
                                + " (tocsin detections), or name this rule as the signal of one");
            } else if (isWord(c)) {
                while (end < text.length() && isWord(text.charAt(end))) {
                    end++;
                }
                words.add(text.substring(i, end));
            } else if (c == '(' || c == ')') {
                words.add(String.valueOf(c));
            } else if (!Character.isWhitespace(c)) {
                throw new Misread("expected a search identifier, and, or, not, 1 of, all of, or a parenthesis: "
                        + text.substring(i, Math.min(text.length(), i + 20)));
            }
            if (words.size() > LONGEST) {
                throw new Misread("more than %d words".formatted(LONGEST));
            }
            i = end;
        }
        return words;
    }

    static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "_-.*".indexOf(c) >= 0;
    }

    private boolean next(String word) {
        if (at < words.size() && words.get(at).toLowerCase(Locale.ROOT).equals(word)) {
            at++;
            return true;
        }
        return false;
    }

    private Expression or() throws Misread {
        List<Expression> of = new ArrayList<>();
        do {
            of.add(and());
        } while (next("or"));
        return of.size() == 1 ? of.get(0) : new Expression.Any(of);
    }

    private Expression and() throws Misread {
        List<Expression> of = new ArrayList<>();
        do {
            of.add(not());
        } while (next("and"));
        return of.size() == 1 ? of.get(0) : new Expression.All(of);
    }

    private Expression not() throws Misread {
        boolean negated = false;
        while (next("not")) {
            negated = !negated;
        }
        Expression primary = primary();
        return negated ? new Expression.Not(primary) : primary;
    }

    private Expression primary() throws Misread {
        if (at == words.size()) {
            throw new Misread(
                    at == 0
                            ? "expected a search identifier"
                            : "expected a search identifier after " + words.get(at - 1));
        }
        String word = words.get(at++);
        if (word.equals("(")) {
            if (++depth > DEEPEST) {
                throw new Misread("parentheses may nest at most %d deep".formatted(DEEPEST));
            }
            Expression inner = or();
            if (!next(")")) {
                throw new Misread(
                        at < words.size()
                                ? "expected and, or, or ) before " + words.get(at)
                                : "a parenthesis is not closed");
            }
            depth--;
            return inner;
        }
        if (next("of")) {
            return of(word);
        }
        String lower = word.toLowerCase(Locale.ROOT);
        if (RESERVED.contains(lower) || word.equals(")")) {
            throw new Misread(
                    lower.equals("all") || lower.equals("any") || lower.equals("1")
                            ? "expected of after " + word
                            : "expected a search identifier before " + word);
        }
        if (word.indexOf('*') >= 0) {
            throw new Misread("a pattern needs 1 of or all of before it: " + word);
        }
        Expression selection = selections.get(word);
        if (selection == null) {
            throw new Misread(
                    "there is no search identifier %s%s".formatted(word, Problems.meant(word, selections.keySet())));
        }
        return used(word, selection);
    }

    private Expression used(String name, Expression selection) throws Misread {
        used.add(name);
        tests += size(selection);
        if (tests > ValueReader.MOST) {
            throw new Misread(
                    "with its search identifiers put in it compares more than %d values".formatted(ValueReader.MOST));
        }
        return selection;
    }

    private static long size(Expression expression) {
        if (expression instanceof Expression.All all) {
            return sum(all.of());
        } else if (expression instanceof Expression.Any any) {
            return sum(any.of());
        } else if (expression instanceof Expression.Not not) {
            return size(not.of());
        }
        return expression instanceof Expression.Element element ? 1 + size(element.holds()) : 1;
    }

    private static long sum(List<Expression> of) {
        long sum = 0;
        for (Expression one : of) {
            sum += size(one);
        }
        return sum;
    }

    private Expression of(String quantifier) throws Misread {
        String how = quantifier.toLowerCase(Locale.ROOT);
        if (!how.equals("1") && !how.equals("any") && !how.equals("all")) {
            throw new Misread("expected 1, any or all before of: " + quantifier);
        }
        if (at == words.size() || "()".contains(words.get(at))) {
            throw new Misread("expected them or a pattern such as selection_* after of");
        }
        String pattern = words.get(at++);
        Collection<String> named = named(pattern);
        if (named.isEmpty()) {
            throw new Misread("no search identifier is called %s%s"
                    .formatted(pattern, Problems.meant(pattern, selections.keySet())));
        }
        List<Expression> of = new ArrayList<>();
        for (String name : named) {
            Expression selection = selections.get(name);
            if (selection != null) {
                of.add(used(name, selection));
            }
        }
        if (of.size() == 1) {
            return of.get(0);
        }
        return how.equals("all") ? new Expression.All(of) : new Expression.Any(of);
    }

    /** Those that a pattern means; those that begin with an underscore only if the pattern does. */
    private List<String> named(String pattern) {
        boolean them = pattern.equalsIgnoreCase("them");
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(literal.isEmpty() ? "(?:)" : Pattern.quote(literal));
        }
        Pattern compiled = Pattern.compile(regex.toString());
        List<String> named = new ArrayList<>();
        for (String name : selections.keySet()) {
            boolean hidden = name.startsWith("_") && !pattern.startsWith("_");
            if (!hidden && (them || compiled.matcher(name).matches())) {
                named.add(name);
            }
        }
        return named;
    }
}
