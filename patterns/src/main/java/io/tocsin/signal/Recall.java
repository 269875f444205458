package io.tocsin.signal;

/** What a history is asked, and taught, by a signal before the signal counts. */
public enum Recall {
    /** Nothing: the signal counts as it is. */
    NOTHING,
    /** A refusal: counts if its address is new to the owner and the request was not refused before from a known address. */
    REFUSAL,
    /** A counted success: counts if its address is new to the owner; then teaches the address. */
    SUCCESS,
    /** The use of a credential: counts as it is, and teaches the owner's home if it has none. */
    SIGHTING,
    /** Counts as it is, and makes its key known to the owner. */
    KEY,
    /** Counts for every key that the owner knows: a stage whose record does not say whom it concerns. */
    EVERY_KEY
}
