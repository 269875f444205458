package io.tocsin.sigma.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules, and which of them are worth looking at for an event: those whose anchor comes up. */
final class Candidates {
    /** A bit for each rule that has no anchor. */
    private final long[] always;
    /** Fields in which anchors are searched. */
    private final Texts[] searched;
    /** Questions that bring up rules, each from the slot of its number on, in the first that was free. */
    private final @Nullable SearchedQuestion[] questions;
    /** The rules of each of {@link #questions}. */
    private final int[][] byText;
    /** Fields that bring up rules by being there. */
    private final Values[] there;
    /** The rules of each of {@link #there}. */
    private final int[][] byField;

    /**
     * Rules.
     *
     * @param open what is still open of each
     */
    Candidates(Condition[] open) {
        always = new long[(open.length + 63) >> 6];
        Map<SearchedQuestion, List<Integer>> texts = new HashMap<>();
        Map<Values, List<Integer>> fields = new LinkedHashMap<>();
        for (int i = 0; i < open.length; i++) {
            Anchor anchor = Anchor.of(open[i]);
            if (anchor == null) {
                always[i >> 6] |= 1L << i;
                continue;
            }
            for (SearchedQuestion question : anchor.texts()) {
                texts.computeIfAbsent(question, q -> new ArrayList<>()).add(i);
            }
            for (Values field : anchor.fields()) {
                fields.computeIfAbsent(field, f -> new ArrayList<>()).add(i);
            }
        }
        questions = new SearchedQuestion[Integer.highestOneBit(texts.size() + 1) * 4];
        byText = new int[questions.length][];
        texts.forEach(this::put);
        searched = texts.keySet().stream()
                .map(question -> question.values.texts)
                .distinct()
                .toArray(Texts[]::new);
        there = fields.keySet().toArray(Values[]::new);
        byField = fields.values().stream().map(Candidates::ints).toArray(int[][]::new);
    }

    private void put(SearchedQuestion question, List<Integer> rules) {
        int slot = slot(question);
        questions[slot] = question;
        byText[slot] = ints(rules);
    }

    /** Where a question is, or the free slot where it would be. */
    private int slot(SearchedQuestion question) {
        int slot = question.number & questions.length - 1;
        while (questions[slot] != null && questions[slot] != question) {
            slot = slot + 1 & questions.length - 1;
        }
        return slot;
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Sets a bit for each rule that is worth looking at; clears the others. */
    void mark(long[] bits) {
        System.arraycopy(always, 0, bits, 0, always.length);
        for (Texts texts : searched) {
            int found = texts.search();
            for (int i = 0; i < found; i++) {
                int slot = slot(texts.hit(i));
                if (questions[slot] != null) {
                    set(bits, byText[slot]);
                }
            }
        }
        for (int i = 0; i < there.length; i++) {
            if (there[i].isThere()) {
                set(bits, byField[i]);
            }
        }
    }

    /** How many words of bits there are. */
    int words() {
        return always.length;
    }

    private static void set(long[] bits, int[] rules) {
        for (int rule : rules) {
            bits[rule >> 6] |= 1L << rule;
        }
    }
}
