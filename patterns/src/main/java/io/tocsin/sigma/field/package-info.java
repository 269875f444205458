/** The fields of every log, by all their names, and the log sources that rules name. */
@NullMarked
package io.tocsin.sigma.field;

import org.jspecify.annotations.NullMarked;
