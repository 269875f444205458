package io.tocsin.job.decode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a document comes from.
 *
 * @param location the file or {@code kafka:topic-partition}
 * @param position byte offset in the file, or Kafka offset
 * @param fallbackTime the time of a record that lost its own (a truncated head outside any envelope): broker append time, or the
 *     time of the record before it in its file; null where there is none
 * @param written when it was written at the latest: the file's last change, the broker's append time. Tells the year of times that
 *     have none
 */
public record Provenance(String location, long position, @Nullable Instant fallbackTime, Instant written) {}
