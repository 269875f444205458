package io.tocsin.job;

import io.tocsin.detection.DetectionCatalog;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.inspect.LinkLines;
import io.tocsin.job.inspect.Statistics;
import io.tocsin.job.inspect.StatisticsText;
import io.tocsin.job.redaction.Redaction;
import io.tocsin.job.sink.RecordJson;
import io.tocsin.job.source.Block;
import io.tocsin.job.source.FileRecords;
import io.tocsin.signal.Link;
import io.tocsin.signal.LinkTable;
import io.tocsin.signal.Links;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code inspect}: what the decoders make of logs, a line of JSON for each record, or figures. Reads file after file; what it keeps
 * in memory does not grow with them.
 */
final class InspectCommand {
    static final String USAGE =
            """
            Usage: tocsin inspect [FILE...] [--stats] [--links] [--inputs SPEC,...] [--KEY VALUE ...]

            Shows what is read of logs, record by record: an event with its fields, {"skipped":"reason"}, or
            {"deadLetter":"reason"}, each with the file and the byte where it stands. No detection runs; secrets are taken out.

              --stats   figures by format and cluster instead: how many records became what, from when to when, how far they
                        are out of order; dead letters by reason; to what each detection is blind
              --links   at the end, what was learned of which address, pod, node and workload belong together

            Takes the parameters of detect; those that say where alerts go or how they are found do nothing here. Topics can't
            be read. Exit: 0 done (or nobody reads any more), 1 a file can't be read, 2 wrong arguments.
            """;

    private static final String VERB = "inspect";
    private static final int HANDED_ON_BYTES = 1 << 20;

    private final DetectionCatalog catalog;
    private final DetectCommand.Terminal terminal;
    private final Supplier<InputStream> standardInput;

    InspectCommand(DetectionCatalog catalog, DetectCommand.Terminal terminal, Supplier<InputStream> standardInput) {
        this.catalog = catalog;
        this.terminal = terminal;
        this.standardInput = standardInput;
    }

    /**
     * Runs to the end.
     *
     * @return the exit code: 0, or 1 where a file could not be read to its end
     * @throws ArgumentException if the arguments are wrong
     */
    int run(List<String> arguments) {
        if (arguments.contains("--help")) {
            terminal.out().print(USAGE);
            terminal.out().flush();
            return 0;
        }
        JobParameters parameters = JobParameters.parseForFiles(VERB, InspectOptions.FLAGS, arguments, catalog);
        List<String> problems = new ArrayList<>();
        Map<String, InputSpec> files = FileInputs.bySpec(parameters.inputs(), false, problems);
        if (!problems.isEmpty()) {
            throw new ArgumentException(problems);
        }
        if (parameters.config().get(JobOptions.FOLLOW)) {
            terminal.err().println("follow does nothing here: inspect reads to the end");
        }
        return new Run(parameters, files).run();
    }

    /** One run. */
    private final class Run {
        private final JobParameters parameters;
        private final Map<String, InputSpec> files;
        private final @Nullable Statistics statistics;
        private final @Nullable LinkTable links;
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        private boolean unread;
        private boolean unheard;

        Run(JobParameters parameters, Map<String, InputSpec> files) {
            this.parameters = parameters;
            this.files = files;
            this.statistics = parameters.config().get(InspectOptions.STATS) ? new Statistics() : null;
            this.links = parameters.config().get(InspectOptions.LINKS) ? LinkTable.usual() : null;
        }

        int run() {
            DecoderOptions options = parameters.decoding();
            InputDecoder decoder = new InputDecoder(parameters.inputs(), files, options);
            int maxLineBytes = Math.max(JobGraph.MAX_LINE_BYTES, options.maxRecordBytes());
            for (Map.Entry<String, InputSpec> file : files.entrySet()) {
                if (!read(file.getKey(), file.getValue(), decoder, maxLineBytes)) {
                    return 0; // whoever read our output has seen enough
                }
            }
            if (statistics != null) {
                terminal.out().print(StatisticsText.of(statistics, parameters.detections()));
            }
            if (links != null) {
                if (statistics == null) {
                    LinkLines.json(links, terminal.out());
                } else {
                    terminal.out().print(LinkLines.text(links));
                }
            }
            terminal.out().flush();
            return unread ? 1 : 0;
        }

        /** Reads a file as far as it can be read; whether anybody still wants the output. */
        private boolean read(String location, InputSpec spec, DocumentDecoder decoder, int maxLineBytes) {
            if (statistics != null) {
                statistics.startFile();
            }
            try (FileRecords records = FileRecords.open(location, maxLineBytes, standardInput)) {
                for (Block block = records.next(); block != null; block = records.next()) {
                    records.decode(block, decoder, (record, position) -> take(record, spec, location, position));
                    handOn();
                    if (unheard) {
                        return false;
                    }
                }
            } catch (IOException e) {
                unread = true;
                terminal.out().flush();
                terminal.err().println("tocsin: " + Redaction.of(String.valueOf(e.getMessage())));
            }
            return true;
        }

        private void take(Decoded record, InputSpec spec, String location, long position) {
            SecurityEvent event = record.event();
            String leftOut = event == null ? null : leftOut(event);
            if (event != null && leftOut == null && links != null) {
                for (Link link : Links.of(event)) {
                    links.learn(link);
                }
            }
            if (statistics == null) {
                Decoded shown = leftOut == null
                        ? record
                        : Decoded.skipped(leftOut, record.document(), record.offset(), record.length());
                RecordJson.append(shown, location, position, lines);
                if (lines.size() >= HANDED_ON_BYTES) {
                    handOn(); // one document may hold very many records
                }
            } else if (event == null) {
                String format = spec.format().equals(DecoderOptions.AUTO) ? null : spec.format();
                statistics.other(record, format, spec.cluster(), location, position);
            } else if (leftOut == null) {
                statistics.event(event);
            } else {
                statistics.leftOut(event, leftOut);
            }
        }

        private @Nullable String leftOut(SecurityEvent event) {
            if (parameters.from() != null && event.time().isBefore(parameters.from())) {
                return Intake.BEFORE_FROM;
            }
            return parameters.to() != null && !event.time().isBefore(parameters.to()) ? Intake.AFTER_TO : null;
        }

        /** Writes what has come together, and notices when nobody takes it. */
        private void handOn() {
            if (!unheard) {
                terminal.out().write(lines.toByteArray(), 0, lines.size());
                unheard = terminal.out().checkError();
            }
            lines.reset();
        }
    }
}
