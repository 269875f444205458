/** Kafka, as input and output share it: where the brokers are and whether they answer. */
@NullMarked
package io.tocsin.job.kafka;

import org.jspecify.annotations.NullMarked;
