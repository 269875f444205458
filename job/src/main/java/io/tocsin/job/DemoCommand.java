package io.tocsin.job;

import io.tocsin.job.generate.TrafficGenerator;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code demo}: a generated day of a small EKS cluster with three attacks in it, and what Tocsin finds. */
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
        Path traffic = folder.resolve("traffic.jsonl");
        Path alerts = folder.resolve("alerts.jsonl");
        terminal.err()
                .println(
                        "A day of a small EKS cluster: audit and authenticator logs, with three attacks hidden in them.");
        TrafficGenerator.Written written;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(traffic), 1 << 20)) {
            written = new TrafficGenerator(TrafficGenerator.Options.defaults()).write(out);
        }
        terminal.err().printf("%,d records in %s; reading them ...%n", written.lines(), traffic);
        int code =
                detect.run(List.of("--inputs", "auto@demo=" + traffic, "--alerts", "-," + alerts, "--format", "table"));
        terminal.err().println();
        terminal.err().println("The alerts as JSON lines (OCSF Detection Findings): " + alerts);
        terminal.err().println("Try next:");
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
