package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.event.SecurityEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event is enough. Decided where the event is decoded, without state; late events too.
 *
 * @param <P> its parameters
 */
public non-sealed interface MatchDetection<P extends Detection.Params> extends Detection<P> {

    /**
     * What was found in one event.
     *
     * @param message who did what from where, one sentence
     * @param object what it is about: alerts of one object are one story
     * @param severity the severity where it differs from the detection's; null where not
     * @param facts what the decision rests on, by name
     */
    record Finding(String message, String object, @Nullable Severity severity, Map<String, String> facts) {
        public Finding {
            facts = Map.copyOf(facts);
        }
    }

    /** What is found in this event, or null. */
    @Nullable
    Finding find(SecurityEvent event, P params, Identities identities);
}
