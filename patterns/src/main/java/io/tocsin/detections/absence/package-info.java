/** Detections of what is missing: sources, records, answers, and what others need. */
@NullMarked
package io.tocsin.detections.absence;

import org.jspecify.annotations.NullMarked;
