/** Comparisons of single texts: many searched at once, shapes, numbers, addresses, times. Knows nothing of rules and events. */
@NullMarked
package io.tocsin.sigma.compare;

import org.jspecify.annotations.NullMarked;
