package io.tocsin.job.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A group that has been run.
 *
 * @param group its id
 * @param title what it answers
 * @param rows its rows
 * @param rounds what they measured
 * @param notes what is said below
 */
record Section(String group, String title, List<Row> rows, List<Round> rounds, List<String> notes) {
    Section {
        rows = List.copyOf(rows);
        rounds = List.copyOf(rounds);
        notes = List.copyOf(notes);
    }

    /** Of the rounds; the upper one of two in the middle. */
    double median(ToDoubleFunction<Round> of) {
        double[] sorted = sorted(of);
        return sorted[sorted.length / 2];
    }

    double least(ToDoubleFunction<Round> of) {
        return sorted(of)[0];
    }

    double most(ToDoubleFunction<Round> of) {
        double[] sorted = sorted(of);
        return sorted[sorted.length - 1];
    }

    private double[] sorted(ToDoubleFunction<Round> of) {
        double[] values = rounds.stream().mapToDouble(of).toArray();
        Arrays.sort(values);
        return values;
    }
}
