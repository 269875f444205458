package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.event.SecurityEvent;
import org.jspecify.annotations.Nullable;

/**
 * Something stopped: measured on the clock of the siblings, never on the wall clock while any input delivers. One function per
 * cluster keeps what is usual and compares; a detection declares what it watches and what its alerts say.
 *
 * @param <P> its parameters
 */
public non-sealed interface AbsenceDetection<P extends Detection.Params> extends Detection<P> {

    /** What is watched, and how much of it may be missing. One detection of a catalogue has one kind of watch. */
    Watch watch(P params);

    /** Whether this event turns logging down or changes what ships logs: an alert names such changes that preceded it. */
    default boolean changesLogging(SecurityEvent event) {
        return false;
    }

    /** One sentence: what is missing where, and since when; or that it is back. */
    String message(Missing missing, P params);

    /** The severity of this one; null for the detection's. */
    default @Nullable Severity severity(Missing missing) {
        return null;
    }
}
