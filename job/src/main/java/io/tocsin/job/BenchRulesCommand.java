package io.tocsin.job;

import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.MatchedRules;
import io.tocsin.job.bench.Corpus;
import io.tocsin.job.bench.RuleThroughput;
import io.tocsin.job.decode.DecoderOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code bench rules}: what more rules cost on this machine. */
final class BenchRulesCommand {
    static final String USAGE =
            """
            Usage: tocsin bench rules [FILE...] [--inputs SPEC,...] [--KEY VALUE ...]

            Measures how fast the files are decoded and matched on this machine by one thread, with more and more rules: the
            enabled ones that are about these logs, and then variants of them that match nothing. Takes the parameters of detect.
            """;

    private static final List<Integer> COUNTS = List.of(10, 100, 500, 2_000);
    private static final int ROUNDS = 7;
    private static final String ROW = "%7s  %9s  %9s  %13s  %8s  %13s  %8s%n";

    private final DetectionCatalog catalog;
    private final DetectCommand.Terminal terminal;
    private final Duration round;

    /** @param round how long a round takes at least */
    BenchRulesCommand(DetectionCatalog catalog, DetectCommand.Terminal terminal, Duration round) {
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
        PrintStream out = terminal.out();
        if (arguments.contains("--help")) {
            out.print(USAGE);
            out.flush();
            return 0;
        }
        JobParameters parameters = JobParameters.parseForFiles("bench rules", List.of(), arguments, catalog);
        Map<String, InputSpec> files = BenchCommand.files(parameters);
        List<Corpus> corpora = new ArrayList<>();
        for (String file : files.keySet()) {
            corpora.add(Corpus.load(file, JobGraph.MAX_LINE_BYTES));
        }
        DecoderOptions decoding = parameters.decoding();
        RuleThroughput throughput = new RuleThroughput(
                corpora,
                parameters.identities(),
                plan -> new InputDecoder(parameters.inputs(), files, decoding.reading(plan)),
                ROUNDS,
                round);
        List<RuleThroughput.Result> results =
                throughput.measure(MatchedRules.of(parameters.detections(), parameters.identities()), COUNTS);
        BenchCommand.machine(ROUNDS, out);
        out.printf(ROW, "", "", "", "decoded and", "", "matched", "");
        out.printf(ROW, "RULES", "EVENTS", "MATCHES", "matched a s", "RATIO", "alone a s", "RATIO");
        RuleThroughput.Result first = results.get(0);
        for (RuleThroughput.Result result : results) {
            out.printf(
                    ROW,
                    format("%,d", result.rules()),
                    format("%,d", result.events()),
                    format("%,d", result.matches()),
                    format("%,.0f", result.both()),
                    format("%.2f", result.both() / first.both()),
                    format("%,.0f", result.alone()),
                    format("%.2f", result.alone() / first.alone()));
        }
        out.flush();
        return 0;
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
