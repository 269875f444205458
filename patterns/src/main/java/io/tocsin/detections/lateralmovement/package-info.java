/** Detections: Moving on with what was taken. */
@NullMarked
package io.tocsin.detections.lateralmovement;

import org.jspecify.annotations.NullMarked;
