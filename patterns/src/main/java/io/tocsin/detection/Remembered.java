package io.tocsin.detection;

/** Something that a task remembers, on which it may depend whether there is anything to say. Whoever changes it says so. */
abstract class Remembered {
    private int changes;

    /** How often it has changed in a way that may matter. */
    final int changes() {
        return changes;
    }

    /** It is no longer what it was, or it is forgotten. */
    final void changed() {
        changes++;
    }
}
