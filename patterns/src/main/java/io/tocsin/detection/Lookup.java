package io.tocsin.detection;

import io.tocsin.signal.Keys;
import io.tocsin.signal.Link;
import io.tocsin.signal.Signal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Resolver} is taught or asked.
 *
 * @param owner the thing that is known, with its scope: what the resolver keeps its state by
 * @param kind the link's id
 * @param time when it was so, or when it is asked for
 * @param value what the thing belonged to: a lesson; null for a question
 * @param signal the signal that waits for it; null for a lesson
 */
public record Lookup(String owner, String kind, Instant time, @Nullable String value, @Nullable Signal signal) {
    /** Who asks about a thing, or is taught about it. */
    static String owner(String scope, Link.Kind kind, String key) {
        return Keys.of(scope, kind.of().name(), key);
    }

    static Lookup lesson(Link link) {
        return new Lookup(
                owner(link.scope(), link.kind(), link.key()), link.kind().id(), link.time(), link.value(), null);
    }

    static Lookup question(Link.Kind kind, String from, Signal signal) {
        return new Lookup(owner(signal.scope(), kind, from), kind.id(), signal.time(), null, signal);
    }
}
