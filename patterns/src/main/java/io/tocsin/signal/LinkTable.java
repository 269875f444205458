package io.tocsin.signal;

import io.tocsin.signal.Link.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What was learned of which thing belongs to which, and when: addresses and pods are given anew. A link found for a time is that of
 * the newest sighting not after it, if that is not older than the link is believed.
 *
 * <p>Of each key the last few {@link Stay stays} are kept, so that the answer for an event does not depend on the order in which
 * sightings and events come. It does in two cases. Where a sighting of another value comes late, after sightings of one value around
 * it, that value's stay is cut: of its sightings the first and the last are still known, those between are not. And where a key has
 * moved more often than is kept, or the table was full, what is oldest is forgotten.
 *
 * <p>Bounded by the number of keys of a kind. Belongs to one thread. Its keys are strings and its values {@link Stay}s, so that it can
 * become state: {@link #entries} gives what {@link #put} takes.
 */
public final class LinkTable {
    /** How long a link is believed after its last sighting, where nothing else is said. */
    public static final Duration DEFAULT_TTL = Duration.ofHours(24);

    /** How many keys of a kind are kept, where nothing else is said. */
    public static final int DEFAULT_KEYS = 100_000;

    private final Duration ttl;
    private final int maxKeys;
    private final Map<Kind, Map<String, List<Stay>>> kinds = new EnumMap<>(Kind.class);

    /**
     * An empty table.
     *
     * @param ttl how long a link is believed after its last sighting
     * @param maxKeys how many keys of a kind are kept; at least 1
     */
    public LinkTable(Duration ttl, int maxKeys) {
        if (ttl.isNegative()) {
            throw new IllegalArgumentException("ttl must not be negative: " + ttl);
        }
        if (maxKeys < 1) {
            throw new IllegalArgumentException("maxKeys must be at least 1: " + maxKeys);
        }
        this.ttl = ttl;
        this.maxKeys = maxKeys;
    }

    /** A table as it usually is. */
    public static LinkTable usual() {
        return new LinkTable(DEFAULT_TTL, DEFAULT_KEYS);
    }

    /** Takes in a sighting, of any time. */
    public void learn(Link link) {
        Map<String, List<Stay>> keys = of(link.kind());
        String key = Keys.of(link.scope(), link.key());
        List<Stay> stays = keys.get(key);
        if (stays == null) {
            if (keys.size() >= maxKeys) {
                forgetOldest(keys);
            }
            stays = new ArrayList<>(1);
            keys.put(key, stays);
        }
        Stays.see(stays, link.value(), link.time());
    }

    /** What the thing belonged to at a time; null if that is not known. */
    public @Nullable String find(Kind kind, String scope, String key, Instant at) {
        List<Stay> stays = of(kind).get(Keys.of(scope, key));
        if (stays == null) {
            return null;
        }
        return Stays.find(stays, at, ttl);
    }

    /**
     * The pod that an address belonged to at a time: as nodes and collectors told, else the one whose token was used from there,
     * unless the address is a node's, which all its pods may call through. Null if neither is known.
     */
    public @Nullable String podAt(String scope, String address, Instant at) {
        if (find(Kind.NODE_ADDRESS, scope, address, at) != null) {
            return null;
        }
        String pod = find(Kind.POD_ADDRESS, scope, address, at);
        return pod != null ? pod : find(Kind.CREDENTIAL_POD_PEER, scope, address, at);
    }

    /** How many keys of a kind are known. */
    public int size(Kind kind) {
        return of(kind).size();
    }

    /** Hands on each stay of a kind with its scope and key, sorted by these, then from the oldest to the newest. */
    public void forEach(Kind kind, Taker taker) {
        entries(kind, (joined, stays) -> {
            List<String> parts = Keys.parts(joined);
            stays.forEach(stay -> taker.take(parts.get(0), parts.get(1), stay));
        });
    }

    /** Takes what a table knows. */
    @FunctionalInterface
    public interface Taker {
        void take(String scope, String key, Stay stay);
    }

    /** Every key of a kind, as {@link Keys} makes it of scope and key, sorted, with its stays from the oldest to the newest. */
    public void entries(Kind kind, BiConsumer<String, List<Stay>> taker) {
        new TreeMap<>(of(kind)).forEach((key, stays) -> taker.accept(key, List.copyOf(stays)));
    }

    /** Takes back what {@link #entries} gave. */
    public void put(Kind kind, String key, List<Stay> stays) {
        Map<String, List<Stay>> keys = of(kind);
        if (keys.size() >= maxKeys && !keys.containsKey(key)) {
            forgetOldest(keys);
        }
        keys.put(key, new ArrayList<>(stays));
    }

    private Map<String, List<Stay>> of(Kind kind) {
        return kinds.computeIfAbsent(kind, any -> new HashMap<>());
    }

    /** Makes room: the keys not seen for the longest, a sixteenth of all, so that it costs little for each. */
    private static void forgetOldest(Map<String, List<Stay>> keys) {
        List<Age> ages = new ArrayList<>(keys.size());
        keys.forEach((key, stays) ->
                ages.add(new Age(key, stays.get(stays.size() - 1).last())));
        ages.sort(Comparator.comparing(Age::last).thenComparing(Age::key));
        for (Age age : ages.subList(0, Math.max(1, keys.size() / 16))) {
            keys.remove(age.key());
        }
    }

    private record Age(String key, Instant last) {}
}
