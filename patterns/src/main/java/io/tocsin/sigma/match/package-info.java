/** Tells which of many rules an event matches: what they have in common is asked once. */
@NullMarked
package io.tocsin.sigma.match;

import org.jspecify.annotations.NullMarked;
