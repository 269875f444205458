package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.event.Slots;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * When alerts are an incident.
 *
 * @param enabled whether alerts are grouped; the operators stand in the graph either way
 * @param quiet how long without an alert until what belongs together is over
 * @param minTactics how many tactics make an incident
 * @param severity of an incident at its gravest
 */
public record IncidentOptions(boolean enabled, Duration quiet, int minTactics, Severity severity)
        implements Serializable {
    /** What an incident is called where alerts name a detection. */
    public static final String ID = "incident";

    public static final ConfigOption<Duration> QUIET = ConfigOptions.key("detections.incident.quiet")
            .durationType()
            .defaultValue(Duration.ofHours(24))
            .withDescription(
                    "Event time without an alert of medium severity or more after which the alerts of one identity,"
                            + " workload, pod or node are over; at least 10 s. A later one begins anew.");

    public static final ConfigOption<Integer> MIN_TACTICS = ConfigOptions.key("detections.incident.min-tactics")
            .intType()
            .defaultValue(3)
            .withDescription(
                    "Distinct ATT&CK tactics, in at least two alerts, that make an incident; at least 2. A critical"
                            + " alert makes one alone.");

    public static final ConfigOption<Severity> SEVERITY = ConfigOptions.key("detections.incident.severity")
            .enumType(Severity.class)
            .defaultValue(Severity.CRITICAL)
            .withDescription(
                    "Severity of an incident of three tactics or more, or with a critical alert, and the most that"
                            + " one of fewer has: its gravest alert's, one more for a second tactic, one more for a second log.");

    /** All of them. */
    public static final List<ConfigOption<?>> OPTIONS = List.of(QUIET, MIN_TACTICS, SEVERITY);

    public IncidentOptions {
        if (quiet.toMillis() < Slots.SLOT_MILLIS) {
            throw new IllegalArgumentException("%s must be at least 10 s: %s".formatted(QUIET.key(), quiet));
        }
        if (minTactics < 2) {
            throw new IllegalArgumentException("%s must be at least 2: %s".formatted(MIN_TACTICS.key(), minTactics));
        }
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was given
     */
    public static IncidentOptions of(ReadableConfig config, boolean enabled) {
        return new IncidentOptions(enabled, config.get(QUIET), config.get(MIN_TACTICS), config.get(SEVERITY));
    }
}
