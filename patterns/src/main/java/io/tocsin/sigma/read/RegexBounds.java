package io.tocsin.sigma.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells before it is compiled how large a regular expression becomes: compiling writes repetitions out, so that
 * {@code ((a{1000}){1000}){1000}} would take all memory.
 */
final class RegexBounds {
    /** Steps of a compiled expression; each may be taken for every character of a value. */
    static final long LARGEST = 2_000;

    private static final Pattern REPEAT = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");

    private RegexBounds() {}

    /** Why it can't be taken; null if it can. */
    static @Nullable String objection(String regex) {
        if (regex.isEmpty()) {
            return "an empty regular expression matches every value";
        }
        long size = size(regex);
        return size > LARGEST
                ? "the regular expression is too large with its repetitions written out, at most %d steps: %s"
                        .formatted(LARGEST, regex)
                : null;
    }

    private static long size(String regex) {
        Deque<Long> outer = new ArrayDeque<>();
        long total = 0;
        long atom = 0;
        Matcher repeat = REPEAT.matcher(regex);
        int i = 0;
        while (i < regex.length() && total <= LARGEST) {
            char c = regex.charAt(i);
            if (c == '(') {
                outer.push(total);
                total = 0;
                atom = 0;
                i++;
            } else if (c == ')' && !outer.isEmpty()) {
                atom = total + 2;
                total = outer.pop() + atom;
                i++;
            } else if (c == '{' && repeat.region(i, regex.length()).lookingAt()) {
                long times = times(repeat);
                total += atom * (times - 1);
                atom *= times;
                i = repeat.end();
            } else {
                atom = 1;
                total++;
                i = next(regex, i);
            }
        }
        return total;
    }

    private static long times(Matcher repeat) {
        long least = Long.parseLong(repeat.group(1));
        String most = repeat.group(3);
        return Math.max(1, most == null || most.isEmpty() ? least + 1 : Math.max(least, Long.parseLong(most)));
    }

    /** Where the next part begins: a class, an escape or a quotation counts as one character. */
    private static int next(String regex, int at) {
        char c = regex.charAt(at);
        int end;
        if (c == '\\' && at + 1 < regex.length()) {
            char escaped = regex.charAt(at + 1);
            if (escaped == 'Q') {
                end = regex.indexOf("\\E", at);
                return end < 0 ? regex.length() : end + 2;
            }
            if ("pPx".indexOf(escaped) >= 0 && regex.startsWith("{", at + 2)) {
                end = regex.indexOf('}', at);
                return end < 0 ? regex.length() : end + 1;
            }
            return at + 2;
        }
        if (c != '[') {
            return at + 1;
        }
        // A bracket that comes first is a member of the class.
        end = at + (regex.startsWith("^", at + 1) ? 3 : 2);
        while (end < regex.length() && regex.charAt(end) != ']') {
            end += regex.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }
}
