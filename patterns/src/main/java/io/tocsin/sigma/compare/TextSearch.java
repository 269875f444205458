package io.tocsin.sigma.compare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Searches a value for many texts at once: costs one step a character however many there are. Allocates nothing. */
public final class TextSearch {
    /** Takes what is found. */
    @FunctionalInterface
    public interface Found {
        /**
         * A text stands where it should. May be told several times of one value.
         *
         * @param text its number, as {@link Builder#add} gave it
         */
        void found(int text);
    }

    /**
     * A text and where it should stand.
     *
     * @param folded the text in lower case
     * @param atStart only where the value starts
     * @param atEnd only where the value ends
     */
    record Pattern(String text, String folded, boolean atStart, boolean atEnd, boolean cased) {
        boolean stands(String value, int start) {
            return (!atStart || start == 0)
                    && (!atEnd || start + text.length() == value.length())
                    && Fold.isAt(value, start, cased ? text : folded, cased);
        }
    }

    private final @Nullable WholeTexts wholes;
    private final @Nullable Automaton parts;

    private TextSearch(@Nullable WholeTexts wholes, @Nullable Automaton parts) {
        this.wholes = wholes;
        this.parts = parts;
    }

    /** Tells the texts that a value holds. */
    public void search(String value, Found found) {
        if (wholes != null) {
            wholes.search(value, found);
        }
        if (parts != null) {
            parts.search(value, found);
        }
    }

    /** Collects texts. */
    public static final class Builder {
        private final List<Pattern> patterns = new ArrayList<>();

        /**
         * Adds a text.
         *
         * @param text not empty unless it is the whole value
         * @return its number, from 0 in the order they are added
         */
        public int add(String text, boolean atStart, boolean atEnd, boolean cased) {
            patterns.add(new Pattern(text, Fold.fold(text), atStart, atEnd, cased));
            return patterns.size() - 1;
        }

        public TextSearch build() {
            List<Integer> wholes = new ArrayList<>();
            List<Integer> parts = new ArrayList<>();
            for (int i = 0; i < patterns.size(); i++) {
                Pattern pattern = patterns.get(i);
                (pattern.atStart() && pattern.atEnd() ? wholes : parts).add(i);
            }
            return new TextSearch(
                    wholes.isEmpty() ? null : new WholeTexts(patterns, wholes),
                    parts.isEmpty() ? null : new Automaton(patterns, parts));
        }
    }
}
