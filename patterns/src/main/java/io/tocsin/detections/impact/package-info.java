/** Detections: Destroying. */
@NullMarked
package io.tocsin.detections.impact;

import org.jspecify.annotations.NullMarked;
