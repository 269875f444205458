package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code tocsin generate}: writes traffic to try the job on, and tells on the side what is hidden in it. */
public final class GenerateCommand {
    /** What the command is, for {@code --help}. */
    public static final String USAGE =
            """
            tocsin generate [--events N] [--seed S] [--sources all|FORMAT,...] [--attacks all|none|ID,...] [--start TIME]
                            [--out FILE|FOLDER/]
              --events   lines to write, about, of all sources together; up to 200,000 make one day
                         (default 200000, at least 5000)
              --seed     another number, another day; the same number, the same bytes (default 1)
              --sources  the logs to write: %s
                         (default all)
              --attacks  what to hide: %s
                         (default %s)
              --start    when the log begins (default %s)
              --out      file to write, all sources in one; or a folder, which ends in / and gets a file for each
                         source (default: standard output)
            """
                    .formatted(
                            sourceIds(),
                            ids(EnumSet.allOf(Attack.class)),
                            ids(TrafficGenerator.DEFAULT_ATTACKS),
                            TrafficGenerator.DEFAULT_START);

    private static final List<String> KEYS = List.of("events", "seed", "sources", "attacks", "start", "out");

    private GenerateCommand() {}

    /**
     * Runs the command.
     *
     * @param options the options without their dashes
     * @param out where the log goes unless {@code out} names a file; flushed, not closed
     * @param err where the hidden attacks are told
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public static TrafficGenerator.Written run(Map<String, String> options, OutputStream out, PrintStream err)
            throws IOException {
        TrafficGenerator generator = new TrafficGenerator(parse(options));
        String file = options.get("out");
        TrafficGenerator.Written written;
        if (file == null || file.equals("-")) {
            written = generator.write(new BufferedOutputStream(out, 1 << 16));
        } else if (file.endsWith("/")) {
            try (SourceFiles files = new SourceFiles(Path.of(file))) {
                written = generator.write(files);
            }
        } else {
            try (OutputStream target = new BufferedOutputStream(Files.newOutputStream(Path.of(file)), 1 << 16)) {
                written = generator.write(target);
            }
        }
        err.println(written.lines() + " lines, " + written.bytes() + " bytes, "
                + written.attacks().size() + " attacks hidden");
        for (PlantedAttack attack : written.attacks()) {
            err.println("  " + attack.attack().id() + ": " + attack.identity() + " from " + attack.address() + ", "
                    + attack.start() + " to " + attack.end() + ", for "
                    + String.join(", ", attack.attack().detections()));
        }
        return written;
    }

    private static TrafficGenerator.Options parse(Map<String, String> options) {
        List<String> problems = new ArrayList<>();
        options.keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .sorted()
                .forEach(key -> problems.add(key + " is no option of generate; there are " + String.join(", ", KEYS)));
        long events = number("events", options.get("events"), TrafficGenerator.LINES_PER_DAY, problems);
        if (events < TrafficGenerator.MIN_EVENTS) {
            problems.add("events must be at least " + TrafficGenerator.MIN_EVENTS + ": " + events);
        }
        long seed = number("seed", options.get("seed"), 1, problems);
        Instant start = start(options.get("start"), problems);
        Set<Source> sources = sources(options.get("sources"), problems);
        Set<Attack> attacks = attacks(options.get("attacks"), problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new TrafficGenerator.Options(events, seed, start, attacks, sources);
    }

    private static long number(String key, @Nullable String value, long otherwise, List<String> problems) {
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(value.replace("_", "").replace(",", ""));
        } catch (NumberFormatException e) {
            problems.add(key + " must be a whole number: " + value);
            return otherwise;
        }
    }

    private static Instant start(@Nullable String value, List<String> problems) {
        if (value == null) {
            return TrafficGenerator.DEFAULT_START;
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            problems.add("start must be a time such as " + TrafficGenerator.DEFAULT_START + ": " + value);
            return TrafficGenerator.DEFAULT_START;
        }
    }

    private static Set<Source> sources(@Nullable String value, List<String> problems) {
        if (value == null || value.equals("all")) {
            return TrafficGenerator.SOURCES;
        }
        Set<Source> sources = EnumSet.noneOf(Source.class);
        for (String id : value.split(",", -1)) {
            TrafficGenerator.SOURCES.stream()
                    .filter(source -> source.id().equals(id.trim()))
                    .findFirst()
                    .ifPresentOrElse(
                            sources::add,
                            () -> problems.add("sources must be all or some of " + sourceIds() + ": " + id.trim()));
        }
        return sources;
    }

    private static String sourceIds() {
        return TrafficGenerator.SOURCES.stream().map(Source::id).collect(Collectors.joining(","));
    }

    private static Set<Attack> attacks(@Nullable String value, List<String> problems) {
        if (value == null) {
            return TrafficGenerator.DEFAULT_ATTACKS;
        }
        Set<Attack> attacks = EnumSet.noneOf(Attack.class);
        if (value.equals("none")) {
            return attacks;
        }
        if (value.equals("all")) {
            return EnumSet.allOf(Attack.class);
        }
        for (String id : value.split(",", -1)) {
            Attack.of(id.trim())
                    .ifPresentOrElse(
                            attacks::add,
                            () -> problems.add("attacks must be all, none or some of "
                                    + ids(EnumSet.allOf(Attack.class)) + ": " + id.trim()));
        }
        return attacks;
    }

    private static String ids(Set<Attack> attacks) {
        return Stream.of(Attack.values())
                .filter(attacks::contains)
                .map(Attack::id)
                .collect(Collectors.joining(","));
    }
}
