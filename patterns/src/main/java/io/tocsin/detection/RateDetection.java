package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Too much of something in a window, against a threshold and, if asked, against what is usual for the entity.
 *
 * @param <P> its parameters
 */
public non-sealed interface RateDetection<P extends Detection.Params> extends Detection<P> {

    /**
     * Its rates; the first is a {@link SignalRule#rate}. A stage that does not count is heard only while the first one is over its
     * threshold, and then told with what was counted: what came of it. A {@link SignalRule#lesson} is no stage and stands last.
     */
    List<SignalRule> signals(P params, Identities identities);

    /**
     * What a crossing means.
     *
     * @param message one sentence
     * @param stories what the alert is about, the main one first; alerts that share one are repeats
     * @param severity the severity where it differs from the detection's; null where not
     */
    record Crossing(String message, List<String> stories, @Nullable Severity severity) {}

    /** What this crossing means; null if it means nothing. */
    @Nullable
    Crossing crossing(Signal crossing, P params);
}
