/** Detections: Getting in. */
@NullMarked
package io.tocsin.detections.initialaccess;

import org.jspecify.annotations.NullMarked;
