/** Match rules as Sigma: read, linked to fields, checked and matched. Knows nothing of Flink. */
@NullMarked
package io.tocsin.sigma;

import org.jspecify.annotations.NullMarked;
