package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an event, and so of all that repeat it: whose stages they are, and when those have nothing to say of them. No
 * rule matches them, and no detection of single events raises an alert.
 */
final class Repeat {
    private final @Nullable SecurityEvent event;
    private final int hash;
    private final boolean sameUri;
    private StageRule[] rules;
    private Quiet[] quiet;
    private int size;
    /** When there is nothing to learn. */
    final Quiet learning;
    /** When there is nothing to learn and none has anything to say but those that look at ids. */
    private final Quiet all = new Quiet();
    /** The places of those that look at ids. */
    private final int[] lookingAtIds;

    private Repeat(
            @Nullable SecurityEvent event,
            int hash,
            boolean sameUri,
            StageRule[] rules,
            Quiet[] quiet,
            Quiet learning) {
        this.event = event;
        this.hash = hash;
        this.sameUri = sameUri;
        this.rules = rules;
        this.quiet = quiet;
        this.size = rules.length;
        this.learning = learning;
        this.lookingAtIds = lookingAtIds(rules);
        all.start();
    }

    private static int[] lookingAtIds(StageRule[] rules) {
        int[] places = new int[rules.length];
        int count = 0;
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].looksAtIds()) {
                places[count++] = i;
            }
        }
        return Arrays.copyOf(places, count);
    }

    /** A draft, for any event. */
    static Repeat draft() {
        return new Repeat(null, 0, true, new StageRule[0], new Quiet[0], new Quiet());
    }

    /** Begins a draft anew. */
    void clear() {
        size = 0;
        learning.start();
    }

    /** Adds to a draft whose stage it is. */
    void add(StageRule rule) {
        if (size == rules.length) {
            rules = Arrays.copyOf(rules, 2 * size + 8);
            quiet = Arrays.copyOf(quiet, rules.length);
            for (int i = size; i < quiet.length; i++) {
                quiet[i] = new Quiet();
            }
        }
        quiet[size].start();
        rules[size++] = rule;
    }

    /**
     * What this draft says, to be held. Whoever never has anything to say is left out.
     *
     * @param sameUri whether it holds only for the same URI
     */
    Repeat of(SecurityEvent like, int hashOfIt, boolean sameUri) {
        int speaking = 0;
        StageRule[] ofRules = new StageRule[size];
        Quiet[] ofQuiet = new Quiet[size];
        for (int i = 0; i < size; i++) {
            if (!quiet[i].forEver()) {
                ofRules[speaking] = rules[i];
                ofQuiet[speaking++] = quiet[i].copy();
            }
        }
        return new Repeat(
                like,
                hashOfIt,
                sameUri,
                Arrays.copyOf(ofRules, speaking),
                Arrays.copyOf(ofQuiet, speaking),
                learning.copy());
    }

    boolean isRepeatedBy(SecurityEvent other, int hashOfOther) {
        return hash == hashOfOther && event != null && Alike.areAlike(event, other, sameUri);
    }

    /** How many may have something to say. */
    int size() {
        return size;
    }

    /** Whether nobody has anything to say at this time, in ms since 1970, but perhaps {@link #lookingAtIds those}. */
    boolean isQuiet(long millis) {
        return all.holds(millis);
    }

    /** The places of those that may say something of an event because of its ids. */
    int[] lookingAtIds() {
        return lookingAtIds;
    }

    /** Learns when it {@link #isQuiet}; worth it only if nobody had anything to say. */
    void settle(boolean nobodySpoke) {
        all.start();
        if (!nobodySpoke) {
            return;
        }
        all.and(learning);
        for (int i = 0; i < size; i++) {
            if (!rules[i].looksAtIds()) {
                all.and(quiet[i]);
            }
        }
    }

    StageRule rule(int place) {
        return rules[place];
    }

    Quiet quiet(int place) {
        return quiet[place];
    }
}
