/** The small records the stateful part sees, and the rules that make them from events. */
@NullMarked
package io.tocsin.signal;

import org.jspecify.annotations.NullMarked;
