/** Detections: Gaining rights. */
@NullMarked
package io.tocsin.detections.privilegeescalation;

import org.jspecify.annotations.NullMarked;
