package io.tocsin.detection;

import io.tocsin.event.Slots;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The parameters of a sequence without a threshold: how long it may take.
 *
 * @param window within this event time; a slot or more
 */
public record Within(Duration window) implements Detection.Params {

    /**
     * The option, as a detection names it.
     *
     * @param measured from what to what, for the description: {@code Longest event time from the one to the other}
     */
    public static ConfigOption<Duration> option(DetectionInfo info, String measured, Duration window) {
        return ConfigOptions.key(info.optionKey("window"))
                .durationType()
                .defaultValue(window)
                .withDescription(measured + "; at least 10 s.");
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was given
     */
    public static Within read(ConfigOption<Duration> option, ReadableConfig config) {
        Duration window = config.get(option);
        if (window.toMillis() < Slots.SLOT_MILLIS) {
            throw new IllegalArgumentException("%s must be at least 10 s: %s".formatted(option.key(), window));
        }
        return new Within(window);
    }
}
