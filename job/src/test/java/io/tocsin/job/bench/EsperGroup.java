package io.tocsin.job.bench;

import io.tocsin.job.bench.esper.EsperSubject;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** The whole job beside an engine that keeps everything in memory and forgets it when it stops, and that is handed Jackson's trees. */
final class EsperGroup implements Group {
    private @Nullable EsperSubject esper;

    @Override
    public String id() {
        return "esper";
    }

    @Override
    public String title() {
        return "audit log in a file, from bytes to alerts: the whole job beside Jackson's tree and Esper";
    }

    @Override
    public int warmUps() {
        return 2;
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        Path audit = setting.inputs().audit();
        Configuration cluster = JobSubject.heap(setting);
        List<EsperSubject> engines = EsperSubject.of(audit, 1, 2);
        esper = engines.get(0);
        return List.of(
                Row.reference("esper", "Jackson tree + Esper, 1 thread", esper),
                Row.of(
                        "whole",
                        "whole job, parallelism 1",
                        JobSubject.whole(setting, audit, JobSubject.at(1, cluster), JobSubject.Job.WHOLE),
                        Ratio.perCore("whole", "esper", "Jackson tree + Esper").with(Bar.atLeast(1.5)),
                        Ratio.perSecond("whole", "esper", "Jackson tree + Esper, by the clock")),
                Row.of(
                        "esper-2",
                        "Jackson tree + Esper, 2 threads",
                        engines.get(1),
                        Ratio.perSecond("esper-2", "esper", "1 thread, by the clock")),
                Row.of(
                        "whole-2",
                        "whole job, parallelism 2",
                        JobSubject.whole(setting, audit, JobSubject.at(2, cluster), JobSubject.Job.WHOLE),
                        Ratio.perCore("whole-2", "esper-2", "Jackson tree + Esper, 2 threads")
                                .with(Bar.atLeast(1.5)),
                        Ratio.perSecond("whole-2", "esper-2", "Jackson tree + Esper, 2 threads, by the clock")));
    }

    @Override
    public List<String> notes() {
        return List.of(
                "Esper is told what a user of it writes down for the same thresholds and windows: filters, patterns, tables. It has no"
                        + " baselines over days, no suppression, no evidence, no late records, no checkpoints: what is"
                        + " missing makes it faster. It keeps its state and its compiled code from round to round.",
                esper == null ? "" : esper.note());
    }
}
