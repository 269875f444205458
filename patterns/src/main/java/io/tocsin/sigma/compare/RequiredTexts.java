package io.tocsin.sigma.compare;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts of which a value holds at least one, in whatever case, if it has a match of a regular expression: so that thousands of
 * expressions need not be tried. Understands what is common of RE2's syntax and takes nothing from what it doesn't.
 */
public final class RequiredTexts {
    /** More alternatives are searched by the expression itself. */
    private static final int MOST = 128;

    private static final Pattern IGNORING_CASE = Pattern.compile("\\(\\?[a-zA-Z-]*i");

    private final String pattern;
    private final boolean ignoreCase;
    private int at;
    private boolean lost;

    private RequiredTexts(String pattern, boolean ignoreCase) {
        this.pattern = pattern;
        this.ignoreCase = ignoreCase;
    }

    /**
     * The texts.
     *
     * @param pattern RE2 can compile it
     * @return none if nothing is known
     */
    public static List<String> of(String pattern, boolean ignoreCase) {
        if (pattern.contains("\\Q")) {
            return List.of();
        }
        // Set anywhere, it is taken as if it were set everywhere: that only takes less.
        boolean flagged = IGNORING_CASE.matcher(pattern).find();
        RequiredTexts reader = new RequiredTexts(pattern, ignoreCase || flagged);
        List<String> texts = reader.alternatives();
        return texts == null || reader.lost || reader.at < pattern.length() ? List.of() : List.copyOf(texts);
    }

    private @Nullable List<String> alternatives() {
        List<String> all = new ArrayList<>();
        boolean known = true;
        while (true) {
            List<String> best = sequence();
            if (best == null) {
                known = false;
            } else {
                all.addAll(best);
            }
            if (at >= pattern.length() || pattern.charAt(at) != '|') {
                return known && all.size() <= MOST ? all : null;
            }
            at++;
        }
    }

    /** Reads up to the end, a bar or a closing parenthesis. */
    private @Nullable List<String> sequence() {
        List<String> best = null;
        StringBuilder run = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            char c = pattern.charAt(at++);
            List<String> group = null;
            boolean literal = false;
            switch (c) {
                case '(' -> group = group();
                case '[' -> skipClass();
                case '\\' -> {
                    c = at < pattern.length() ? pattern.charAt(at++) : 'z';
                    literal = !Character.isLetterOrDigit(c) && isPlain(c);
                    if (c == 'x' || c == 'p' || c == 'P' || Character.isDigit(c)) {
                        skipCode(c);
                    }
                }
                case '.', '^', '$', '*', '?', '+', '{' -> {
                    // A quantifier of nothing, or any character, or a place.
                    if (c == '{') {
                        skipRepeat();
                    }
                }
                default -> literal = isPlain(c);
            }
            Quantifier quantifier = quantifier();
            if (literal && quantifier != Quantifier.MAY_LACK) {
                run.append(c);
            }
            if (!literal || quantifier != Quantifier.NONE) {
                best = better(best, run);
                run.setLength(0);
            }
            if (group != null && quantifier != Quantifier.MAY_LACK) {
                best = better(best, group);
            }
        }
        return better(best, run);
    }

    private enum Quantifier {
        NONE,
        AT_LEAST_ONE,
        MAY_LACK
    }

    private Quantifier quantifier() {
        Quantifier found = Quantifier.NONE;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '+' && found == Quantifier.NONE) {
                found = Quantifier.AT_LEAST_ONE;
            } else if (c == '*' || c == '?' || c == '{' || c == '+') {
                found = Quantifier.MAY_LACK;
            } else {
                return found;
            }
            at++;
            if (c == '{') {
                skipRepeat();
            }
        }
        return found;
    }

    private @Nullable List<String> group() {
        if (at < pattern.length() && pattern.charAt(at) == '?') {
            while (at < pattern.length() && ":>)".indexOf(pattern.charAt(at)) < 0) {
                at++;
            }
            if (at < pattern.length() && pattern.charAt(at) == ')') {
                at++;
                return null;
            }
            at++;
        }
        List<String> texts = alternatives();
        if (at < pattern.length()) {
            at++;
        }
        return texts;
    }

    /** After the opening bracket. */
    private void skipClass() {
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        boolean first = true;
        while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
            char c = pattern.charAt(at++);
            first = false;
            if (c == '\\') {
                at++;
            } else if (c == '[' && at < pattern.length() && pattern.charAt(at) == ':') {
                int end = pattern.indexOf(":]", at);
                at = end < 0 ? at : end + 2;
            }
        }
        at++;
    }

    /** After {@code \x}, {@code \p} or a digit. */
    private void skipCode(char kind) {
        if (Character.isDigit(kind)) {
            while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
                at++;
            }
        } else if (at < pattern.length() && pattern.charAt(at) == '{') {
            int end = pattern.indexOf('}', at);
            at = end < 0 ? pattern.length() : end + 1;
        } else {
            at += kind == 'x' ? 2 : 1;
        }
    }

    /** After an opening brace that counts; where it is a brace and no more, all that follows would be misread. */
    private void skipRepeat() {
        while (at < pattern.length() && (Character.isDigit(pattern.charAt(at)) || pattern.charAt(at) == ',')) {
            at++;
        }
        lost |= at >= pattern.length() || pattern.charAt(at) != '}';
        at++;
    }

    /** Whether nothing but this character, in either case, as {@link Fold} sees it, can match it. */
    private boolean isPlain(char c) {
        return c < 128 && !(ignoreCase && (c == 's' || c == 'S'));
    }

    private static @Nullable List<String> better(@Nullable List<String> best, StringBuilder run) {
        return run.isEmpty() ? best : better(best, List.of(run.toString()));
    }

    private static List<String> better(@Nullable List<String> best, List<String> other) {
        return best == null || shortest(other) > shortest(best) ? other : best;
    }

    private static int shortest(List<String> texts) {
        int shortest = Integer.MAX_VALUE;
        for (String text : texts) {
            shortest = Math.min(shortest, text.length());
        }
        return shortest;
    }
}
