package io.tocsin.detection;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a task has already handed on, so that it need not hand it on again: owners, the values seen of each, and when. Forgetting
 * costs a shuffle, never an answer. It compares the strings themselves, so nobody can craft a value that passes for another.
 *
 * <p>Bounded: two generations of owners; when the younger is full the older is forgotten. Of an owner with too many values nothing
 * is held back any more.
 */
final class SeenBefore {
    static final int VALUES = 64;

    private final int owners;
    private Map<String, Owner> young = new HashMap<>();
    private Map<String, Owner> old = new HashMap<>();

    SeenBefore(int owners) {
        this.owners = owners;
    }

    /** An owner, remembered from now on. */
    Owner owner(String key) {
        Owner owner = young.get(key);
        if (owner != null) {
            return owner;
        }
        owner = old.remove(key);
        if (owner == null) {
            owner = new Owner();
        }
        if (young.size() >= owners) {
            old.values().forEach(Remembered::changed);
            old = young;
            young = new HashMap<>();
        }
        young.put(key, owner);
        return owner;
    }

    /** An owner, if it is remembered. */
    @Nullable
    Owner known(String key) {
        Owner owner = young.get(key);
        return owner == null ? old.get(key) : owner;
    }

    /** One owner's values. What changes is which there are, and that it was refused something. */
    static final class Owner extends Remembered {
        private String[] values = new String[1];
        private Instant[] first = new Instant[1];
        private Instant[] handedOn = new Instant[1];
        private int size;
        private @Nullable Instant refused;

        /** How many values are known; more than {@link #VALUES} are not told apart. */
        int size() {
            return size;
        }

        /** Whether a request of this owner was refused since then. */
        boolean refusedSince(Instant time) {
            return refused != null && !refused.isBefore(time);
        }

        /**
         * Whether a value is news: new, not seen so early before, not handed on for so long, or one of too many. If so, it is noted
         * as handed on.
         */
        boolean hear(String value, Instant time, Duration refresh) {
            int index = indexOf(value);
            // Of an owner with that many values the history may have forgotten what is remembered here.
            boolean news = size == VALUES
                    || index < 0
                    || !time.isAfter(first[index])
                    || !time.isBefore(handedOn[index].plus(refresh));
            if (news) {
                handOn(index, value, time);
            }
            return news;
        }

        /** Says of a value that is no news from when until when it is none. */
        void tellQuiet(String value, Duration refresh, Quiet quiet) {
            int index = indexOf(value);
            if (index >= 0 && size < VALUES) {
                quiet.between(first[index], handedOn[index].plus(refresh));
                quiet.unless(this);
            }
        }

        /** Whether a value was handed on at this time or so long before. */
        boolean heardWithin(String value, Instant time, Duration span) {
            int index = indexOf(value);
            return index >= 0 && heardWithin(index, time, span);
        }

        /** How many values were handed on at this time or so long before. */
        int heardWithin(Instant time, Duration span) {
            int heard = 0;
            for (int i = 0; i < size; i++) {
                if (heardWithin(i, time, span)) {
                    heard++;
                }
            }
            return heard;
        }

        /** Says from when until when a value, or with null all that were, were handed on at this time or so long before. */
        void tellHeard(@Nullable String value, Instant time, Duration span, Quiet quiet) {
            for (int i = 0; i < size; i++) {
                if ((value == null || value.equals(values[i])) && heardWithin(i, time, span)) {
                    quiet.between(handedOn[i], handedOn[i].plus(span));
                }
            }
        }

        private boolean heardWithin(int index, Instant time, Duration span) {
            return !time.isBefore(handedOn[index]) && time.isBefore(handedOn[index].plus(span));
        }

        void refusedAt(Instant time) {
            if (refused == null || time.isAfter(refused)) {
                refused = time;
                changed();
            }
        }

        /** The position of a value, -1 if it was not seen. */
        int indexOf(String value) {
            for (int i = 0; i < size; i++) {
                if (values[i].equals(value)) {
                    return i;
                }
            }
            return -1;
        }

        /** When a value was first seen; it must be known. */
        Instant first(String value) {
            return first[indexOf(value)];
        }

        private void handOn(int index, String value, Instant time) {
            int at = index;
            if (at < 0) {
                if (size == VALUES) {
                    return;
                }
                if (size == values.length) {
                    int length = Math.min(VALUES, size * 2);
                    values = Arrays.copyOf(values, length);
                    first = Arrays.copyOf(first, length);
                    handedOn = Arrays.copyOf(handedOn, length);
                }
                at = size++;
                changed();
                values[at] = value;
                first[at] = time;
                handedOn[at] = time;
                return;
            }
            if (time.isBefore(first[at])) {
                first[at] = time;
            }
            if (time.isAfter(handedOn[at])) {
                handedOn[at] = time;
            }
        }
    }
}
