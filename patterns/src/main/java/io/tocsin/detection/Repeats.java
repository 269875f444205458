package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events that come again and again, and what is known of them: traffic repeats itself. What comes for the first time is not held, so
 * that a flood of new names pushes nothing out but traces; logs that hardly repeat rest.
 *
 * <p>Bounded: some {@value #PLACES} events of about 1 kB. Who forges hashes makes his own events be looked at anew, no more.
 */
final class Repeats {
    static final int PLACES = 1 << 14;

    /** So often it is looked whether a log repeats itself; if less than an eighth of it did, it rests for so many times as long. */
    private static final int TRIED = 1 << 13;

    private static final int REST = 8;

    private final Repeat[] held;
    /** Hashes of what came once. */
    private final int[] traces;

    private final Map<Source, Trial> trials = new EnumMap<>(Source.class);
    private int hash;
    private boolean rests;

    /** How much of a log repeats itself. */
    private static final class Trial {
        private int looked;
        private int again;

        boolean rests() {
            looked++;
            if (looked == TRIED) {
                looked = again < TRIED / 8 ? TRIED : 0;
                again = 0;
            } else if (looked > TRIED * (1 + REST)) {
                looked = 0;
            }
            return looked >= TRIED;
        }
    }

    Repeats() {
        this(PLACES);
    }

    /** @param places how many are held, a power of two, at least 2 */
    Repeats(int places) {
        held = new Repeat[places];
        traces = new int[4 * places];
        for (Source source : Source.values()) {
            trials.put(source, new Trial());
        }
    }

    /** What is known of the event that this one repeats; null if nothing is. */
    @Nullable
    Repeat find(SecurityEvent event) {
        Trial trial = trials.get(event.source());
        rests = true;
        if (trial == null || trial.rests() || !Alike.canRepeat(event)) {
            return null;
        }
        rests = false;
        hash = Alike.hash(event);
        int place = hash & held.length - 2;
        for (int i = place; i <= place + 1; i++) {
            Repeat known = held[i];
            if (known != null && known.isRepeatedBy(event, hash)) {
                trial.again++;
                held[i] = held[place];
                held[place] = known;
                return known;
            }
        }
        return null;
    }

    /** Whether the event that was not found is worth holding: it came before. */
    boolean isWorthHolding() {
        if (rests) {
            return false;
        }
        int trace = hash & traces.length - 1;
        boolean again = traces[trace] == hash;
        traces[trace] = hash;
        return again;
    }

    /**
     * Holds what is known of the event that was not found. Of two at its place the one that came last stays.
     *
     * @param sameUri whether it holds only for the same URI
     */
    void hold(SecurityEvent event, Repeat draft, boolean sameUri) {
        int place = hash & held.length - 2;
        held[place + 1] = held[place];
        held[place] = draft.of(event, hash, sameUri);
    }
}
