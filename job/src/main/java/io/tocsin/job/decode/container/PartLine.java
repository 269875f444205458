package io.tocsin.job.decode.container;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A line of a log whose runtime splits what is too long for it: just enough to put the parts together again. */
interface PartLine {
    /** Looks at a line; false if it is none of this log, and nothing else may be asked. */
    boolean read(byte[] bytes, int from, int to);

    /** Whether more of what it holds follows in a later line of its stream. */
    boolean partial();

    /** Whether it is of stderr; else of stdout. */
    boolean error();

    /** When it was written; null if that is no time. */
    @Nullable
    Instant time();
}
