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
    EVERY_KEY,
    /** No signal of its own: makes its address one that the owner is known to call from. */
    LESSON,
    /** Counts unless its address is one that the owner is known to call from. */
    STRANGER,
    /**
     * A service account's call from outside: counts unless its address, whose history is the owner, is one from which its node
     * (the signal's address until then) or several nodes are known to call.
     */
    OUTSIDE,
    /** Counts if the owner has not done the same before, to the same entity; then it has. */
    FIRST,
    /** A use: counts if the owner was heard of at another address before and never at this one; then teaches the address. */
    NEW_USE,
    /** The same, and the first use ever counts too if it comes from outside. */
    NEW_OR_OUTSIDE_USE,
    /** The same, and the first use ever counts too, wherever it comes from. */
    FIRST_USE,
    /** A use of what belongs to one place: counts, with the records of the other places, while it is in use at another. */
    ELSEWHERE,
    /** No signal of its own: something was brought about. Tells it to the effects known, and to those to come. */
    CAUSE,
    /** No signal of its own: something is found to be so. Tells it to the effects to come. */
    STANDING,
    /** An effect: counts with what its cause says, if any is known, unless that is nothing; and becomes known. */
    EFFECT,
    /** The same, but without a known cause it doesn't count. */
    EFFECT_IF_CAUSED,
    /** No signal of its own: the owner is there, which makes its history. */
    PRESENCE,
    /** Counts if the owner has a history and has not done the same in it; then it has. */
    NEWS,
    /** Counts if its address is new to the owner; teaches nothing. */
    NEW_ADDRESS
}
