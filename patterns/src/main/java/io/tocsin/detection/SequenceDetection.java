package io.tocsin.detection;

import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import org.apache.flink.cep.pattern.Pattern;

/**
 * Stages in order, within a window, for one entity: Flink CEP over signals. The author gives the stages; the wiring adds skip
 * strategy, window, gate, event order, late output, name and uid, and refuses a pattern that sets them itself.
 *
 * @param <P> its parameters
 */
public non-sealed interface SequenceDetection<P extends Detection.Params> extends Detection<P> {

    /** Its stages in order; the first opens the sequence. */
    List<SignalRule> signals(P params, Identities identities);

    /** The stages as a pattern. A parameter changes conditions, never stages: they are state. */
    Pattern<Signal, ?> pattern(P params);

    /** Longest event time from the first observation to the last; exclusive. */
    Duration window(P params);

    /** One sentence: who did what from where. */
    String message(Match match, P params);
}
