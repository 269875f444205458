package io.tocsin.sigma.compare;

import io.tocsin.sigma.compare.TextSearch.Found;
import io.tocsin.sigma.compare.TextSearch.Pattern;
import java.util.Arrays;
import java.util.List;

/** A table of whole values, found by a hash that does not regard case. */
final class WholeTexts {
    private final Pattern[] patterns;
    private final int[] numbers;
    /** First pattern of a hash's slot, -1 if none. */
    private final int[] first;
    /** The next of the same slot. */
    private final int[] next;

    private final int longest;

    WholeTexts(List<Pattern> all, List<Integer> wholes) {
        int size = wholes.size();
        patterns = new Pattern[size];
        numbers = new int[size];
        next = new int[size];
        first = new int[Integer.highestOneBit(Math.max(size, 4)) * 4];
        Arrays.fill(first, -1);
        int most = 0;
        for (int i = 0; i < size; i++) {
            numbers[i] = wholes.get(i);
            patterns[i] = all.get(numbers[i]);
            most = Math.max(most, patterns[i].folded().length());
            int slot = slot(patterns[i].folded());
            next[i] = first[slot];
            first[slot] = i;
        }
        longest = most;
    }

    void search(String value, Found found) {
        if (value.length() > longest) {
            return;
        }
        for (int i = first[slot(value)]; i >= 0; i = next[i]) {
            if (patterns[i].stands(value, 0)) {
                found.found(numbers[i]);
            }
        }
    }

    private int slot(String text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + Character.toLowerCase(text.charAt(i));
        }
        hash *= 0x9E3779B9;
        return (hash ^ hash >>> 15) & (first.length - 1);
    }
}
