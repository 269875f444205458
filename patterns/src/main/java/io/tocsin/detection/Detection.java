package io.tocsin.detection;

import io.tocsin.event.EventField;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The unit a user switches on. A detection declares; {@link DetectionOperators} wires. Found as a service ({@code
 * @AutoService(Detection.class)}), so adding one is one class and one test.
 *
 * @param <P> its parameters, validated
 */
public sealed interface Detection<P extends Detection.Params> extends Serializable
        permits MatchDetection, RateDetection, SequenceDetection, NewnessDetection, AbsenceDetection {

    /** Validated parameters of one detection; the constructor refuses a bad value by its key. */
    interface Params extends Serializable {}

    DetectionInfo info();

    /** Its own parameters; severity and suppression are common to all and not listed. */
    List<ConfigOption<?>> options();

    /**
     * Reads the parameters.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was given
     */
    P params(ReadableConfig config);

    /** What it can be switched by beside its id: {@code attack.t1611}, {@code attack.privilege-escalation}. */
    default Set<String> tags() {
        return RuleInfo.tags(info());
    }

    /** Whether it finds nothing as long as all records are of one cluster; it is then not looked at. */
    default boolean comparesClusters() {
        return false;
    }

    /** The costly event fields it reads. */
    default Set<EventField> fields() {
        return Set.of();
    }
}
