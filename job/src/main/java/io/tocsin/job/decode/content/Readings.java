package io.tocsin.job.decode.content;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.Source;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a plan asks of which records, ready for use. There are no more of them than combinations of verbs and resources that rules
 * name, whatever clients send: all that no rule names are alike. Belongs to one thread.
 */
public final class Readings {
    private static final String OTHER = "";

    /** Those of one log. */
    private static final class OfSource {
        final Set<String> verbs = new HashSet<>();
        final Set<String> resources = new HashSet<>();
        /** By verb and resource. */
        final Map<String, Map<String, Reading>> readings = new HashMap<>();
    }

    private final ContentPlan plan;
    private final Map<Source, OfSource> sources = new EnumMap<>(Source.class);

    public Readings(ContentPlan plan) {
        this.plan = plan;
        for (ContentPlan.Wish wish : plan.wishes()) {
            OfSource source = sources.computeIfAbsent(wish.source(), any -> new OfSource());
            source.verbs.addAll(wish.verbs());
            source.resources.addAll(wish.resources());
        }
    }

    /** What is read of such records; {@link Reading#NOTHING} if nothing. */
    public Reading of(Source source, @Nullable String verb, @Nullable String resource) {
        OfSource known = sources.get(source);
        if (known == null) {
            return Reading.NOTHING;
        }
        String ofVerb = verb != null && known.verbs.contains(verb) ? verb : OTHER;
        String ofResource = resource != null && known.resources.contains(resource) ? resource : OTHER;
        Map<String, Reading> byResource = known.readings.get(ofVerb);
        Reading reading = byResource == null ? null : byResource.get(ofResource);
        if (reading == null) {
            reading = compile(source, ofVerb, ofResource);
            known.readings.computeIfAbsent(ofVerb, any -> new HashMap<>()).put(ofResource, reading);
        }
        return reading;
    }

    private Reading compile(Source source, String verb, String resource) {
        Set<String> paths = plan.paths(source, verb, resource);
        boolean text = plan.text(source, verb, resource);
        return paths.isEmpty() && !text ? Reading.NOTHING : new Reading(paths, text);
    }
}
