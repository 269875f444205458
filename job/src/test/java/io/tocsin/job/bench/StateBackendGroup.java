package io.tocsin.job.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The whole job with its state on the heap and in RocksDB, at several shares of signals. */
final class StateBackendGroup implements Group {
    private static final double BARRED = 0.005;
    private static final List<Double> SHARES = List.of(BARRED, 0.02, 0.1);

    @Override
    public String id() {
        return "rocksdb";
    }

    @Override
    public String title() {
        return "the whole job, checkpoints every 10 s; RocksDB with timers on the heap, 512 MiB, incremental checkpoints";
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        SignalShares shares = SignalShares.measured(setting, setting.inputs().all());
        List<Row> rows = new ArrayList<>();
        for (double share : setting.some(SHARES)) {
            String percent = String.format(Locale.ROOT, "%s %%", share * 100);
            SignalShares.Shared shared = shares.of(share);
            String heap = "heap-" + share;
            String rocks = "rocksdb-" + share;
            rows.add(Row.of(
                    heap,
                    "about " + percent + " signals, heap",
                    JobSubject.whole(setting, shared.input(), JobSubject.heap(setting), shared.job()),
                    Ratio.figure(heap, JobSubject.SIGNALS)));
            Ratio ratio = Ratio.perSecond(rocks, heap, "heap, by the clock");
            rows.add(Row.of(
                    rocks,
                    "about " + percent + " signals, RocksDB",
                    JobSubject.whole(setting, shared.input(), JobSubject.rocksDb(setting), shared.job()),
                    share == BARRED ? ratio.with(Bar.atLeast(0.6)) : ratio,
                    Ratio.perCore(rocks, heap, "heap")));
        }
        return rows;
    }
}
