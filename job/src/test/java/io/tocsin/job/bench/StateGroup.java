package io.tocsin.job.bench;

import io.tocsin.job.JobParameters;
import io.tocsin.job.RunningJob;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.FileUtils;

/**
 * What is remembered of identities that were let in from three addresses each, everything enabled. Bytes are those of
 * as many identities without those of half of them, so that what a job takes anyway, its bounded caches among it, is not counted.
 */
final class StateGroup implements Group {
    private static final String SIZE = "bench.identities";
    private static final int DEFAULT_SIZE = 150_000;
    private static final int QUICK_SIZE = 200;
    /** RocksDB is given so many times fewer: it takes that much longer to learn them. */
    private static final int FEWER_IN_ROCKSDB = 10;

    private static final int ADDRESSES = 3;
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration SPREAD = Duration.ofHours(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String HEAP = "heap after GC, bytes an identity";
    private static final String CHECKPOINT = "checkpoint, bytes an identity";
    private static final String CHECKPOINT_SECONDS = "checkpoint, seconds";
    private static final String RESTORE_SECONDS = "restore, start of the job included, seconds";

    @Override
    public String id() {
        return "state";
    }

    @Override
    public String title() {
        return "state of identities, each let in from %d addresses, parallelism 1".formatted(ADDRESSES);
    }

    @Override
    public int warmUps() {
        return 0;
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        int size = setting.quick() ? QUICK_SIZE : Integer.getInteger(SIZE, DEFAULT_SIZE);
        Bar bar = Bar.atMost(1_000).aiming("aim 500");
        int inRocksDb = size / FEWER_IN_ROCKSDB;
        Subject heap = subject(setting, JobSubject.at(1, JobSubject.heap(setting)), size);
        Subject rocks = subject(setting, JobSubject.at(1, JobSubject.rocksDb(setting)), inRocksDb);
        Row onHeap = Row.of(
                "heap",
                "%,d identities, state on the heap".formatted(size),
                heap,
                Ratio.figure("heap", HEAP).with(bar),
                Ratio.figure("heap", CHECKPOINT).with(bar),
                Ratio.figure("heap", CHECKPOINT_SECONDS),
                Ratio.figure("heap", RESTORE_SECONDS));
        Row inRocks = Row.of(
                "rocksdb",
                "%,d identities, state in RocksDB".formatted(inRocksDb),
                rocks,
                Ratio.figure("rocksdb", CHECKPOINT).with(bar),
                Ratio.figure("rocksdb", CHECKPOINT_SECONDS),
                Ratio.figure("rocksdb", RESTORE_SECONDS));
        return setting.quick() ? List.of(onHeap) : List.of(onHeap, inRocks);
    }

    private static Subject subject(Setting setting, Configuration cluster, int identities) throws IOException {
        int half = identities / 2;
        Path few = log(setting, half);
        Path many = log(setting, identities);
        return () -> {
            Held fewer = hold(setting, cluster, few, half);
            Held all = hold(setting, cluster, many, identities);
            double more = identities - half;
            return new Measure(
                    0,
                    0,
                    0,
                    Map.of(
                            HEAP,
                            (all.heapBytes - fewer.heapBytes) / more,
                            CHECKPOINT,
                            (all.checkpointBytes - fewer.checkpointBytes) / more,
                            CHECKPOINT_SECONDS,
                            all.checkpointNanos / 1e9,
                            RESTORE_SECONDS,
                            all.restoreNanos / 1e9));
        };
    }

    private record Held(long heapBytes, long checkpointBytes, long checkpointNanos, long restoreNanos) {}

    /** Lets a job learn of them, weighs what it holds, writes that down and starts another with it. */
    private static Held hold(Setting setting, Configuration cluster, Path log, int identities) throws Exception {
        Path folder = Files.createTempDirectory(setting.folder(), "state");
        try {
            Path input = folder.resolve("followed.log");
            Files.copy(log, input);
            JobParameters parameters =
                    JobSubject.parameters(setting, input, JobSubject.Job.with("--follow", "--idle-after", "1 h"));
            long heap;
            String written;
            long writing;
            try (RunningJob job = RunningJob.start(parameters, cluster, null)) {
                job.awaitRecords((long) identities * ADDRESSES + 1, PATIENCE);
                heap = heapAfterCollection();
                long start = System.nanoTime();
                written = job.savepoint(folder);
                writing = System.nanoTime() - start;
            }
            Files.writeString(input, closing(Duration.ofHours(2)) + "\n", StandardOpenOption.APPEND);
            long start = System.nanoTime();
            try (RunningJob job = RunningJob.start(parameters, cluster, written)) {
                job.awaitRecords(1, PATIENCE);
                long restoring = System.nanoTime() - start;
                return new Held(heap, CheckpointSizes.size(folder) - Files.size(input), writing, restoring);
            }
        } finally {
            FileUtils.deleteDirectoryQuietly(folder.toFile());
        }
    }

    private static long heapAfterCollection() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(500); // what has been put behind the last record is decided in the meantime
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static Path log(Setting setting, int identities) throws IOException {
        return setting.inputs()
                .made("identities-" + identities, folder -> {
                    try (BufferedWriter out =
                            Files.newBufferedWriter(folder.resolve("audit.log"), StandardCharsets.UTF_8)) {
                        long requests = (long) identities * ADDRESSES;
                        for (long i = 0; i < requests; i++) {
                            out.write(request(i, identities, requests));
                            out.write('\n');
                        }
                        // An hour later all of it is decided.
                        out.write(closing(Duration.ofHours(1)));
                        out.write('\n');
                    }
                })
                .resolve("audit.log");
    }

    private static String request(long i, int identities, long requests) {
        long identity = i % identities;
        long address = identity * ADDRESSES + i / identities;
        return AuditLine.of(
                START.plusMillis(SPREAD.toMillis() * i / requests),
                "person-" + identity + "@example.com",
                "198." + (18 + (address >> 16) % 2) + "." + (address >> 8 & 255) + "." + (address & 255),
                "configmaps",
                "settings-" + identity % 1_000,
                200);
    }

    private static String closing(Duration later) {
        return AuditLine.of(
                START.plus(SPREAD).plus(later), "somebody@example.com", "198.51.100.1", "pods", "last", 200);
    }

    @Override
    public List<String> notes() {
        return List.of("Restored: from submission until the first new record is read, told once a second. Checkpoint: a"
                + " savepoint in the backend's own format, from trigger to end.");
    }
}
