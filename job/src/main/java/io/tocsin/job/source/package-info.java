/** Where bytes come from and what time it is there: files merged by event time, Kafka, clocks. */
@NullMarked
package io.tocsin.job.source;

import org.jspecify.annotations.NullMarked;
