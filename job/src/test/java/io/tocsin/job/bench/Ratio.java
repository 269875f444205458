package io.tocsin.job.bench;

import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A number that says how a row stands to a reference of the same round. The median of the rounds counts.
 *
 * @param to the reference in words, or the formula
 * @param of the number of a round
 * @param bar what it should reach; null: it is only shown
 */
public record Ratio(String to, ToDoubleFunction<Round> of, @Nullable Bar bar) {
    /** Events a second of processor time, of all processors together, to those of another row: what a core gets done. */
    public static Ratio perCore(String row, String reference, String words) {
        return new Ratio(
                words + ", per core",
                round -> round.of(reference).cpuMicros() / round.of(row).cpuMicros(),
                null);
    }

    /** Events a second to those of another row: what the machine gets done. */
    public static Ratio perSecond(String row, String reference, String words) {
        return new Ratio(
                words, round -> round.of(row).perSecond() / round.of(reference).perSecond(), null);
    }

    /** A figure of a row itself. */
    public static Ratio figure(String row, String figure) {
        return new Ratio(figure, round -> round.of(row).figure(figure), null);
    }

    /** The same with a bar. */
    public Ratio with(Bar newBar) {
        return new Ratio(to, of, newBar);
    }
}
