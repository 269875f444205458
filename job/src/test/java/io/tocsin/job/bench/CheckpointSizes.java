package io.tocsin.job.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at the checkpoints of a running job, which go away when it ends. */
final class CheckpointSizes implements AutoCloseable {
    private static final long EVERY_MILLIS = 200;

    private final Path checkpoints;
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor();
    private volatile long largest;

    private CheckpointSizes(Path checkpoints) {
        this.checkpoints = checkpoints;
    }

    /** Begins to look. */
    static CheckpointSizes watch(Path checkpoints) {
        CheckpointSizes sizes = new CheckpointSizes(checkpoints);
        Future<?> unused = sizes.watcher.scheduleWithFixedDelay(sizes::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return sizes;
    }

    private void look() {
        try (Stream<Path> jobs = Files.list(checkpoints)) {
            for (Path job : jobs.toList()) {
                try (Stream<Path> all = Files.list(job)) {
                    for (Path one : all.toList()) {
                        if (one.getFileName().toString().startsWith("chk-")) {
                            largest = Math.max(largest, size(one));
                        }
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // Checkpoints come and go while they are looked at: the next look tells.
        }
    }

    /** Bytes of the largest one that was seen. */
    long largest() {
        return largest;
    }

    /** Bytes of all files below a folder. */
    static long size(Path folder) throws IOException {
        long sum = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                try {
                    sum += Files.isRegularFile(file) ? Files.size(file) : 0;
                } catch (NoSuchFileException e) {
                    // just gone
                }
            }
        }
        return sum;
    }

    @Override
    public void close() {
        watcher.shutdownNow();
    }
}
