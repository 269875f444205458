/** Detections: Stealing and using credentials. */
@NullMarked
package io.tocsin.detections.credentialaccess;

import org.jspecify.annotations.NullMarked;
