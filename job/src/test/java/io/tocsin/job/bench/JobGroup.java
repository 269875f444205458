package io.tocsin.job.bench;

import io.tocsin.job.JobRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** The whole job beside its source and decoders alone: what everything behind decoding costs. */
final class JobGroup implements Group {
    private final String id;
    private final String name;
    private final DecodeGroup.Choice input;
    private @Nullable JobSubject whole;

    JobGroup(String id, String name, DecodeGroup.Choice input) {
        this.id = id;
        this.name = name;
        this.input = input;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return name + " in files, whole catalogue and pack, state on the heap, checkpoints every 10 s";
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        Path path = input.of(setting.inputs());
        Configuration cluster = JobSubject.heap(setting);
        whole = JobSubject.whole(setting, path, cluster, JobSubject.Job.WHOLE);
        return List.of(
                Row.reference(
                        "streaming",
                        "Jackson streaming in memory, one thread",
                        LogsInMemory.of(setting, path).streaming()),
                Row.of(
                        "discard",
                        "job that decodes and discards",
                        JobSubject.discarding(setting, path, cluster),
                        Ratio.perCore("discard", "streaming", "Jackson streaming")),
                Row.of(
                        "whole",
                        "whole job",
                        whole,
                        Ratio.perCore("whole", "discard", "decode and discard"),
                        Ratio.perSecond("whole", "discard", "decode and discard, by the clock")),
                Row.derived(
                        "behind",
                        "everything behind decoding",
                        new Ratio(
                                "(CPU of whole job - of decode and discard) / of Jackson streaming",
                                JobGroup::behind,
                                Bar.atMost(0.25))),
                Row.derived(
                        "signals",
                        "signals of events, %",
                        Ratio.figure("whole", JobSubject.SIGNALS)
                                .with(Bar.atMost(3).aiming("aim 1.5"))));
    }

    private static double behind(Round round) {
        return (round.of("whole").cpuMicros() - round.of("discard").cpuMicros())
                / round.of("streaming").cpuMicros();
    }

    @Override
    public List<String> notes() {
        JobRun run = whole == null ? null : whole.last();
        if (run == null) {
            return List.of();
        }
        List<String> notes = new ArrayList<>();
        long events = run.measure().events();
        notes.add("%,d signals of %,d events. By detection and stage:".formatted(JobSubject.signals(run), events));
        notes.add("");
        notes.add("| signals | %, of events | detection and stage |");
        notes.add("|--:|--:|---|");
        run.signals().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(stage -> notes.add("| %,d | %.3f | %s |"
                        .formatted(stage.getValue(), 100.0 * stage.getValue() / Math.max(1, events), stage.getKey())));
        return notes;
    }
}
