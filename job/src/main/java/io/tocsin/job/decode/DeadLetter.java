package io.tocsin.job.decode;

/**
 * A record that can't be read, kept with all that is needed to find out why.
 *
 * @param location the file or {@code kafka:topic-partition} it came from
 * @param position its byte offset in a file, or its Kafka offset
 * @param reason names the thing, what was expected and what was given
 * @param bytes the record as it came, cut at the record size limit
 */
public record DeadLetter(String location, long position, String reason, byte[] bytes) {}
