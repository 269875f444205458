package io.tocsin.job;

import io.tocsin.detection.DetectionCatalog;
import io.tocsin.job.generate.GenerateCommand;
import io.tocsin.job.redaction.Redaction;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The main class, of the launcher and of the jar that a cluster runs. Without a verb it is {@code detect}, so that {@code flink run
 * tocsin-job.jar} takes the arguments of {@code detect}.
 */
public final class TocsinJob {
    private static final String USAGE =
            """
            Usage: tocsin detect [FILE...] [--inputs SPEC,...] [--alerts LOCATION,...] [--dead-letters LOCATION]
                          [--late LOCATION] [--summary FILE] [--follow] [--config FILE] [--KEY VALUE ...]
                   tocsin inspect [FILE...] [--stats] [--links]   what is read of logs, record by record or in figures
                   tocsin bench FILE...   how fast logs are read here
                   tocsin demo            a generated day in all logs with some attacks, and what is found
                   tocsin generate        traffic to try things on: --events N --seed S --sources all|FORMAT,... --attacks all|none|ID,... --out FILE|FOLDER/
                   tocsin rules           lint, test and list Sigma rules, and the fields they may ask: tocsin rules --help
                   tocsin detections      what is looked for
                   tocsin parameters      what can be set, as Markdown

            SPEC      [FORMAT][@CLUSTER]=LOCATION; FORMAT: auto (each record tells), kubernetes-audit,
                      eks-authenticator, cloudtrail, kubernetes-event, container-log, journald, syslog, auditd,
                      access-log, hubble, tetragon, falco
            LOCATION  a file (.gz too), a folder or a glob, - or kafka:TOPIC

            Alerts go to standard output as JSON lines (--format table for people), everything else to standard error.
            Exit: 0 done, 1 the run failed, 2 wrong arguments, 3 --fail-on SEVERITY was reached.
            """;

    private TocsinJob() {}

    /** Runs a verb. On a cluster a failure is thrown, for Flink to report; else the process ends with a code. */
    public static void main(String[] arguments) throws Exception {
        boolean launched = Boolean.getBoolean("tocsin.launched");
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        DetectCommand.Terminal terminal = new DetectCommand.Terminal(out, err, Boolean.getBoolean("tocsin.terminal"));
        if (!launched) {
            run(List.of(arguments), terminal);
            return;
        }
        int code = runAndExplain(List.of(arguments), terminal);
        out.flush();
        // Flink's and Kafka's threads need not be waited for.
        System.exit(code);
    }

    /** Runs a verb and tells in one message what went wrong. */
    static int runAndExplain(List<String> arguments, DetectCommand.Terminal terminal) {
        try {
            return run(arguments, terminal);
        } catch (ArgumentException e) {
            e.problems().forEach(problem -> terminal.err().println("tocsin: " + Redaction.of(problem)));
            terminal.err().println("tocsin --help tells how it is used");
            return 2;
        } catch (ExecutionException e) {
            terminal.err().println("tocsin: the run failed: " + Redaction.of(rootMessage(e)));
            return 1;
        } catch (Exception e) {
            terminal.err().println("tocsin: " + Redaction.of(rootMessage(e)));
            return 1;
        }
    }

    /** What went wrong first, in the words of whoever said most about it: a cause's message may be told again with its place. */
    private static String rootMessage(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        int told = causes.size() - 1;
        while (told > 0 && tellsMore(causes.get(told - 1), causes.get(told))) {
            told--;
        }
        Throwable root = causes.get(told);
        boolean speaks =
                root.getMessage() != null && (root instanceof IllegalArgumentException || told < causes.size() - 1);
        return speaks ? String.valueOf(root.getMessage()) : root.toString();
    }

    private static boolean tellsMore(Throwable failure, Throwable cause) {
        String message = failure.getMessage();
        String told = cause.getMessage();
        return message != null && told != null && message.endsWith(": " + told) && !message.endsWith(cause.toString());
    }

    private static int run(List<String> arguments, DetectCommand.Terminal terminal) throws Exception {
        DetectionCatalog catalog = DetectionCatalog.load();
        String verb = arguments.isEmpty() ? "--help" : arguments.get(0);
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        DetectCommand detect = new DetectCommand(catalog, terminal);
        switch (verb) {
            case "--help", "-h", "help" -> terminal.out().print(USAGE);
            case "--version", "version" -> terminal.out().println("tocsin " + Version.NUMBER);
            case "detections" -> terminal.out().print(new ParameterReference(catalog).list());
            case "parameters" -> terminal.out().print(new ParameterReference(catalog).parameters());
            case "demo" -> {
                return new DemoCommand(detect, terminal).run(rest);
            }
            case "generate" -> generate(rest, terminal);
            case "inspect" -> {
                return new InspectCommand(catalog, terminal, () -> System.in).run(rest);
            }
            case "rules" -> {
                return new RulesCommand(catalog, terminal).run(rest);
            }
            case "bench" -> {
                return new BenchCommand(catalog, terminal).run(rest);
            }
            case "detect" -> {
                if (rest.contains("--help")) {
                    terminal.out().print(USAGE);
                    return 0;
                }
                return detect.run(rest);
            }
            default -> {
                return detect.run(arguments);
            }
        }
        terminal.out().flush();
        return 0;
    }

    private static void generate(List<String> arguments, DetectCommand.Terminal terminal) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String key = arguments.get(i);
            if (key.equals("--help")) {
                terminal.out().print(GenerateCommand.USAGE);
                return;
            }
            if (!key.startsWith("--") || i + 1 == arguments.size()) {
                throw new ArgumentException(List.of("generate takes --KEY VALUE: " + key));
            }
            options.put(key.substring(2), arguments.get(++i));
        }
        try {
            GenerateCommand.run(options, new FileOutputStream(FileDescriptor.out), terminal.err());
        } catch (IllegalArgumentException e) {
            throw new ArgumentException(List.of(String.valueOf(e.getMessage())));
        }
    }
}
