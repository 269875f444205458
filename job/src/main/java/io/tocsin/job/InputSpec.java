package io.tocsin.job;

import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Decoders;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One input as the user names it: {@code [FORMAT][@CLUSTER]=LOCATION}, or a bare location.
 *
 * @param format a format's name or {@code auto}
 * @param cluster the cluster its records belong to; null if the records' envelopes tell
 * @param location a file, folder or glob, {@code -}, or {@code kafka:TOPIC}
 */
public record InputSpec(String format, @Nullable String cluster, String location) implements Serializable {
    private static final Pattern FORM = Pattern.compile("([a-z0-9-]*)(?:@([^=]+))?=(.*)", Pattern.DOTALL);
    private static final String KAFKA = "kafka:";

    /**
     * Reads a SPEC.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public static InputSpec parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return bare(text);
        }
        String format = matcher.group(1).isEmpty() ? DecoderOptions.AUTO : matcher.group(1);
        if (!Decoders.FORMATS.contains(format)) {
            String nearest = Suggestions.nearest(format, Decoders.FORMATS);
            throw new IllegalArgumentException("inputs: no such format: %s%s; known are %s"
                    .formatted(
                            format,
                            nearest == null ? "" : " (did you mean " + nearest + "?)",
                            String.join(", ", Decoders.FORMATS)));
        }
        if (matcher.group(3).isBlank()) {
            throw new IllegalArgumentException("inputs: a location must follow the = sign: " + text);
        }
        return new InputSpec(format, matcher.group(2), matcher.group(3));
    }

    /** A location whose records tell their format themselves. */
    public static InputSpec bare(String location) {
        return new InputSpec(DecoderOptions.AUTO, null, location);
    }

    /** Whether it is a Kafka topic. */
    public boolean isKafka() {
        return location.startsWith(KAFKA);
    }

    /** The topics. */
    public String topics() {
        return location.substring(KAFKA.length());
    }

    /** The location as part of an operator's uid. */
    public String id() {
        return location.replaceAll("[^A-Za-z0-9._+-]+", "-");
    }
}
