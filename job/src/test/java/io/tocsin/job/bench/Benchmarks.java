package io.tocsin.job.bench;

import io.tocsin.job.bench.kafka.KafkaGroup;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code mvn -Pbench}: how fast it all is on this machine, each number beside a reference of the same run. Told by system
 * properties:
 *
 * <pre>
 * bench.rows    groups of rows to run, comma-separated; the others are left out
 * bench.events  records to generate
 * bench.rounds  rounds that count
 * bench.bodies  a file of audit events with bodies, instead of made ones
 * bench.flood   requests of one identity in the flood
 * bench.identities  whose state is weighed
 * bench.attacks attacks whose alerts are waited for, one a second
 * bench.folder  where inputs are made and the table is written
 * bench.quick   true: over next to nothing, to see whether it runs
 * </pre>
 */
public final class Benchmarks {
    static final String TABLE = "BENCHMARKS.md";
    private static final Duration ROUND = Duration.ofSeconds(2);

    private Benchmarks() {}

    /** Every group, in the order of the table. */
    public static List<Group> groups() {
        List<Group> groups = new ArrayList<>(List.of(
                new DecodeGroup("decode", "audit events", true, BenchInputs::audit),
                new DecodeGroup("decode-all", "events of all logs", false, BenchInputs::all),
                new DecodeGroup("decode-bodies", "audit events with bodies", false, BenchInputs::bodies),
                new JobGroup("job", "events of all logs", BenchInputs::all),
                new JobGroup("job-audit", "audit events", BenchInputs::audit),
                new StateBackendGroup(),
                new ParallelismGroup(),
                new RulesGroup(),
                new SequencesGroup(),
                new EsperGroup(),
                new NaiveGroup(),
                new FloodGroup(),
                new StateGroup(),
                new KafkaGroup()));
        groups.addAll(Growth.curves());
        return List.copyOf(groups);
    }

    public static void main(String[] arguments) throws Exception {
        String bodies = property("bench.bodies", "");
        boolean quick = Boolean.parseBoolean(property("bench.quick", "false"));
        Setting setting = new Setting(
                Path.of(property("bench.folder", "target/bench")),
                Long.parseLong(property("bench.events", "400000")),
                Integer.parseInt(property("bench.rounds", "5")),
                quick ? Duration.ZERO : ROUND,
                quick,
                bodies.isEmpty() ? null : Path.of(bodies));
        String rows = property("bench.rows", "");
        run(setting, rows.isEmpty() ? null : Arrays.asList(rows.split(",", -1)), System.out);
    }

    private static String property(String name, String otherwise) {
        String value = System.getProperty(name, "").trim();
        return value.isEmpty() ? otherwise : value;
    }

    /**
     * Runs groups, writes the table after each, and gives what was written last.
     *
     * @param ids the groups to run; null: all
     * @throws IllegalArgumentException if there is no such group
     */
    static List<String> run(Setting setting, @Nullable List<String> ids, PrintStream out) throws Exception {
        List<Group> groups = groups().stream()
                .filter(group -> ids == null || ids.contains(group.id()))
                .toList();
        if (ids != null && groups.size() < ids.size()) {
            throw new IllegalArgumentException("bench.rows must be some of "
                    + groups().stream().map(Group::id).toList() + ": " + ids);
        }
        List<String> head = head(setting, ids);
        head.forEach(out::println);
        Files.createDirectories(setting.folder());
        Runner runner = new Runner(setting, line -> {
            out.println(line);
            out.flush();
        });
        List<Section> sections = new ArrayList<>();
        List<String> lines = List.of();
        for (Group group : groups) {
            sections.add(runner.run(group));
            lines = new ArrayList<>(head);
            lines.addAll(new MarkdownTable(sections).lines());
            Files.write(setting.folder().resolve(TABLE), lines, StandardCharsets.UTF_8);
        }
        out.println();
        lines.forEach(out::println);
        out.flush();
        return lines;
    }

    private static List<String> head(Setting setting, @Nullable List<String> ids) {
        List<String> lines = new ArrayList<>(List.of("# Benchmarks", ""));
        lines.addAll(Machine.lines());
        lines.add(String.format(
                Locale.ROOT,
                "- %,d generated records of all sources; medians of %d rounds, the rows of a group in turn",
                setting.events(),
                setting.rounds()));
        lines.add(
                "- CPU: of the whole process, garbage collection and compilation included; microseconds of it an event are"
                        + " processors at one million events a second. \"Per core\" compares them, the rest what was done in a second");
        lines.add(
                "- Jobs: the product's own graph over files in one process; what a run over their first lines took is taken away");
        lines.add("- Command: `mvn -Pbench -Dbench.events=%d -Dbench.rounds=%d%s`"
                .formatted(
                        setting.events(),
                        setting.rounds(),
                        ids == null ? "" : " -Dbench.rows=" + String.join(",", ids)));
        lines.add("");
        return lines;
    }
}
