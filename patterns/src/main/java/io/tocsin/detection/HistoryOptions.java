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
 */
public record HistoryOptions(int addresses, Duration retention) implements Serializable {
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

    /** All of them. */
    public static final List<ConfigOption<?>> OPTIONS = List.of(ADDRESSES, RETENTION);

    public HistoryOptions {
        if (addresses < 2) {
            throw new IllegalArgumentException("%s must be at least 2: %s".formatted(ADDRESSES.key(), addresses));
        }
        // An address in steady use is heard of once a day.
        if (retention.compareTo(Duration.ofDays(2)) < 0) {
            throw new IllegalArgumentException("%s must be at least 2 d: %s".formatted(RETENTION.key(), retention));
        }
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was given
     */
    public static HistoryOptions of(ReadableConfig config) {
        return new HistoryOptions(config.get(ADDRESSES), config.get(RETENTION));
    }
}
