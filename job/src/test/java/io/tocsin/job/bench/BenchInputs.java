package io.tocsin.job.bench;

import io.tocsin.event.Source;
import io.tocsin.job.generate.SourceFiles;
import io.tocsin.job.generate.TrafficGenerator;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The inputs of a benchmark: made by the product's own generator with a fixed seed and no attack hidden, once, and kept in the
 * setting's folder.
 */
public final class BenchInputs {
    private static final long SEED = 6;
    /** So many lines of each file make the input of a run that is nearly all start and end. */
    private static final int LINES_TO_START = 20;

    private final Setting setting;

    BenchInputs(Setting setting) {
        this.setting = setting;
    }

    /** A folder with a file of each source. */
    public Path all() throws IOException {
        return setting.quick() ? startOf(generated()) : generated();
    }

    private Path generated() throws IOException {
        return made("all-" + setting.events(), folder -> {
            try (SourceFiles files = new SourceFiles(folder)) {
                new TrafficGenerator(traffic()).write(files);
            }
        });
    }

    private TrafficGenerator.Options traffic() {
        return new TrafficGenerator.Options(
                Math.max(setting.events(), TrafficGenerator.MIN_EVENTS),
                SEED,
                TrafficGenerator.DEFAULT_START,
                Set.of(),
                TrafficGenerator.SOURCES);
    }

    /** When they begin. */
    public Instant start() {
        return traffic().start();
    }

    /** The time they cover. */
    public Duration span() {
        return traffic().duration();
    }

    /** The audit log among them. */
    public Path audit() throws IOException {
        return all().resolve(Source.KUBERNETES_AUDIT.id() + ".log");
    }

    /** Audit events with the objects that were written and read: the setting's file, or the audit log with bodies made up. */
    public Path bodies() throws IOException {
        if (setting.bodies() != null) {
            return setting.bodies();
        }
        return made(
                        "bodies-" + setting.events(),
                        folder -> rewrite(audit(), folder.resolve("kubernetes-audit.log"), new BodyLines()))
                .resolve("kubernetes-audit.log");
    }

    /** The first lines of each file of a folder, or of a file. */
    public Path startOf(Path input) throws IOException {
        return made("start-of-" + setting.folder().relativize(input).toString().replace('/', '-'), folder -> {
            for (Path file : files(input)) {
                try (Stream<String> lines = Files.lines(file)) {
                    Files.write(
                            folder.resolve(file.getFileName()),
                            lines.limit(LINES_TO_START).toList());
                }
            }
        });
    }

    /** The files of a folder, sorted; or the file. */
    public static List<Path> files(Path input) throws IOException {
        if (!Files.isDirectory(input)) {
            return List.of(input);
        }
        try (Stream<Path> files = Files.list(input)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** What fills a new folder. */
    @FunctionalInterface
    public interface Maker {
        void make(Path folder) throws IOException;
    }

    /** A folder of that name, made unless it is there: under another name until it is whole. */
    public Path made(String name, Maker maker) throws IOException {
        Path made = setting.folder().resolve(name);
        if (!Files.exists(made)) {
            Files.createDirectories(setting.folder());
            Path making = Files.createTempDirectory(setting.folder(), "making");
            maker.make(making);
            Files.move(making, made);
        }
        return made;
    }

    /** Writes a copy of a file with each line changed. */
    private static void rewrite(Path from, Path to, UnaryOperator<String> line) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(from, StandardCharsets.UTF_8);
                BufferedWriter out = Files.newBufferedWriter(to, StandardCharsets.UTF_8)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                out.write(line.apply(text));
                out.write('\n');
            }
        }
    }
}
