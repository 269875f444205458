package io.tocsin.job.source;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How files are read.
 *
 * @param locations what the user named; looked through again when files are followed
 * @param disorder how much older than the clock a record may be without being late
 * @param maxLineBytes a longer line is cut
 * @param maxOpenFiles how many files may be open at a time
 * @param idleAfter null if files are read to their end; else they are followed, and a file silent for longer lets its clock go on
 */
record FileMergeOptions(
        List<String> locations, Duration disorder, int maxLineBytes, int maxOpenFiles, @Nullable Duration idleAfter)
        implements Serializable {
    boolean follows() {
        return idleAfter != null;
    }

    long disorderMillis() {
        return disorder.toMillis();
    }
}
