package io.tocsin.job.bench;

import io.tocsin.job.JobParameters;
import io.tocsin.job.JobRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend.PriorityQueueStateType;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.jspecify.annotations.Nullable;

/**
 * The product's own graph over files, in this process: from the first record to the last. A round runs it twice, first on the first
 * lines of each file, and what that took is taken away: starting Flink, deploying the graph and ending it.
 */
public final class JobSubject implements Subject {
    /** Signals of events, in per cent. */
    public static final String SIGNALS = "signals %";

    private static final String CHECKPOINT_EVERY = "10 s";

    private final boolean detects;
    private final JobParameters parameters;
    private final @Nullable JobParameters start;
    private final Configuration cluster;
    private @Nullable JobRun last;

    private JobSubject(
            boolean detects, JobParameters parameters, @Nullable JobParameters start, Configuration cluster) {
        this.detects = detects;
        this.parameters = parameters;
        this.start = start;
        this.cluster = cluster;
    }

    /** How a subject's parameters differ from the usual ones. */
    public record Job(List<String> arguments, UnaryOperator<JobParameters> change) {
        /** The whole catalogue and pack. */
        public static final Job WHOLE = with();

        public static Job with(String... arguments) {
            return new Job(List.of(arguments), UnaryOperator.identity());
        }
    }

    /** The whole job over a file or the files of a folder. */
    public static JobSubject whole(Setting setting, Path input, Configuration cluster, Job job) throws IOException {
        return of(true, setting, input, cluster, job);
    }

    /** Its source and decoders alone. */
    public static JobSubject discarding(Setting setting, Path input, Configuration cluster) throws IOException {
        return of(false, setting, input, cluster, Job.WHOLE);
    }

    private static JobSubject of(boolean detects, Setting setting, Path input, Configuration cluster, Job job)
            throws IOException {
        JobParameters start =
                setting.quick() ? null : parameters(setting, setting.inputs().startOf(input), job);
        boolean one = setting.quick() && !cluster.contains(CoreOptions.DEFAULT_PARALLELISM);
        return new JobSubject(detects, parameters(setting, input, job), start, one ? at(1, cluster) : cluster);
    }

    /** The parameters of a job over a file or the files of a folder. */
    static JobParameters parameters(Setting setting, Path input, Job job) {
        List<String> arguments = new ArrayList<>(List.of(
                "--inputs",
                "auto@demo=" + input,
                "--identities.cd",
                "cd-deployer",
                "--alerts",
                setting.folder().resolve("alerts.out").toString()));
        arguments.addAll(job.arguments());
        return job.change().apply(JobRun.parameters(arguments));
    }

    /** State on the heap, a checkpoint every 10 s; as many tasks as there are processors. */
    public static Configuration heap(Setting setting) {
        Configuration cluster = new Configuration();
        cluster.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        cluster.setString(CheckpointingOptions.CHECKPOINTING_INTERVAL.key(), CHECKPOINT_EVERY);
        cluster.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                setting.folder().resolve("checkpoints").toAbsolutePath().toUri().toString());
        return cluster;
    }

    /** State in RocksDB with 512 MiB, timers on the heap, incremental checkpoints every 10 s. */
    public static Configuration rocksDb(Setting setting) {
        Configuration cluster = heap(setting);
        cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(RocksDBOptions.TIMER_SERVICE_FACTORY, PriorityQueueStateType.HEAP);
        cluster.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        return cluster;
    }

    /** The same configuration with another parallelism. */
    public static Configuration at(int parallelism, Configuration cluster) {
        Configuration at = new Configuration(cluster);
        at.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        return at;
    }

    @Override
    public Measure round() throws Exception {
        Measure begun = start == null ? null : run(start).measure();
        System.gc();
        JobRun run = run(parameters);
        last = run;
        Measure measure = begun == null ? run.measure() : run.measure().without(begun);
        return detects
                ? measure.with(
                        SIGNALS,
                        100.0 * signals(run) / Math.max(1, run.measure().events()))
                : measure;
    }

    private JobRun run(JobParameters of) throws Exception {
        return detects ? JobRun.whole(of, cluster) : JobRun.discarding(of, cluster);
    }

    static long signals(JobRun run) {
        return run.signals().values().stream().mapToLong(Long::longValue).sum();
    }

    /** What it did in the last round; null before the first. */
    public @Nullable JobRun last() {
        return last;
    }

    /** The last round's signals by detection. */
    static Map<String, Long> byDetection(JobRun run) {
        Map<String, Long> sums = new TreeMap<>();
        run.signals().forEach((stage, count) -> sums.merge(stage.substring(0, stage.indexOf('/')), count, Long::sum));
        return sums;
    }
}
