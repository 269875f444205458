package io.tocsin.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.event.Source;
import io.tocsin.job.generate.Attack;
import io.tocsin.job.generate.TrafficGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of the whole job in this process, as the launcher starts it.
 *
 * @param code the exit code
 * @param out what verbs print; alerts on standard output are not among it
 * @param err what is told to people
 * @param lines the alert lines, sorted
 * @param summary the file of {@code --summary}; null if the run ended without one
 */
record TestingRun(int code, String out, String err, List<String> lines, @Nullable JsonNode summary) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs these arguments and nothing else. */
    static TestingRun of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                TocsinJob.runAndExplain(List.of(arguments), new DetectCommand.Terminal(print(out), print(err), false));
        return new TestingRun(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), List.of(), null);
    }

    /** Runs {@code detect} with alerts and summary in new files of the folder. */
    static TestingRun detect(Path folder, String... arguments) {
        return detectInto(null, folder, arguments);
    }

    /** The same with alerts in another place, where the caller looks for them. */
    static TestingRun detectInto(@Nullable String place, Path folder, String... arguments) {
        try {
            Path outputs = Files.createTempDirectory(folder, "run");
            Path alerts = outputs.resolve("alerts.jsonl");
            Path summary = outputs.resolve("summary.json");
            List<String> all =
                    new ArrayList<>(List.of("detect", "--alerts", place == null ? alerts.toString() : place));
            all.addAll(List.of("--summary", summary.toString()));
            all.addAll(Arrays.asList(arguments));
            TestingRun run = of(all.toArray(new String[0]));
            List<String> lines = Files.exists(alerts) ? Files.readAllLines(alerts) : List.of();
            return new TestingRun(
                    run.code(),
                    run.out(),
                    run.err(),
                    lines.stream().sorted().toList(),
                    Files.exists(summary) ? JSON.readTree(summary.toFile()) : null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrintStream print(OutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    List<JsonNode> alerts() {
        return lines.stream().map(TestingRun::json).toList();
    }

    /** Detection, cluster and user of each new alert, sorted. */
    List<String> found() {
        return lines.stream()
                .filter(line -> json(line).path("activity_id").asInt() == 1)
                .map(TestingRun::found)
                .sorted()
                .toList();
    }

    static String found(String line) {
        JsonNode alert = json(line);
        JsonNode evidences = alert.path("evidences");
        return "%s %s %s"
                .formatted(
                        detection(alert),
                        alert.at("/unmapped/cluster").asText(),
                        evidences
                                .path(evidences.size() - 1)
                                .at("/actor/user/name")
                                .asText());
    }

    static String detection(JsonNode alert) {
        return alert.at("/finding_info/analytic/uid").asText();
    }

    /** A figure of the summary. */
    long figure(String name) {
        if (summary == null) {
            throw new AssertionError("no summary: " + err);
        }
        return summary.path(name).asLong(-1);
    }

    /** The summary's counts of that name. */
    Map<String, Long> figures(String name) {
        Map<String, Long> figures = new TreeMap<>();
        if (summary != null) {
            JsonNode counts = summary.path(name);
            counts.fieldNames()
                    .forEachRemaining(
                            each -> figures.put(each, counts.path(each).asLong()));
        }
        return figures;
    }

    /** Those attacks that stand in the API's and its authenticator's logs, each for one detection. */
    static final Set<Attack> API_ATTACKS =
            Collections.unmodifiableSet(EnumSet.range(Attack.STOLEN_TOKEN, Attack.ANONYMOUS_ACCESS));

    /** The lines of a generated log of the API and its authenticator. */
    static List<String> traffic(long events, long seed, Set<Attack> attacks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            Set<Source> sources = EnumSet.of(Source.KUBERNETES_AUDIT, Source.EKS_AUTHENTICATOR);
            new TrafficGenerator(new TrafficGenerator.Options(
                            events, seed, TrafficGenerator.DEFAULT_START, attacks, sources))
                    .write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Writes lines, compressed if the name says so; gives the path. */
    static String write(Path folder, String name, List<String> lines) {
        return write(folder, name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static String write(Path folder, String name, byte[] bytes) {
        Path file = folder.resolve(name);
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toString();
    }
}
