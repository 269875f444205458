package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Something that is missing, or is back.
 *
 * @param cluster the cluster's name
 * @param what which of the watched: a source's id, a verb; {@link #EVERYTHING} of all sources
 * @param since when it was last there
 * @param time the event time at which it was missed, or at which it was back
 * @param back whether it is back
 * @param count how often it went missing before it was back for good; at least 1
 * @param facts the numbers behind the decision, by name
 * @param changes the changes of logging that preceded it, in order
 */
public record Missing(
        String cluster,
        String what,
        Instant since,
        Instant time,
        boolean back,
        long count,
        Map<String, String> facts,
        List<Evidence> changes) {
    /** All sources of a cluster together. */
    public static final String EVERYTHING = "every source";

    public Missing {
        facts = Map.copyOf(facts);
        changes = List.copyOf(changes);
    }

    /** How long it was missing, in words: {@code 1h5m}. */
    public String lasted() {
        return inWords(Duration.between(since, time));
    }

    /** One of its facts; empty if it has none of that name. */
    public String fact(String name) {
        return facts.getOrDefault(name, "");
    }

    /** A duration in whole seconds: {@code 1h5m}. */
    static String inWords(Duration duration) {
        return Duration.ofSeconds(duration.toSeconds()).toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
