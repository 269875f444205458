package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events that come again and again, and what is known of them: traffic repeats itself. What came but once is held apart, so that a
 * flood of new names pushes out nothing that came twice; logs that hardly repeat rest.
 *
 * <p>Bounded: some {@value #PLACES} events that came twice and half as many that came once, of about 1 kB. Who forges hashes makes
 * his own events be looked at anew, no more.
 */
final class Repeats {
    static final int PLACES = 1 << 14;

    /** So often it is looked whether a log repeats itself; if less than an eighth of it did, it rests for so many times as long. */
    static final int TRIED = 1 << 13;

    static final int REST = 8;

    private final @Nullable Repeat[] held;
    /** What came once, lately. */
    private final @Nullable Repeat[] once;
    /** Hashes of what came once, longer ago too. */
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
        once = new Repeat[places / 2];
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
        int placeOfOnce = hash & once.length - 1;
        Repeat known = once[placeOfOnce];
        if (known != null && known.isRepeatedBy(event, hash)) {
            trial.again++;
            once[placeOfOnce] = null;
            hold(known);
            return known;
        }
        return null;
    }

    /**
     * Holds what is known of the event that was not found.
     *
     * @param sameUri whether it holds only for the same URI
     */
    void hold(SecurityEvent event, Repeat draft, boolean sameUri) {
        if (rests) {
            return;
        }
        Repeat known = draft.of(event, hash, sameUri);
        int trace = hash & traces.length - 1;
        if (traces[trace] == hash) {
            hold(known);
        } else {
            traces[trace] = hash;
            once[hash & once.length - 1] = known;
        }
    }

    /** Of two at its place the one that came last stays. */
    private void hold(Repeat known) {
        int place = hash & held.length - 2;
        held[place + 1] = held[place];
        held[place] = known;
    }
}
