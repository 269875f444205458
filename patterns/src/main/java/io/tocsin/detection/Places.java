package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.Uses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.MapState;
import org.jspecify.annotations.Nullable;

/**
 * Where things are used that belong to one place, and what is used in two: {@link io.tocsin.signal.Recall#ELSEWHERE}. Tasks tell of a
 * carrier at a place the earliest use of each hour while that is young, later that of each day; so a steady user costs a signal a
 * day, and what is known does not depend on which task saw what.
 *
 * <p>A place is in use if the same credential was told of there within the detection's window, or if the carrier was told of there
 * in so many hours or days that it lives there. Of a carrier used at a place while another is in use, that is told, until it has been used
 * there for {@code known-after}.
 */
final class Places {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    /** The longest span. */
    static final long DAY = Duration.ofDays(1).toMillis();

    /** So long after its first use somewhere each hour is told. */
    static final long YOUNG = 2 * HOUR;
    /** Told of in so many spans, a carrier lives there. */
    private static final int SETTLED = 2;
    /** How long what lives somewhere may be silent there. */
    private static final long SILENCE = Duration.ofDays(2).toMillis();

    private static final int MOST = 2_048;

    private final MapState<String, Told> told;

    Places(MapState<String, Told> told) {
        this.told = told;
    }

    /**
     * State: what was told of a carrier at a place.
     *
     * @param firstMillis the first use
     * @param lastMillis the earliest use of the last span that was told
     * @param spans how many spans were told, up to {@link #SETTLED}
     * @param by the credential of that use
     * @param evidence its record
     */
    public record Told(long firstMillis, long lastMillis, int spans, String by, Evidence evidence) {}

    /** The span of which the earliest use is enough, if the first at this place was at that time: an hour, later a day. */
    static long spanMillis(Instant first, Instant time) {
        return time.toEpochMilli() - first.toEpochMilli() < YOUNG ? HOUR : DAY;
    }

    /** What a signal says of a use. */
    static String value(Uses.Use use) {
        return Keys.of(use.carrier(), use.by(), use.where());
    }

    /**
     * Hears of a use.
     *
     * @param noPlace places that say nothing, such as the addresses of the node a pod runs on
     * @return the signal, with the other places' records before its own and their number; null if it is where it always is
     */
    @Nullable
    Signal hear(Signal signal, long windowMillis, long knownAfterMillis, Predicate<String> noPlace) throws Exception {
        List<String> parts = Keys.parts(signal.value() == null ? "" : signal.value());
        if (parts.size() != 3 || noPlace.test(parts.get(2))) {
            return null;
        }
        String carrier = parts.get(0);
        String by = parts.get(1);
        String where = parts.get(2);
        long time = signal.time().toEpochMilli();
        String here = Keys.of(carrier, where);
        Told known = told.get(here);
        boolean young = known == null || time - known.firstMillis() < knownAfterMillis;
        if (known != null) {
            long span = spanMillis(Instant.ofEpochMilli(known.firstMillis()), signal.time());
            if (Math.floorDiv(time, span) == Math.floorDiv(known.lastMillis(), span)) {
                return null; // told by a task that knows less
            }
        }
        List<Evidence> others = young ? others(carrier, where, by, time, windowMillis, noPlace) : List.of();
        Evidence record = signal.evidence().get(0);
        told.put(
                here,
                known == null
                        ? new Told(time, time, 1, by, record)
                        : new Told(known.firstMillis(), time, Math.min(SETTLED, known.spans() + 1), by, record));
        if (known == null) {
            makeRoom(here);
        }
        if (others.isEmpty()) {
            return null;
        }
        List<Evidence> evidence = new ArrayList<>(others);
        evidence.add(record);
        return signal.counted(
                signal.time(), signal.eventId(), others.size() + 1L, signal.time(), List.copyOf(evidence));
    }

    private List<Evidence> others(
            String carrier, String where, String by, long time, long windowMillis, Predicate<String> noPlace)
            throws Exception {
        List<Evidence> others = new ArrayList<>();
        for (Map.Entry<String, Told> entry : told.entries()) {
            List<String> place = Keys.parts(entry.getKey());
            Told other = entry.getValue();
            long since = time - other.lastMillis();
            boolean inUse =
                    (since < windowMillis && other.by().equals(by)) || (since < SILENCE && other.spans() >= SETTLED);
            if (inUse && place.get(0).equals(carrier) && !place.get(1).equals(where) && !noPlace.test(place.get(1))) {
                others.add(other.evidence());
            }
        }
        others.sort(Comparator.comparing(Evidence::time).thenComparing(Evidence::eventId));
        return others;
    }

    /** The place not told of for longest makes room; of those, the one that comes first by name. */
    private void makeRoom(String newest) throws Exception {
        int size = 0;
        String oldest = null;
        long oldestMillis = Long.MAX_VALUE;
        for (Map.Entry<String, Told> entry : told.entries()) {
            size++;
            long last = entry.getValue().lastMillis();
            boolean older = last < oldestMillis
                    || (last == oldestMillis && oldest != null && entry.getKey().compareTo(oldest) < 0);
            if (older && !entry.getKey().equals(newest)) {
                oldest = entry.getKey();
                oldestMillis = last;
            }
        }
        if (size > MOST && oldest != null) {
            told.remove(oldest);
        }
    }

    /** Forgets what was not told of since then. */
    void forget(long oldestMillis) throws Exception {
        List<String> forgotten = new ArrayList<>();
        for (Map.Entry<String, Told> entry : told.entries()) {
            if (entry.getValue().lastMillis() <= oldestMillis) {
                forgotten.add(entry.getKey());
            }
        }
        for (String place : forgotten) {
            told.remove(place);
        }
        if (told.isEmpty()) {
            told.clear();
        }
    }

    void clear() {
        told.clear();
    }
}
