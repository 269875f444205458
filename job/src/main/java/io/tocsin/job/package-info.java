/** The job: its graph, its parameters, its command line. */
@NullMarked
package io.tocsin.job;

import org.jspecify.annotations.NullMarked;
