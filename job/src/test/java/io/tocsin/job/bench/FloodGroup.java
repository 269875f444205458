package io.tocsin.job.bench;

import io.tocsin.job.JobRun;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/**
 * One identity that is refused requests for distinct objects all the time, among normal traffic. How the rest fares: the CPU of both
 * together, without what decoding and discarding the flood alone costs, for each normal event; beside the normal traffic alone.
 */
final class FloodGroup implements Group {
    private static final String SIZE = "bench.flood";
    private static final int DEFAULT_SIZE = 200_000;
    private static final int QUICK_SIZE = 500;
    private static final String CHECKPOINT_EVERY = "2 s";
    private static final String NORMAL = "normal";

    private final Map<String, Flooded> flooded = new LinkedHashMap<>();
    private int size;

    /** How the flood looks. */
    private enum Flood {
        ONE_ADDRESS("openers alone, from 1 address", 1, false),
        MANY_ADDRESSES("openers alone, from 1,000 addresses", 1_000, false),
        ONE_ADDRESS_LATER("openers and later stages in turn, from 1 address", 1, true),
        MANY_ADDRESSES_LATER("openers and later stages in turn, from 1,000 addresses", 1_000, true);

        private final String words;
        private final int addresses;
        private final boolean later;

        Flood(String words, int addresses, boolean later) {
            this.words = words;
            this.addresses = addresses;
            this.later = later;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        String line(int i, Instant time) {
            boolean letIn = later && i % 2 == 1;
            int from = i / 2 % addresses;
            return AuditLine.of(
                    time,
                    "mallory",
                    "198.51." + (100 + from / 250) + "." + (1 + from % 250),
                    letIn ? "configmaps" : "secrets",
                    "o" + i,
                    letIn ? 200 : 403);
        }
    }

    @Override
    public String id() {
        return "flood";
    }

    @Override
    public String title() {
        return "audit log with a flood of one identity's refused requests for distinct objects, parallelism 1";
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        size = setting.quick() ? QUICK_SIZE : Integer.getInteger(SIZE, DEFAULT_SIZE);
        Configuration cluster = JobSubject.at(1, JobSubject.heap(setting));
        cluster.setString(CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), CHECKPOINT_EVERY);
        Path normal = setting.inputs().audit();
        Flooded alone = new Flooded(setting, normal, cluster);
        flooded.put("without a flood", alone);
        List<Row> rows = new ArrayList<>();
        rows.add(Row.reference(NORMAL, "normal traffic alone", alone));
        for (Flood flood : setting.quick() ? EnumSet.of(Flood.MANY_ADDRESSES_LATER) : EnumSet.allOf(Flood.class)) {
            Path only = setting.inputs()
                    .made("flood-" + flood.id() + "-" + size + "-of-" + setting.events(), folder -> {
                        write(flood, normal, folder.resolve("only.log"), folder.resolve("mixed.log"));
                    });
            String discard = flood.id() + "-discard";
            rows.add(Row.of(
                    discard,
                    "the flood alone, decoded and discarded: " + flood.words,
                    JobSubject.discarding(setting, only.resolve("only.log"), cluster),
                    Ratio.perCore(discard, NORMAL, "normal traffic alone, whole job")));
            Flooded mixed = new Flooded(setting, only.resolve("mixed.log"), cluster);
            flooded.put(flood.words, mixed);
            rows.add(Row.of(
                    flood.id(),
                    "normal traffic with the flood: " + flood.words,
                    mixed,
                    new Ratio(
                                    "normal traffic alone, per normal event",
                                    round -> cpuOfNormal(round) / rest(round, flood.id(), discard),
                                    null)
                            .with(Bar.atLeast(0.9)),
                    new Ratio(
                            "CPU µs of each event of the flood, decoding included",
                            round -> ofFlood(round, flood.id()),
                            null)));
        }
        return rows;
    }

    private static double cpuOfNormal(Round round) {
        return round.of(NORMAL).cpuMicros();
    }

    /** CPU of the mixture without what decoding the flood costs, for each normal event. */
    private static double rest(Round round, String mixed, String discard) {
        double micros = (round.of(mixed).cpuNanos() - round.of(discard).cpuNanos()) / 1e3;
        return Math.max(0.001, micros / round.of(NORMAL).events());
    }

    private static double ofFlood(Round round, String mixed) {
        long events = round.of(mixed).events() - round.of(NORMAL).events();
        return (round.of(mixed).cpuNanos() - round.of(NORMAL).cpuNanos()) / 1e3 / Math.max(1, events);
    }

    /** Spreads the flood evenly over the lines. */
    private void write(Flood flood, Path normal, Path only, Path mixed) throws IOException {
        long lines;
        try (Stream<String> all = Files.lines(normal)) {
            lines = all.count();
        }
        try (BufferedReader in = Files.newBufferedReader(normal, StandardCharsets.UTF_8);
                BufferedWriter alone = Files.newBufferedWriter(only, StandardCharsets.UTF_8);
                BufferedWriter together = Files.newBufferedWriter(mixed, StandardCharsets.UTF_8)) {
            int written = 0;
            long read = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Instant time = AuditLine.time(line);
                if (read++ == 0) {
                    // Somebody without a home has no new address.
                    append(AuditLine.of(time, "mallory", "203.0.113.10", "pods", "home", 200), together);
                }
                append(line, together);
                for (; written < size * read / lines; written++) {
                    String flooding = flood.line(written, time);
                    append(flooding, alone);
                    append(flooding, together);
                }
            }
        }
    }

    private static void append(String line, BufferedWriter out) throws IOException {
        out.write(line);
        out.write('\n');
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(List.of(
                "Flood: %,d requests, spread evenly over the normal ones. Checkpoints every %s: the largest tells the state at its peak."
                        .formatted(size, CHECKPOINT_EVERY),
                "",
                "| | events | signals | alerts | largest checkpoint, bytes |",
                "|---|--:|--:|--:|--:|"));
        flooded.forEach((words, subject) -> {
            JobRun run = subject.job.last();
            if (run != null) {
                notes.add("| %s | %,d | %,d | %,d | %,d |"
                        .formatted(
                                words,
                                run.measure().events(),
                                JobSubject.signals(run),
                                run.alerts().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                                subject.largest));
            }
        });
        return notes;
    }

    /** The whole job, with its largest checkpoint. */
    private static final class Flooded implements Subject {
        private final JobSubject job;
        private final Path checkpoints;
        private long largest;

        Flooded(Setting setting, Path input, Configuration cluster) throws IOException {
            this.job = JobSubject.whole(setting, input, cluster, JobSubject.Job.WHOLE);
            this.checkpoints = setting.folder().resolve("checkpoints");
        }

        @Override
        public Measure round() throws Exception {
            try (CheckpointSizes sizes = CheckpointSizes.watch(checkpoints)) {
                Measure measure = job.round();
                largest = Math.max(largest, sizes.largest());
                return measure;
            }
        }
    }
}
