package io.tocsin.sigma.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts values for the {@code %name%} of values with the modifier expand. */
final class Placeholders {
    /** An escaped character, or a placeholder. */
    private static final Pattern NAME = Pattern.compile("\\\\(.)|%([A-Za-z0-9_.-]+)%", Pattern.DOTALL);
    /** Values that one may become. */
    static final int MOST = 1_000;

    private final Map<String, List<String>> values;
    private final Problems problems;

    Placeholders(Map<String, List<String>> values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    /** What is meant by a text: one for each combination of values; none with a problem. */
    List<String> expand(String written, int line) {
        List<String> all = List.of("");
        int end = 0;
        boolean found = false;
        Matcher matcher = NAME.matcher(written);
        while (matcher.find()) {
            String literal = written.substring(end, matcher.start());
            end = matcher.end();
            String name = matcher.group(2);
            List<String> next;
            if (name == null) {
                // Only %'s own escape ends here; the others are for what reads the value afterwards.
                next = List.of("%".equals(matcher.group(1)) ? "%" : matcher.group());
            } else {
                found = true;
                next = values(name, line);
            }
            all = join(all, literal, next);
            if (all.size() > MOST) {
                problems.add(line, "the placeholders of this value stand for more than %d values".formatted(MOST));
                return List.of();
            }
        }
        if (!found) {
            problems.add(
                    line, "expand has nothing to expand, a placeholder looks like %%name%%: %s".formatted(written));
            return List.of();
        }
        return join(all, written.substring(end), List.of(""));
    }

    private List<String> values(String name, int line) {
        List<String> known = values.get(name);
        if (known == null) {
            problems.add(
                    line,
                    "no values are given for the placeholder %%%s%%%s"
                            .formatted(name, Problems.meant(name, values.keySet())));
            return List.of();
        }
        if (known.isEmpty()) {
            problems.add(
                    line,
                    "the placeholder %%%s%% has no value: a list without entries matches nothing".formatted(name));
        }
        return known;
    }

    private static List<String> join(List<String> all, String literal, List<String> next) {
        if (next.equals(List.of(""))) {
            return literal.isEmpty()
                    ? all
                    : all.stream().map(one -> one + literal).toList();
        }
        List<String> joined = new ArrayList<>();
        for (String one : all) {
            for (String other : next) {
                if (joined.size() <= MOST) {
                    joined.add(one + literal + other);
                }
            }
        }
        return joined;
    }
}
