package io.tocsin.detection;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * How much is remembered of whom.
 *
 * @param addresses how many addresses of one owner
 * @param retention how long an address, or an owner, is remembered after it was last seen
 * @param learnEgress whether addresses outside from which nodes call are taken for inside
 * @param joinsWait how long a signal waits for a record that tells a part of its key
 */
public record HistoryOptions(int addresses, Duration retention, boolean learnEgress, Duration joinsWait)
        implements Serializable {
    public static final ConfigOption<Integer> ADDRESSES = ConfigOptions.key("history.addresses")
            .intType()
            .defaultValue(256)
            .withDescription(
                    "Addresses remembered of one identity, at least 2. Beyond it the one not seen for longest is"
                            + " forgotten, never the first; an address that is not remembered is new.");

    public static final ConfigOption<Duration> RETENTION = ConfigOptions.key("history.retention")
            .durationType()
            .defaultValue(Duration.ofDays(14))
            .withDescription(
                    "How long an address, or an identity, is remembered after it was last seen; at least 2 d.");

    public static final ConfigOption<Duration> JOINS_WAIT = ConfigOptions.key("joins.wait")
            .durationType()
            .defaultValue(Duration.ofMinutes(2))
            .withDescription(
                    "Event time a record waits for another that tells what it lacks, such as the pod that has an"
                            + " address. Alerts of detections that join records come so much later; not negative.");

    public static final ConfigOption<Boolean> LEARN_EGRESS = ConfigOptions.key("network.learn-egress")
            .booleanType()
            .defaultValue(true)
            .withDescription(
                    "Whether an address outside is taken for inside for tokens bound to a node that calls from it itself, and"
                            + " for all service accounts if two nodes or more do: what an API server with a public endpoint"
                            + " sees of a cluster. The summary names the addresses.");

    /** All of them. */
    public static final List<ConfigOption<?>> OPTIONS = List.of(ADDRESSES, RETENTION, LEARN_EGRESS, JOINS_WAIT);

    public HistoryOptions {
        if (addresses < 2) {
            throw new IllegalArgumentException("%s must be at least 2: %s".formatted(ADDRESSES.key(), addresses));
        }
        // An address in steady use is heard of once a day.
        if (retention.compareTo(Duration.ofDays(2)) < 0) {
            throw new IllegalArgumentException("%s must be at least 2 d: %s".formatted(RETENTION.key(), retention));
        }
        if (joinsWait.isNegative()) {
            throw new IllegalArgumentException("%s must not be negative: %s".formatted(JOINS_WAIT.key(), joinsWait));
        }
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was given
     */
    public static HistoryOptions of(ReadableConfig config) {
        return new HistoryOptions(
                config.get(ADDRESSES), config.get(RETENTION), config.get(LEARN_EGRESS), config.get(JOINS_WAIT));
    }
}
