package io.tocsin.sigma.compare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text with wildcards that a value as a whole may have the shape of. */
public final class Shape {
    /** What stands between two wildcards for any number of characters: literal texts, and null for exactly one character. */
    private final List<List<@Nullable String>> runs = new ArrayList<>();

    private final boolean cased;

    /** An empty text; parts are added in their order before it is used. */
    public Shape(boolean cased) {
        this.cased = cased;
        any();
    }

    /** Then a literal text. */
    public void text(String text) {
        last().add(cased ? text : Fold.fold(text));
    }

    /** Then exactly one character, whatever it is. */
    public void one() {
        last().add(null);
    }

    /** Then any number of characters, whatever they are. */
    public void any() {
        runs.add(new ArrayList<>());
    }

    private List<@Nullable String> last() {
        return runs.get(runs.size() - 1);
    }

    /** Whether a value has it. Costs at most the product of both lengths. */
    public boolean isOf(String value) {
        int last = runs.size() - 1;
        int at = endOf(runs.get(0), value, 0);
        if (last == 0 || at < 0) {
            return at == value.length();
        }
        for (int i = 1; i < last; i++) {
            at = firstEnd(runs.get(i), value, at);
            if (at < 0) {
                return false;
            }
        }
        return endsWith(runs.get(last), value, at);
    }

    private int firstEnd(List<@Nullable String> run, String value, int from) {
        if (run.isEmpty()) {
            return from;
        }
        String head = run.get(0);
        for (int start = from; start <= value.length(); start++) {
            if (head != null) {
                start = Fold.indexOf(value, start, head, cased);
                if (start < 0) {
                    return -1;
                }
            }
            int end = endOf(run, value, start);
            if (end >= 0) {
                return end;
            }
        }
        return -1;
    }

    private boolean endsWith(List<@Nullable String> run, String value, int from) {
        int start = value.length();
        for (int i = run.size() - 1; i >= 0; i--) {
            String part = run.get(i);
            if (part != null) {
                start -= part.length();
            } else {
                start = start > 0 ? value.offsetByCodePoints(start, -1) : -1;
            }
            if (start < from) {
                return false;
            }
        }
        return endOf(run, value, start) == value.length();
    }

    /** Where the run ends if it starts here; -1 if it doesn't stand here. */
    private int endOf(List<@Nullable String> run, String value, int start) {
        int at = start;
        for (int i = 0; i < run.size(); i++) {
            String part = run.get(i);
            if (part != null) {
                if (!Fold.isAt(value, at, part, cased)) {
                    return -1;
                }
                at += part.length();
            } else {
                if (at >= value.length()) {
                    return -1;
                }
                at += Character.charCount(value.codePointAt(at));
            }
        }
        return at;
    }
}
