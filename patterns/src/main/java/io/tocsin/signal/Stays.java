package io.tocsin.signal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last few stays of one thing at others, in order of time and never overlapping; the lists are changed in place. */
public final class Stays {
    /** How many stays of a thing are kept. */
    static final int MOST = 4;

    private Stays() {}

    /** Where it stayed at a time: by the newest sighting not after it, if that is not older than the ttl; null if not known. */
    public static @Nullable String find(List<Stay> stays, Instant at, Duration ttl) {
        for (int i = stays.size() - 1; i >= 0; i--) {
            Stay stay = stays.get(i);
            if (!stay.first().isAfter(at)) {
                return stay.last().plus(ttl).isBefore(at) ? null : stay.value();
            }
        }
        return null;
    }

    /** Where it was first seen after a time, if that is not later than so long; null if not known. */
    public static @Nullable String findLater(List<Stay> stays, Instant at, Duration wait) {
        for (Stay stay : stays) {
            if (stay.first().isAfter(at)) {
                return stay.first().isAfter(at.plus(wait)) ? null : stay.value();
            }
        }
        return null;
    }

    /** Puts a sighting among the stays, which are in order of time and never overlap. */
    public static void see(List<Stay> stays, String value, Instant time) {
        int before = stays.size() - 1; // the last stay that begins at or before the time
        while (before >= 0 && stays.get(before).first().isAfter(time)) {
            before--;
        }
        if (before >= 0) {
            Stay stay = stays.get(before);
            if (stay.value().equals(value)) {
                stays.set(before, stay.seenAt(time));
                return;
            }
            if (stay.first().equals(time)) {
                // Two at one instant: the greater wins, so that their order does not matter.
                if (stay.value().compareTo(value) < 0) {
                    stays.set(before, new Stay(value, time, time));
                    if (stay.last().isAfter(time)) {
                        stays.add(before + 1, new Stay(stay.value(), stay.last(), stay.last()));
                    }
                    joinAt(stays, before);
                }
                bound(stays);
                return;
            }
            if (stay.last().equals(time) && stay.value().compareTo(value) > 0) {
                return;
            }
            if (!stay.last().isBefore(time)) {
                stays.set(before, new Stay(stay.value(), stay.first(), stay.first()));
                if (stay.last().isAfter(time)) {
                    stays.add(before + 1, new Stay(stay.value(), stay.last(), stay.last()));
                }
            }
        }
        int after = before + 1;
        if (after < stays.size() && stays.get(after).value().equals(value)) {
            stays.set(after, stays.get(after).seenAt(time));
        } else {
            stays.add(after, new Stay(value, time, time));
        }
        bound(stays);
    }

    /** Makes one of neighbours with one value. */
    private static void joinAt(List<Stay> stays, int at) {
        if (at + 1 < stays.size()
                && stays.get(at + 1).value().equals(stays.get(at).value())) {
            stays.set(at, stays.get(at).seenAt(stays.remove(at + 1).last()));
        }
        if (at > 0 && stays.get(at - 1).value().equals(stays.get(at).value())) {
            stays.set(at - 1, stays.get(at - 1).seenAt(stays.remove(at).last()));
        }
    }

    private static void bound(List<Stay> stays) {
        while (stays.size() > MOST) {
            stays.remove(0);
        }
    }
}
