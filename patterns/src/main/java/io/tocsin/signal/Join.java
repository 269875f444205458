package io.tocsin.signal;

import io.tocsin.event.SecurityEvent;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a key that the record does not tell: another record tells it, earlier or a little later. A log names a pod by its
 * address, the key needs its name.
 *
 * @param kind by which links the one leads to the other
 * @param from the thing that is known: an address, a pod, a workload as {@link Links#workload} names it; null if that isn't either,
 *     and then the event is no signal
 */
public record Join(Link.Kind kind, Function<SecurityEvent, @Nullable String> from) {
    /** Stands for the missing part in keys made by {@link Keys#of}; no name holds it. */
    public static final String UNKNOWN = "\u0000";

    /** The key with its missing part. */
    public static String complete(String key, String part) {
        int at = key.indexOf(UNKNOWN);
        return at < 0 ? key : key.substring(0, at) + Keys.part(part) + key.substring(at + UNKNOWN.length());
    }
}
