package io.tocsin.signal;

import java.time.Instant;

/**
 * How long a thing was seen to belong to another.
 *
 * @param value the other thing
 * @param first the first sighting
 * @param last the last sighting
 */
public record Stay(String value, Instant first, Instant last) {
    /** The same, seen at this time too. */
    Stay seenAt(Instant time) {
        if (time.isBefore(first)) {
            return new Stay(value, time, last);
        }
        return time.isAfter(last) ? new Stay(value, first, time) : this;
    }
}
