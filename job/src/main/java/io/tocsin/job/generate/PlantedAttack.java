package io.tocsin.job.generate;

import java.time.Instant;

/**
 * The truth about one hidden attack.
 *
 * @param attack which one
 * @param identity who did it, as an alert names it: a canonical role ARN or a user name
 * @param address where it came from
 * @param start when its first request was received, or its first line logged
 * @param end when the request that completes it was received; a rate's last counted one
 */
public record PlantedAttack(Attack attack, String identity, String address, Instant start, Instant end) {}
