package io.tocsin.sigma.compare;

import io.tocsin.sigma.compare.TextSearch.Found;
import io.tocsin.sigma.compare.TextSearch.Pattern;
import java.util.Arrays;
import java.util.List;

/**
 * Aho and Corasick's automaton, with a row of next states for each state and a column for each class of characters, in lower
 * case. Where that would be large, only the first characters of each text are in it; what it finds is verified in any case.
 */
final class Automaton {
    /** 16 MB a field. */
    private static final int LARGEST = 1 << 22;
    /** Characters beyond ASCII share this many classes. */
    private static final int OTHERS = 16;

    private static final int ASCII = 128;

    private final Pattern[] patterns;
    private final int[] numbers;
    /** How many characters of a pattern the automaton knows. */
    private final int longestPiece;

    private final byte[] classOfAscii = new byte[ASCII];
    private final int firstOther;
    private final int classes;
    /** Where a row starts, plus class: where the next row starts; its complement if a text ends there. */
    private int[] next;
    /** By state: the first pattern whose piece ends there, -1 if none. */
    private int[] ends;
    /** By pattern: another whose piece ends in the same state, -1 if none. */
    private final int[] alsoEnds;
    /** By state: the longest proper suffix in which a piece ends; 0 if none. */
    private int[] shorter;

    private int states = 1;

    Automaton(List<Pattern> all, List<Integer> parts) {
        int size = parts.size();
        patterns = new Pattern[size];
        numbers = new int[size];
        alsoEnds = new int[size];
        int known = 1;
        boolean others = false;
        for (int i = 0; i < size; i++) {
            numbers[i] = parts.get(i);
            patterns[i] = all.get(numbers[i]);
            String folded = patterns[i].folded();
            for (int at = 0; at < folded.length(); at++) {
                char c = folded.charAt(at);
                if (c >= ASCII) {
                    others = true;
                } else if (classOfAscii[c] == 0) {
                    classOfAscii[c] = (byte) known++;
                }
            }
        }
        for (char c = 'A'; c <= 'Z'; c++) {
            classOfAscii[c] = classOfAscii[Character.toLowerCase(c)];
        }
        firstOther = others ? known : 0;
        classes = others ? known + OTHERS : known;
        longestPiece = longestPiece();
        int most = mostStates(longestPiece);
        next = new int[most * classes];
        ends = new int[most];
        Arrays.fill(ends, -1);
        for (int i = 0; i < size; i++) {
            plant(i);
        }
        shorter = new int[states];
        next = Arrays.copyOf(next, states * classes);
        ends = Arrays.copyOf(ends, states);
        link();
    }

    /** Tells the texts that stand in a value, in it only once they end. */
    void search(String value, Found found) {
        int row = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            row = next[row + (c < ASCII ? classOfAscii[c] : classOfOther(c))];
            if (row < 0) {
                row = ~row;
                tell(row / classes, value, i + 1, found);
            }
        }
    }

    private void tell(int state, String value, int end, Found found) {
        for (int at = state; at != 0; at = shorter[at]) {
            for (int i = ends[at]; i >= 0; i = alsoEnds[i]) {
                if (patterns[i].stands(value, end - piece(i))) {
                    found.found(numbers[i]);
                }
            }
        }
    }

    private int piece(int pattern) {
        return Math.min(patterns[pattern].folded().length(), longestPiece);
    }

    private int classOf(char folded) {
        return folded < ASCII ? classOfAscii[folded] : classOfOther(folded);
    }

    private int classOfOther(char c) {
        char folded = Character.toLowerCase(c);
        if (folded < ASCII) {
            return classOfAscii[folded];
        }
        return firstOther == 0 ? 0 : firstOther + (folded & OTHERS - 1);
    }

    private int longestPiece() {
        int piece = 1;
        for (Pattern pattern : patterns) {
            piece = Math.max(piece, pattern.folded().length());
        }
        while (piece > 1 && (long) mostStates(piece) * classes > LARGEST) {
            piece = (piece + 1) / 2;
        }
        return piece;
    }

    private int mostStates(int piece) {
        int most = 1;
        for (Pattern pattern : patterns) {
            most += Math.min(piece, pattern.folded().length());
        }
        return most;
    }

    private void plant(int pattern) {
        String folded = patterns[pattern].folded();
        int state = 0;
        for (int i = 0; i < piece(pattern); i++) {
            int edge = state * classes + classOf(folded.charAt(i));
            if (next[edge] == 0) {
                next[edge] = states++;
            }
            state = next[edge];
        }
        alsoEnds[pattern] = ends[state];
        ends[state] = pattern;
    }

    /** Fills the rows breadth first, so that a suffix's row is filled before the row of what it is a suffix of. */
    private void link() {
        int[] suffix = new int[states];
        int[] queue = new int[states];
        int read = 0;
        int write = 0;
        for (int c = 0; c < classes; c++) {
            if (next[c] != 0) {
                queue[write++] = next[c];
            }
        }
        while (read < write) {
            int state = queue[read++];
            shorter[state] = ends[suffix[state]] >= 0 ? suffix[state] : shorter[suffix[state]];
            for (int c = 0; c < classes; c++) {
                int edge = state * classes + c;
                int onward = next[suffix[state] * classes + c];
                if (next[edge] == 0) {
                    next[edge] = onward;
                } else {
                    suffix[next[edge]] = onward;
                    queue[write++] = next[edge];
                }
            }
        }
        for (int edge = 0; edge < next.length; edge++) {
            int state = next[edge];
            int row = state * classes;
            next[edge] = ends[state] >= 0 || shorter[state] != 0 ? ~row : row;
        }
    }
}
