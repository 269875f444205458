package io.tocsin.job;

import io.tocsin.detection.Counts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole job that goes on until it is stopped, in this process, on the environment that the launcher makes. */
public final class RunningJob implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    private final JobClient client;
    /** Its cluster goes away with it, and then only this tells. */
    private final CompletableFuture<JobExecutionResult> result;

    private RunningJob(JobClient client) {
        this.client = client;
        this.result = client.getJobExecutionResult();
    }

    /**
     * Starts it.
     *
     * @param parameters with {@code --follow}
     * @param cluster what wins over the launcher's configuration
     * @param savepoint where it goes on; null: it starts anew
     */
    public static RunningJob start(JobParameters parameters, Configuration cluster, @Nullable String savepoint)
            throws Exception {
        Configuration configuration = new Configuration(cluster);
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment = DetectCommand.environment(parameters, configuration);
        JobGraph.build(parameters, environment, null, Version.NUMBER);
        return new RunningJob(environment.executeAsync("Tocsin, followed"));
    }

    /**
     * Waits until it has read so many records since it was started; it tells once a second.
     *
     * @throws IllegalStateException if it has ended, or reads no more for so long
     */
    public void awaitRecords(long records, Duration patience) throws ExecutionException, InterruptedException {
        long before = -1;
        long since = System.nanoTime();
        for (long read = records(); read < records; read = records()) {
            if (result.isDone()) {
                result.get();
                throw new IllegalStateException("job has ended after " + read + " of " + records + " records");
            }
            if (read > before) {
                before = read;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patience.toNanos()) {
                throw new IllegalStateException("job has read " + read + " of " + records + " records, and no more");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private long records() throws InterruptedException {
        try {
            Object read = client.getAccumulators().get().get(Counts.PREFIX + RunSummary.RECORDS);
            return read instanceof Long number ? number : 0;
        } catch (ExecutionException e) {
            return 0; // not yet deployed
        }
    }

    /** Writes a savepoint in the state backend's own format, as checkpoints are, and goes on; gives its path. */
    public String savepoint(Path folder) throws ExecutionException, InterruptedException {
        return client.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.NATIVE)
                .get();
    }

    @Override
    public void close() {
        if (!result.isDone()) {
            client.cancel().join();
        }
        try {
            result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.debug("ended as it was told to", e);
        }
    }
}
