/** Detections: Looking at a platform from the outside. */
@NullMarked
package io.tocsin.detections.reconnaissance;

import org.jspecify.annotations.NullMarked;
