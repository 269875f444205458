package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import org.apache.flink.cep.pattern.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stages in order, within a window, for one entity: Flink CEP over signals. The author gives the stages; the wiring adds skip
 * strategy, window, gate, event order, late output, name and uid, and refuses a pattern that sets them itself.
 *
 * @param <P> its parameters
 */
public non-sealed interface SequenceDetection<P extends Detection.Params> extends Detection<P> {

    /** Its stages in order; the first opens the sequence. */
    List<SignalRule> signals(P params, Identities identities);

    /** What is no stage of its own but brings the effects of one about: {@link SignalRule#cause}. */
    default List<SignalRule> causes(P params, Identities identities) {
        return List.of();
    }

    /** The stages as a pattern. A parameter changes conditions, never stages: they are state. */
    Pattern<Signal, ?> pattern(P params);

    /** Longest event time from the first observation to the last; exclusive. */
    Duration window(P params);

    /** One sentence: who did what from where. */
    String message(Match match, P params);

    /** The severity where this match's differs from the detection's; null where not. */
    default @Nullable Severity severity(Match match) {
        return null;
    }

    /** Whether what was matched is the story. */
    default boolean holds(Match match) {
        return true;
    }

    /** What the alert is about, the main one first: alerts that share one are repeats. */
    default List<String> stories(Match match) {
        return List.of(match.last().key());
    }
}
