package io.tocsin.detection;

import java.time.Duration;

/**
 * Something stopped: measured on the clock of the siblings, never on the wall clock while any input delivers. The kind is part of
 * the sealed hierarchy so that whoever switches over detections handles it; no detection of the catalogue is one yet, and the
 * wiring refuses one.
 *
 * @param <P> its parameters
 */
public non-sealed interface AbsenceDetection<P extends Detection.Params> extends Detection<P> {

    /** How long the silence must last beyond what is usual. */
    Duration patience(P params);
}
