package io.tocsin.detection;

import io.tocsin.event.Slots;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The parameters of most detections: how many, within how long.
 *
 * @param least at least so many; 1 or more
 * @param window within this event time; a slot or more
 */
public record Threshold(int least, Duration window) implements Detection.Params {

    /** The two options, as a detection names them. */
    public record Options(ConfigOption<Integer> least, ConfigOption<Duration> window) implements Serializable {
        /** Both, for the detection's list. */
        public List<ConfigOption<?>> all() {
            return List.of(least, window);
        }

        /**
         * Reads them.
         *
         * @throws IllegalArgumentException naming the key, what was expected and what was given
         */
        public Threshold read(ReadableConfig config) {
            int many = config.get(least);
            Duration within = config.get(window);
            if (many < 1) {
                throw new IllegalArgumentException("%s must be at least 1: %s".formatted(least.key(), many));
            }
            if (within.toMillis() < Slots.SLOT_MILLIS) {
                throw new IllegalArgumentException("%s must be at least 10 s: %s".formatted(window.key(), within));
            }
            return new Threshold(many, within);
        }
    }

    /**
     * Options of a detection.
     *
     * @param name the key's last part, such as {@code min-failures}
     * @param counted what is counted, for the description: {@code Failed logins on a node from one address}
     */
    public static Options options(DetectionInfo info, String name, int least, String counted, Duration window) {
        return options(info, name, least, counted, "window", window);
    }

    /** The same, where a detection has several windows. */
    public static Options options(
            DetectionInfo info, String name, int least, String counted, String windowName, Duration window) {
        return new Options(
                ConfigOptions.key(info.optionKey(name))
                        .intType()
                        .defaultValue(least)
                        .withDescription(counted + " within the window; at least 1."),
                ConfigOptions.key(info.optionKey(windowName))
                        .durationType()
                        .defaultValue(window)
                        .withDescription("Event time within which they count together; at least 10 s."));
    }
}
