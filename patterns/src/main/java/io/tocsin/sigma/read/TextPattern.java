package io.tocsin.sigma.read;

import io.tocsin.sigma.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A text in which Sigma's wildcards stand for other characters.
 *
 * @param parts literal texts, none of them empty, and wildcards
 */
record TextPattern(List<Comparison.Part> parts) {
    private static final Comparison.Part ANY = new Comparison.Part(null, true);
    private static final Comparison.Part ONE = new Comparison.Part(null, false);

    TextPattern {
        parts = List.copyOf(parts);
    }

    /** What is written: {@code *} and {@code ?} are wildcards unless a backslash is before; two backslashes are one. */
    static TextPattern parse(String written) {
        List<Comparison.Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '\\' && i + 1 < written.length() && "\\*?".indexOf(written.charAt(i + 1)) >= 0) {
                i++;
                literal.append(written.charAt(i));
            } else if (c == '*' || c == '?') {
                flush(literal, parts);
                parts.add(c == '*' ? ANY : ONE);
            } else {
                literal.append(c);
            }
        }
        flush(literal, parts);
        return new TextPattern(parts);
    }

    /** A text without wildcards. */
    static TextPattern literal(String text) {
        return new TextPattern(text.isEmpty() ? List.of() : List.of(new Comparison.Part(text, false)));
    }

    private static void flush(StringBuilder literal, List<Comparison.Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Comparison.Part(literal.toString(), false));
            literal.setLength(0);
        }
    }

    /** The text itself; null if it has wildcards. */
    @Nullable
    String text() {
        if (parts.isEmpty()) {
            return "";
        }
        return parts.size() == 1 ? parts.get(0).text() : null;
    }

    /** The same with its literal texts put another way. */
    TextPattern map(UnaryOperator<String> change) {
        List<Comparison.Part> changed = new ArrayList<>();
        for (Comparison.Part part : parts) {
            changed.add(part.text() == null ? part : new Comparison.Part(change.apply(part.text()), false));
        }
        return new TextPattern(changed);
    }

    /** The same with anything before it, after it, or both. */
    TextPattern open(boolean before, boolean after) {
        List<Comparison.Part> open = new ArrayList<>(parts);
        if (before) {
            open.add(0, ANY);
        }
        if (after) {
            open.add(ANY);
        }
        return new TextPattern(open);
    }

    /** The same with neighbouring texts as one. */
    TextPattern joined() {
        List<Comparison.Part> joined = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (Comparison.Part part : parts) {
            if (part.text() == null) {
                flush(literal, joined);
                joined.add(part);
            } else {
                literal.append(part.text());
            }
        }
        flush(literal, joined);
        return new TextPattern(joined);
    }

    /** Whether every value is of this shape, the empty one too. */
    boolean matchesAll() {
        return !parts.isEmpty() && parts.stream().allMatch(part -> part.equals(ANY));
    }

    /** The plainest comparison of the same meaning. */
    Comparison comparison(boolean cased) {
        List<Comparison.Part> shape = new ArrayList<>();
        for (Comparison.Part part : parts) {
            if (!part.equals(ANY)
                    || shape.isEmpty()
                    || !shape.get(shape.size() - 1).equals(ANY)) {
                shape.add(part);
            }
        }
        if (shape.equals(List.of(ANY))) {
            return new Comparison.Exists();
        }
        boolean before = !shape.isEmpty() && shape.get(0).equals(ANY);
        boolean after = shape.size() > 1 && shape.get(shape.size() - 1).equals(ANY);
        List<Comparison.Part> middle = shape.subList(before ? 1 : 0, shape.size() - (after ? 1 : 0));
        String text = new TextPattern(middle).text();
        if (text == null) {
            return new Comparison.Wildcard(shape, cased);
        }
        Comparison.Where where = before
                ? (after ? Comparison.Where.CONTAINS : Comparison.Where.ENDS)
                : (after ? Comparison.Where.STARTS : Comparison.Where.IS);
        return new Comparison.Text(where, text, cased);
    }
}
