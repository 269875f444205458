/** The catalogue: one class a detection, in packages by ATT&amp;CK tactic. */
@NullMarked
package io.tocsin.detections;

import org.jspecify.annotations.NullMarked;
