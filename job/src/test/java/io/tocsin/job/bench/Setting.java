package io.tocsin.job.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a benchmark is run.
 *
 * @param folder where inputs are made, and everything that is written
 * @param events records of the input, about
 * @param rounds rounds that count; at least 1
 * @param round how long a round of what fits in memory takes at least
 * @param quick whether numbers don't matter, only that they come: no warm-up, nothing subtracted, least sizes
 * @param bodies a file of audit events with bodies; null: they are made of the generated ones
 */
public record Setting(Path folder, long events, int rounds, Duration round, boolean quick, @Nullable Path bodies) {
    /** These values; of many, the first two where numbers don't matter. */
    public <T> List<T> some(List<T> values) {
        return quick ? values.subList(0, Math.min(2, values.size())) : values;
    }

    /** The inputs, made when they are first asked for. */
    public BenchInputs inputs() {
        return new BenchInputs(this);
    }
}
