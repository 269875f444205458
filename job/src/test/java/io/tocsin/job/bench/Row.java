package io.tocsin.job.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table.
 *
 * @param id names it for ratios; unique in its group
 * @param name what is measured, and on what
 * @param subject what is run; null: a number that other rows of the round give
 * @param ratios how it stands to references: the first in its own line of the table, each further one in a line below
 */
public record Row(String id, String name, @Nullable Subject subject, List<Ratio> ratios) {
    public Row {
        ratios = List.copyOf(ratios);
    }

    public static Row of(String id, String name, Subject subject, Ratio... ratios) {
        return new Row(id, name, subject, List.of(ratios));
    }

    /** What others are compared to. */
    public static Row reference(String id, String name, Subject subject) {
        return of(id, name, subject, Ratio.perCore(id, id, "itself"));
    }

    /** A number that other rows give. */
    public static Row derived(String id, String name, Ratio ratio) {
        return new Row(id, name, null, List.of(ratio));
    }
}
