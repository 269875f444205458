/** Puts rules, filters and fields together, and refuses what can't occur in a log. */
@NullMarked
package io.tocsin.sigma.link;

import org.jspecify.annotations.NullMarked;
