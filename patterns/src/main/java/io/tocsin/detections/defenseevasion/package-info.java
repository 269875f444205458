/** Detections: Hiding. */
@NullMarked
package io.tocsin.detections.defenseevasion;

import org.jspecify.annotations.NullMarked;
