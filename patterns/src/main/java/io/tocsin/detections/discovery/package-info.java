/** Detections: Looking around. */
@NullMarked
package io.tocsin.detections.discovery;

import org.jspecify.annotations.NullMarked;
