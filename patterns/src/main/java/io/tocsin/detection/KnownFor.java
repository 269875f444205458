package io.tocsin.detection;

import io.tocsin.event.Slots;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The parameter of a detection of news: who has a history.
 *
 * @param minHistory known for so long in event time; a slot or more
 */
public record KnownFor(Duration minHistory) implements Detection.Params {

    /** The option, as a detection names it. A week, because what people do has weeks: who is known for less has a Monday ahead. */
    public static ConfigOption<Duration> option(DetectionInfo info) {
        return ConfigOptions.key(info.optionKey("min-history"))
                .durationType()
                .defaultValue(Duration.ofDays(7))
                .withDescription(
                        "How long an identity must be known, in event time, before anything can be new to it; at least 10 s. It"
                                + " must also have been seen on as many days as this has, at most 3. How long it and what it"
                                + " does are remembered: history.retention.");
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was given
     */
    public static KnownFor read(ConfigOption<Duration> option, ReadableConfig config) {
        Duration history = config.get(option);
        if (history.toMillis() < Slots.SLOT_MILLIS) {
            throw new IllegalArgumentException("%s must be at least 10 s: %s".formatted(option.key(), history));
        }
        return new KnownFor(history);
    }
}
