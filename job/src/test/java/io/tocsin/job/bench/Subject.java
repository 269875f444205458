package io.tocsin.job.bench;

/** Something that is run round after round. What it needs is made before, so that a round is only what is measured. */
@FunctionalInterface
public interface Subject extends AutoCloseable {
    /** Runs once. */
    Measure round() throws Exception;

    @Override
    default void close() {}
}
