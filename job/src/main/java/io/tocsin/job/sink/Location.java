package io.tocsin.job.sink;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where lines go: {@code -}, a file, a folder ending in {@code /}, or {@code kafka:TOPIC}.
 *
 * @param kind which of them
 * @param target the path or the topic; {@code -} for standard output
 */
public record Location(Kind kind, String target) implements Serializable {
    private static final String KAFKA = "kafka:";
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*://.*", Pattern.CASE_INSENSITIVE);

    /** Standard output. */
    public static final Location STANDARD_OUTPUT = new Location(Kind.STANDARD_OUTPUT, "-");

    /** The kinds of place. */
    public enum Kind {
        /** Standard output of the process that runs the sink. */
        STANDARD_OUTPUT,
        /** One local file, replaced at the start. */
        FILE,
        /** Part files, on any file system that Flink knows. */
        FOLDER,
        /** A Kafka topic. */
        KAFKA
    }

    /**
     * Reads one location.
     *
     * @param key the parameter it was given for, named in the message
     * @throws IllegalArgumentException if it is none
     */
    public static Location parse(String key, String text) {
        if (text.equals("-")) {
            return STANDARD_OUTPUT;
        }
        if (text.startsWith(KAFKA)) {
            String topic = text.substring(KAFKA.length());
            if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
                throw new IllegalArgumentException(
                        key + " must name one topic of letters, digits, dots, dashes and underscores: " + text);
            }
            return new Location(Kind.KAFKA, topic);
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    key + " must be -, a file, a folder ending in / or kafka:TOPIC: '" + text + "'");
        }
        if (text.endsWith("/")) {
            return new Location(Kind.FOLDER, text);
        }
        if (SCHEME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    key + " must be a local file, or a folder ending in / on another file system: " + text);
        }
        try {
            return new Location(Kind.FILE, Path.of(text).toString());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + " must be a path: " + e.getReason(), e);
        }
    }

    /**
     * Reads a comma list of locations.
     *
     * @throws IllegalArgumentException if one is none, or if one is named twice
     */
    public static List<Location> parseAll(String key, String text) {
        List<Location> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Location location = parse(key, part.trim());
            if (all.contains(location)) {
                throw new IllegalArgumentException(key + " must name each place once: " + text);
            }
            all.add(location);
        }
        return List.copyOf(all);
    }

    /**
     * Looks at the local file system, at submission: a file needs a folder that exists, and must not be a folder itself.
     *
     * @throws IllegalArgumentException if the file can't be written
     */
    public void check(String key) {
        if (kind != Kind.FILE) {
            return;
        }
        Path file = Path.of(target).toAbsolutePath();
        Path folder = file.getParent();
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(key + " must end in / to name a folder: " + target);
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(key + " must name a file in a folder that exists: " + target);
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new IllegalArgumentException(key + " must name a file that can be written: " + target);
        }
    }

    /**
     * Refuses two outputs into one file, where the later writer would cut off what the other wrote.
     *
     * @param locations the locations of each parameter
     * @throws IllegalArgumentException names both parameters
     */
    public static void refuseSharedFiles(Map<String, List<Location>> locations) {
        Map<Path, String> taken = new HashMap<>();
        locations.forEach((key, all) -> {
            for (Location location : all) {
                if (location.kind != Kind.FILE) {
                    continue;
                }
                Path file = Path.of(location.target).toAbsolutePath().normalize();
                String other = taken.putIfAbsent(file, key);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "%s and %s must not name the same file: %s".formatted(other, key, location.target));
                }
            }
        });
    }

    /** The location as the user writes it. */
    @Override
    public String toString() {
        return kind == Kind.KAFKA ? KAFKA + target : target;
    }
}
