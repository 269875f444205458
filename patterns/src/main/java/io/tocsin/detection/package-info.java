/** The kinds of detection, the catalogue, and the one place that wires them into a Flink graph. */
@NullMarked
package io.tocsin.detection;

import org.jspecify.annotations.NullMarked;
