package io.tocsin.job.bench;

import io.tocsin.job.JobRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes jobs of a given share of signals: the detections with the most signals are switched off until there are no more, and strangers
 * who are refused are added until there are as many. How many signals a detection and a refusal give is measured.
 */
final class SignalShares {
    /** Refusals that are added to see what they give, of the events. */
    private static final double PROBE = 0.01;

    private final Setting setting;
    private final Path input;
    private final JobRun usual;
    private final JobRun probed;
    private final long probes;

    /**
     * A job over an input.
     *
     * @param input a folder with the usual files, and one of refusals
     * @param job what differs from the usual
     */
    record Shared(Path input, JobSubject.Job job) {}

    private SignalShares(Setting setting, Path input, JobRun usual, JobRun probed, long probes) {
        this.setting = setting;
        this.input = input;
        this.usual = usual;
        this.probed = probed;
        this.probes = probes;
    }

    /** Runs the whole job twice, to learn. */
    static SignalShares measured(Setting setting, Path input) throws Exception {
        JobRun usual =
                JobRun.whole(JobSubject.parameters(setting, input, JobSubject.Job.WHOLE), JobSubject.heap(setting));
        long probes = Math.max(1, (long) (usual.measure().events() * PROBE));
        JobRun probed = JobRun.whole(
                JobSubject.parameters(setting, withRefusals(setting, input, probes), JobSubject.Job.WHOLE),
                JobSubject.heap(setting));
        return new SignalShares(setting, input, usual, probed, probes);
    }

    /** A job with about this share of signals. */
    Shared of(double share) throws IOException {
        Map<String, Long> signals = JobSubject.byDetection(usual);
        Map<String, Long> withProbes = JobSubject.byDetection(probed);
        List<String> busiest = new ArrayList<>(signals.keySet());
        busiest.sort(Comparator.comparing((String id) -> signals.get(id)).reversed());
        Set<String> off = new LinkedHashSet<>();
        long left = JobSubject.signals(usual);
        double wanted = share * usual.measure().events();
        for (String id : busiest) {
            if (left > wanted) {
                off.add(id);
                left -= signals.get(id);
            }
        }
        double each = 0;
        for (Map.Entry<String, Long> detection : withProbes.entrySet()) {
            if (!off.contains(detection.getKey())) {
                each += (double) (detection.getValue() - signals.getOrDefault(detection.getKey(), 0L)) / probes;
            }
        }
        // Each refusal is an event, too.
        long refusals = each > share ? (long) ((wanted - left) / (each - share)) : 0;
        Path folder = withRefusals(setting, input, Math.max(0, refusals));
        return new Shared(
                folder,
                off.isEmpty()
                        ? JobSubject.Job.WHOLE
                        : JobSubject.Job.with("--detections.disabled", String.join(",", off)));
    }

    private static Path withRefusals(Setting setting, Path input, long refusals) throws IOException {
        BenchInputs inputs = setting.inputs();
        return inputs.made("refusals-%d-of-%d".formatted(refusals, setting.events()), folder -> {
            for (Path file : BenchInputs.files(input)) {
                Files.createLink(folder.resolve(file.getFileName()), file);
            }
            DenialLines.write(folder.resolve("refusals.log"), refusals, inputs.start(), inputs.span());
        });
    }
}
