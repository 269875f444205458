package io.tocsin.job;

import io.tocsin.detection.Counts;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;

/** A line on a terminal that says how far a long run is: records, rate, alerts. Nothing where nobody watches. */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 79;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final DetectCommand.Terminal terminal;
    private boolean shown;

    private Progress(DetectCommand.Terminal terminal) {
        this.terminal = terminal;
    }

    /** Shows how far the job is until it is closed. */
    static Progress of(JobClient client, DetectCommand.Terminal terminal, Duration every) {
        Progress progress = new Progress(terminal);
        if (terminal.interactive()) {
            Thread thread = new Thread(() -> progress.run(client, every), "progress");
            thread.setDaemon(true);
            thread.start();
        }
        return progress;
    }

    private void run(JobClient client, Duration every) {
        long started = System.nanoTime();
        try {
            while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                show(client.getAccumulators().get(5, TimeUnit.SECONDS), System.nanoTime() - started);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The job has ended or is busy; the figures at its end don't depend on these.
            ended.countDown();
        }
    }

    private synchronized void show(Map<String, Object> accumulators, long nanos) {
        long records = count(accumulators, RunSummary.RECORDS);
        if (records == 0 || ended.getCount() == 0) {
            return;
        }
        long alerts = accumulators.keySet().stream()
                .filter(name -> name.startsWith(Counts.PREFIX + Counts.ALERTS))
                .mapToLong(name -> count(accumulators, name.substring(Counts.PREFIX.length())))
                .sum();
        double seconds = nanos / 1e9;
        line("%,d records, %,.0f a second, %,d alerts".formatted(records, records / seconds, alerts));
        shown = true;
    }

    private static long count(Map<String, Object> accumulators, String name) {
        return accumulators.get(Counts.PREFIX + name) instanceof Long value ? value : 0;
    }

    private void line(String text) {
        terminal.err().print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())) + "\r");
        terminal.err().flush();
    }

    @Override
    public void close() {
        end();
    }

    /** Takes the line away. */
    synchronized void end() {
        ended.countDown();
        if (shown) {
            line("");
            shown = false;
        }
    }
}
