/** Detections: Staying. */
@NullMarked
package io.tocsin.detections.persistence;

import org.jspecify.annotations.NullMarked;
