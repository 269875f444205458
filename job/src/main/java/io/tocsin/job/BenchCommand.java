package io.tocsin.job;

import io.tocsin.detection.DetectionCatalog;
import io.tocsin.job.bench.Corpus;
import io.tocsin.job.bench.Throughput;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.sink.SafeText;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code bench}: how fast logs are decoded on this machine. */
final class BenchCommand {
    static final String USAGE =
            """
            Usage: tocsin bench [FILE...] [--inputs SPEC,...] [--KEY VALUE ...]

            Measures how fast each file is read on this machine by one thread: its first 64 MB in memory, again and again.
            Next to it what merely touching each byte costs, and what reading the same lines into trees of maps and lists with
            Jackson's parser costs (a line of text as {"log":"..."}). Takes the parameters of detect.
            tocsin bench rules measures what more rules cost.
            """;

    private static final String RULES = "rules";
    private static final int ROUNDS = 5;
    private static final int FILE_WIDTH = 40;
    private static final String ROW = "%-" + FILE_WIDTH + "s  %7s  %9s  %7s  %7s %11s  %7s %11s  %9s  %s%n";

    private final DetectionCatalog catalog;
    private final DetectCommand.Terminal terminal;
    private final Duration round;

    BenchCommand(DetectionCatalog catalog, DetectCommand.Terminal terminal) {
        this(catalog, terminal, Duration.ofMillis(300));
    }

    /** @param round how long a round takes at least */
    BenchCommand(DetectionCatalog catalog, DetectCommand.Terminal terminal, Duration round) {
        this.catalog = catalog;
        this.terminal = terminal;
        this.round = round;
    }

    /**
     * Measures.
     *
     * @throws ArgumentException if the arguments are wrong
     */
    int run(List<String> arguments) throws IOException {
        if (!arguments.isEmpty() && arguments.get(0).equals(RULES)) {
            return new BenchRulesCommand(catalog, terminal, round).run(arguments.subList(1, arguments.size()));
        }
        PrintStream out = terminal.out();
        if (arguments.contains("--help")) {
            out.print(USAGE);
            out.flush();
            return 0;
        }
        JobParameters parameters = JobParameters.parseForFiles("bench", List.of(), arguments, catalog);
        Map<String, InputSpec> files = files(parameters);
        machine(ROUNDS, out);
        out.printf(ROW, "", "", "", "touched", "tree", "", "ours", "", "", "");
        out.printf(ROW, "FILE", "MB", "EVENTS", "MB/s", "MB/s", "events/s", "MB/s", "events/s", "OURS/TREE", "FORMATS");
        for (String file : files.keySet()) {
            Corpus corpus = Corpus.load(file, JobGraph.MAX_LINE_BYTES);
            DocumentDecoder decoder = new InputDecoder(parameters.inputs(), files, parameters.decoding());
            row(corpus, new Throughput(corpus, decoder, ROUNDS, round).measure(), out);
        }
        out.flush();
        return 0;
    }

    /** The files of the inputs. */
    static Map<String, InputSpec> files(JobParameters parameters) {
        List<String> problems = new ArrayList<>();
        Map<String, InputSpec> files = FileInputs.bySpec(parameters.inputs(), false, problems);
        if (files.containsKey("-")) {
            problems.add("inputs: bench reads files, not standard input");
        }
        if (!problems.isEmpty()) {
            throw new ArgumentException(problems);
        }
        return files;
    }

    /** Tells what is measured on. */
    static void machine(int rounds, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%d processors, Java %s (%s), heap %,d MiB; one thread, median of %d rounds%n%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"),
                Runtime.getRuntime().maxMemory() >> 20,
                rounds);
    }

    private static void row(Corpus corpus, Throughput.Result result, PrintStream out) {
        double eventsPerByte = (double) result.events() / Math.max(1, corpus.bytes());
        out.printf(
                ROW,
                fileName(corpus.location()),
                format("%.1f", corpus.bytes() / 1e6),
                format("%,d", result.events()),
                format("%,.0f", result.touched() / 1e6),
                format("%,.0f", result.tree() / 1e6),
                format("%,.0f", result.tree() * eventsPerByte),
                format("%,.0f", result.ours() / 1e6),
                format("%,.0f", result.ours() * eventsPerByte),
                format("%.2f", result.ours() / Math.max(1, result.tree())),
                String.join(", ", result.formats()));
        out.flush();
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** The end of a name that is too long for its column. */
    private static String fileName(String location) {
        String name = SafeText.visible(location);
        return name.length() <= FILE_WIDTH ? name : "..." + name.substring(name.length() - FILE_WIDTH + 3);
    }
}
