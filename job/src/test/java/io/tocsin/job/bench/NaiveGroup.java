package io.tocsin.job.bench;

import io.tocsin.job.JobParameters;
import io.tocsin.job.JobRun;
import io.tocsin.job.bench.naive.NaiveSequences;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** The whole job beside the same sequences in Flink CEP alone, which sees every event. */
final class NaiveGroup implements Group {
    /** So many times more is the whole job given: it is not what limits the input. */
    private static final int SMALLER = 8;

    private int followed;

    @Override
    public String id() {
        return "naive";
    }

    @Override
    public String title() {
        return "events of all logs in files: the whole job beside its sequences as Flink CEP over the whole stream";
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        Configuration cluster = JobSubject.at(1, JobSubject.heap(setting));
        Setting small = new Setting(
                setting.folder(),
                setting.events() / SMALLER,
                setting.rounds(),
                setting.round(),
                setting.quick(),
                setting.bodies());
        return List.of(
                Row.reference("naive", "sequences in Flink CEP over every event", naive(small, cluster)),
                Row.of(
                        "whole",
                        "whole job, everything it has",
                        JobSubject.whole(setting, setting.inputs().all(), cluster, JobSubject.Job.WHOLE),
                        Ratio.perCore("whole", "naive", "Flink CEP over every event")
                                .with(Bar.atLeast(20))));
    }

    private Subject naive(Setting setting, Configuration cluster) throws Exception {
        Path all = setting.inputs().all();
        JobParameters parameters = JobSubject.parameters(setting, all, JobSubject.Job.WHOLE);
        JobParameters start = JobSubject.parameters(setting, setting.inputs().startOf(all), JobSubject.Job.WHOLE);
        followed = NaiveSequences.sequences(parameters.detections(), parameters.identities())
                .size();
        return () -> {
            Measure begun = setting.quick() ? null : naive(start, cluster);
            Measure measure = naive(parameters, cluster);
            return begun == null ? measure : measure.without(begun);
        };
    }

    private static Measure naive(JobParameters parameters, Configuration cluster) throws Exception {
        return JobRun.decoding(
                        parameters,
                        cluster,
                        decoded -> NaiveSequences.follow(decoded, parameters.detections(), parameters.identities()))
                .measure();
    }

    @Override
    public List<String> notes() {
        return List.of(
                "%d of %d sequences, without rates of their own, rules, newness and absence; of the input one %dth part: its cost an event grows with more."
                        .formatted(followed, JobRun.sequences().size(), SMALLER));
    }
}
