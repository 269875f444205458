package io.tocsin.job.bench;

import io.tocsin.job.JobRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** One sequence, and more, with nothing else enabled, so that nothing hides what they cost. */
final class SequencesGroup implements Group {
    private static final List<Integer> COUNTS = List.of(1, 5, 10, 15);

    @Override
    public String id() {
        return "sequences";
    }

    @Override
    public String title() {
        return "the whole job with so many sequences enabled, and nothing else";
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        Path path = setting.inputs().all();
        Configuration cluster = JobSubject.heap(setting);
        List<Row> rows = new ArrayList<>();
        for (int count : setting.some(COUNTS)) {
            String id = "sequences-" + count;
            JobSubject subject = JobSubject.whole(setting, path, cluster, enabled(count));
            Ratio ratio = Ratio.perCore(id, "sequences-1", "1 sequence");
            rows.add(
                    count == 1
                            ? Row.reference(id, "1 sequence", subject)
                            : Row.of(
                                    id,
                                    count + " sequences",
                                    subject,
                                    count == 15 ? ratio.with(Bar.atLeast(0.85)) : ratio));
        }
        return rows;
    }

    /** The first so many of the catalogue's sequences. */
    static JobSubject.Job enabled(int count) {
        List<String> all = JobRun.sequences();
        return JobSubject.Job.with(
                "--detections.enabled", String.join(",", all.subList(0, Math.min(count, all.size()))));
    }
}
