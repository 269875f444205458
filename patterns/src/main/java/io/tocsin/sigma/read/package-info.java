/** Reads rules and filters from YAML: metadata, selections, modifiers, conditions, each problem with its line. */
@NullMarked
package io.tocsin.sigma.read;

import org.jspecify.annotations.NullMarked;
