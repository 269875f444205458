package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.signal.SignalRule;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;

/**
 * A detection with the parameters of this run.
 *
 * @param detection the detection
 * @param params its parameters
 * @param severity of its alerts
 * @param suppressMillis how long a story stays closed after its last repeat
 * @param enabled whether its signals leave the source; its operators stand in the graph either way
 * @param overridden whether the severity is the user's choice, and holds for all of its alerts
 * @param <P> its parameters' type
 */
public record Configured<P extends Detection.Params>(
        Detection<P> detection, P params, Severity severity, long suppressMillis, boolean enabled, boolean overridden)
        implements Serializable {

    /**
     * Reads a detection's parameters.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was given
     */
    public static <P extends Detection.Params> Configured<P> of(
            Detection<P> detection, ReadableConfig config, boolean enabled) {
        long suppressMillis = config.get(detection.info().suppressOption()).toMillis();
        if (suppressMillis <= 0) {
            throw new IllegalArgumentException("%s must be more than 0: %s"
                    .formatted(
                            detection.info().suppressOption().key(),
                            config.get(detection.info().suppressOption())));
        }
        return new Configured<>(
                detection,
                detection.params(config),
                config.get(detection.info().severityOption()),
                suppressMillis,
                enabled,
                config.getOptional(detection.info().severityOption()).isPresent());
    }

    public DetectionInfo info() {
        return detection.info();
    }

    /** Its stages in order; a match has none. */
    public List<SignalRule> rules(Identities identities) {
        if (detection instanceof SequenceDetection<P> sequence) {
            return sequence.signals(params, identities);
        }
        if (detection instanceof RateDetection<P> rate) {
            return rate.signals(params, identities);
        }
        if (detection instanceof NewnessDetection<P> newness) {
            return newness.signals(params, identities);
        }
        return List.of();
    }

    /** What brings the effects of its stages about, beside them. */
    public List<SignalRule> causes(Identities identities) {
        return detection instanceof SequenceDetection<P> sequence ? sequence.causes(params, identities) : List.of();
    }
}
