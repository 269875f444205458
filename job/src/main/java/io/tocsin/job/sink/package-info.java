/** Where alerts, dead letters and late records go. */
@NullMarked
package io.tocsin.job.sink;

import org.jspecify.annotations.NullMarked;
