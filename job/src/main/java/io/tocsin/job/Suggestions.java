package io.tocsin.job;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What somebody meant who misspelt a name. */
final class Suggestions {
    private Suggestions() {}

    /** The name nearest to what was written, or null if none is near. */
    static @Nullable String nearest(String written, Collection<String> names) {
        String nearest = null;
        int least = Math.max(2, written.length() / 4) + 1;
        for (String name : names) {
            int distance = distance(written, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    /** Edit distance: insertions, deletions, replacements. */
    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[other.length()];
    }
}
