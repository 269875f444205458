package io.tocsin.job.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the rows of a group in turn, round after round. */
final class Runner {
    private final Setting setting;
    private final Consumer<String> progress;

    /** @param progress is told what is going on */
    Runner(Setting setting, Consumer<String> progress) {
        this.setting = setting;
        this.progress = progress;
    }

    Section run(Group group) throws Exception {
        progress.accept(group.id() + ": " + group.title());
        List<Row> rows = group.rows(setting);
        List<Round> rounds = new ArrayList<>();
        try {
            int warmUps = setting.quick() ? 0 : group.warmUps();
            for (int i = -warmUps; i < setting.rounds(); i++) {
                Round round = round(rows, i < 0 ? "warm-up" : "round " + (i + 1));
                if (i >= 0) {
                    rounds.add(round);
                }
            }
        } finally {
            rows.forEach(row -> {
                if (row.subject() != null) {
                    row.subject().close();
                }
            });
        }
        return new Section(group.id(), group.title(), rows, rounds, group.notes());
    }

    private Round round(List<Row> rows, String which) throws Exception {
        Map<String, Measure> measures = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.subject() == null) {
                continue;
            }
            System.gc(); // what others left behind is not this row's to clear away
            Measure measure = row.subject().round();
            if (measures.put(row.id(), measure) != null) {
                throw new IllegalArgumentException("two rows are named " + row.id());
            }
            progress.accept("  %-8s %-28s %,14.0f/s %9.3f us %s"
                    .formatted(which, row.id(), measure.perSecond(), measure.cpuMicros(), measure.figures()));
        }
        return new Round(measures);
    }
}
