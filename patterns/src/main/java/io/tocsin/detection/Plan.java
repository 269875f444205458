package io.tocsin.detection;

import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A detection as its correlator sees it: which stage opens, which stages count, how long it lasts.
 *
 * @param opener the stage that opens the sequence, or every stage of a rate detection
 * @param rates the counting stages, by name
 * @param windowMillis longest event time from the first observation to the last
 * @param sequence whether signals behind the opener follow
 */
record Plan(String opener, Map<String, SignalRule.Rate> rates, long windowMillis, boolean sequence) {
    /** A sequence's window is cut into so many parts, each with at most one opener. */
    static final int OPENERS = 32;

    static Plan of(Configured<?> configured, List<SignalRule> rules) {
        Map<String, SignalRule.Rate> rates = new HashMap<>();
        for (SignalRule rule : rules) {
            if (rule.rate() != null) {
                rates.put(rule.stage(), rule.rate());
            }
        }
        boolean sequence = configured.detection() instanceof SequenceDetection;
        return new Plan(rules.get(0).stage(), rates, windowOf(configured).toMillis(), sequence);
    }

    /** The window of a sequence, the longest window of a rate detection, zero for a match. */
    static <P extends Detection.Params> Duration windowOf(Configured<P> configured) {
        return configured.detection() instanceof SequenceDetection<P> sequence
                ? sequence.window(configured.params())
                : Duration.ZERO;
    }

    /** Whether the opener counts in a shorter window than the sequence's: then it has happened, whatever is counted later. */
    boolean outlivesOpener() {
        SignalRule.Rate rate = rates.get(opener);
        return rate != null && rate.window().toMillis() < windowMillis;
    }

    /** The part of the window that a time stands in. */
    long part(long millis) {
        return Math.floorDiv(millis, Math.max(1, windowMillis / OPENERS));
    }

    /** How long after its last signal a key's state may still matter. */
    long keepMillis(Duration baselineRetention) {
        long keep = windowMillis;
        for (SignalRule.Rate rate : rates.values()) {
            keep = Math.max(keep, rate.window().toMillis());
            if (rate.aboveBaseline()) {
                keep = Math.max(keep, baselineRetention.toMillis());
            }
        }
        return keep;
    }
}
