/** What an identity has not done before: alone worth knowing, together with anything else worth looking at. */
@NullMarked
package io.tocsin.detections.baseline;

import org.jspecify.annotations.NullMarked;
