package io.tocsin.job;

import io.tocsin.job.generate.PlantedAttack;
import io.tocsin.job.generate.SourceFiles;
import io.tocsin.job.generate.TrafficGenerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** {@code demo}: a generated day of a small EKS cluster with some attacks in it, and what Tocsin finds. */
final class DemoCommand {
    private final DetectCommand detect;
    private final DetectCommand.Terminal terminal;

    DemoCommand(DetectCommand detect, DetectCommand.Terminal terminal) {
        this.detect = detect;
        this.terminal = terminal;
    }

    /** Generates, detects, and says what to look at. */
    int run(List<String> arguments) throws Exception {
        if (!arguments.isEmpty()) {
            throw new ArgumentException(List.of("demo takes no arguments: " + String.join(" ", arguments)));
        }
        Path folder = Files.createTempDirectory("tocsin-demo-");
        Path traffic = folder.resolve("traffic");
        Path alerts = folder.resolve("alerts.jsonl");
        terminal.err().println("A day of a small EKS cluster in all its logs, with these attacks hidden in them:");
        TrafficGenerator.Written written;
        try (SourceFiles files = new SourceFiles(traffic)) {
            written = new TrafficGenerator(TrafficGenerator.Options.defaults()).write(files);
        }
        for (PlantedAttack planted : written.attacks()) {
            terminal.err()
                    .printf(
                            "  %tR %-18s %s%n",
                            planted.start().atOffset(ZoneOffset.UTC),
                            planted.attack().id(),
                            planted.attack().story());
        }
        terminal.err()
                .printf(
                        Locale.ROOT,
                        "%,d records of %d sources in %s; reading them ...%n",
                        written.lines(),
                        written.sources().size(),
                        traffic);
        int code = detect.run(List.of(
                "--inputs",
                "auto@demo=" + traffic,
                "--identities.cd",
                TrafficGenerator.DEPLOYER,
                "--alerts",
                "-," + alerts,
                // What the low and informational ones say of a benign day is worth a look later.
                "--min-severity",
                "medium",
                "--format",
                "table"));
        terminal.err().println();
        terminal.err().println("The alerts as JSON lines (OCSF Detection Findings): " + alerts);
        terminal.err().println("Try next:");
        terminal.err()
                .println("  job/bin/tocsin detect --format table " + traffic
                        + "   the low and informational alerts too");
        terminal.err()
                .println("  job/bin/tocsin detect --detections.delete-burst.min-weight 100 " + traffic
                        + "   another threshold");
        terminal.err()
                .println("  job/bin/tocsin detect --format table YOUR-AUDIT.log                     your own logs");
        terminal.err()
                .println(
                        "  job/bin/tocsin detections                                               what is looked for");
        terminal.err()
                .println("  job/bin/tocsin parameters                                               what can be set");
        return code;
    }
}
