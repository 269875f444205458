package io.tocsin.sigma;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What somebody meant who wrote a name that isn't one. */
public final class Nearest {
    private Nearest() {}

    /** The name that is nearest to what was written, if it is near enough to be meant; null if none is. */
    public static @Nullable String to(String written, Collection<String> names) {
        String text = written.toLowerCase(Locale.ROOT);
        String best = null;
        int least = text.length() < 5 ? 2 : text.length() < 12 ? 3 : 4; // one less is still near
        for (String name : names) {
            int distance = distance(text, name.toLowerCase(Locale.ROOT), least);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    /** How many letters must be added, left out, changed or swapped with their neighbour; {@code limit} where it is as many or more. */
    public static int distance(String one, String other, int limit) {
        if (Math.abs(one.length() - other.length()) >= limit) {
            return limit;
        }
        int width = other.length() + 1;
        int[][] rows = new int[3][width];
        for (int j = 0; j < width; j++) {
            rows[0][j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = rows[i % 3];
            int[] above = rows[(i - 1) % 3];
            row[0] = i;
            for (int j = 1; j < width; j++) {
                int changed = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    row[j] = Math.min(row[j], rows[(i - 2) % 3][j - 2] + 1);
                }
            }
        }
        return Math.min(rows[one.length() % 3][width - 1], limit);
    }
}
