package io.tocsin.job.bench;

import java.util.Map;

/** What the rows of a group measured in one round, one after the other. */
public record Round(Map<String, Measure> measures) {
    public Round {
        measures = Map.copyOf(measures);
    }

    /**
     * What a row measured.
     *
     * @throws IllegalArgumentException if no row of the group has that id
     */
    public Measure of(String row) {
        Measure measure = measures.get(row);
        if (measure == null) {
            throw new IllegalArgumentException("row must be one of " + measures.keySet() + ": " + row);
        }
        return measure;
    }
}
