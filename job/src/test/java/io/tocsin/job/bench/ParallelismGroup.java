package io.tocsin.job.bench;

import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** The whole job on one task slot, and on two. */
final class ParallelismGroup implements Group {
    @Override
    public String id() {
        return "parallelism";
    }

    @Override
    public String title() {
        return "the whole job at parallelism 1 and 2; the source, which merges files, has a thread of its own at both";
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        Path path = setting.inputs().all();
        Configuration cluster = JobSubject.heap(setting);
        return List.of(
                Row.reference(
                        "one",
                        "parallelism 1",
                        JobSubject.whole(setting, path, JobSubject.at(1, cluster), JobSubject.Job.WHOLE)),
                Row.of(
                        "two",
                        "parallelism 2",
                        JobSubject.whole(setting, path, JobSubject.at(2, cluster), JobSubject.Job.WHOLE),
                        Ratio.perSecond("two", "one", "parallelism 1, by the clock")
                                .with(Bar.atLeast(1.8).aiming("where the cores allow it")),
                        Ratio.perCore("two", "one", "parallelism 1")
                                .with(Bar.atLeast(0.9).aiming("within 10 %"))));
    }
}
