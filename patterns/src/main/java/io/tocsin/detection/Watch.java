package io.tocsin.detection;

import java.io.Serializable;
import java.time.Duration;

/** What an absence detection watches, per cluster, and how much of it may be missing. */
public sealed interface Watch extends Serializable {

    /**
     * Each source against its siblings and its own rhythm.
     *
     * @param patience how much longer than its usual gap and its lateness bound a source may be silent
     * @param changeWindow how long before a silence a change of logging is taken for its cause
     */
    record Silence(Duration patience, Duration changeWindow) implements Watch {}

    /**
     * Each source's hours against the same hours of the weeks before.
     *
     * @param percent an hour with less than so much of the usual has dropped
     * @param minRecords hours that usually have fewer records are not judged
     */
    record Volume(int percent, int minRecords) implements Watch {}

    /**
     * Writes that were received against writes that were answered.
     *
     * @param patience how long after a request its answer may be logged
     * @param minRequests fewer unanswered ones of one verb, received in one slot, are no gap
     */
    record Answers(Duration patience, int minRequests) implements Watch {}

    /**
     * What the enabled detections need against what the cluster's stream has carried.
     *
     * @param warmUp how much of a cluster must have been seen before anything is said of it
     * @param minRecords how many of its records
     * @param lookBack what was carried before so long is no longer carried
     */
    record Needs(Duration warmUp, int minRecords, Duration lookBack) implements Watch {}
}
