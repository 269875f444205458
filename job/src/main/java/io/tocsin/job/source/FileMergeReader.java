package io.tocsin.job.source;

import io.tocsin.event.Slots;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.clock.SystemClock;
import org.jspecify.annotations.Nullable;

/**
 * Hands on one block a call, and behind it the watermark it gives. Before the first block it sends the watermark of the files as
 * they stand, so that after a restart the same records are late as without one.
 *
 * <p>It reads nothing before the enumerator's last word has reached it: a reader that ends or fails before fails the job because the
 * word was lost, and what really was wrong is not told.
 */
final class FileMergeReader implements SourceReader<Block, FilesSplit> {
    private final SourceReaderContext context;
    private final List<String> files;
    private final FileMergeOptions options;
    private final RecordClock recordClock;
    private final CompletableFuture<Void> noMoreSplits = new CompletableFuture<>();

    private @Nullable FilesSplit split;
    private @Nullable FileMerge merge;
    private boolean noSplit;
    private long watermark = Long.MIN_VALUE;

    FileMergeReader(
            SourceReaderContext context, List<String> files, FileMergeOptions options, RecordClock recordClock) {
        this.context = context;
        this.files = files;
        this.options = options;
        this.recordClock = recordClock;
    }

    @Override
    public void start() {}

    @Override
    public void addSplits(List<FilesSplit> splits) {
        for (FilesSplit added : splits) {
            split = added;
        }
    }

    @Override
    public void notifyNoMoreSplits() {
        noSplit = split == null;
        noMoreSplits.complete(null);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Block> output) throws IOException {
        if (noSplit) {
            return InputStatus.END_OF_INPUT;
        }
        if (split == null || !noMoreSplits.isDone()) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        if (merge == null) {
            merge = begin(split);
            sendWatermark(merge, output);
        }
        Block block = merge.poll();
        if (block != null) {
            context.metricGroup().getIOMetricGroup().getNumBytesInCounter().inc(block.bytes().length);
            output.collect(block);
        }
        sendWatermark(merge, output);
        if (merge.ended()) {
            return InputStatus.END_OF_INPUT;
        }
        return merge.available().isDone() ? InputStatus.MORE_AVAILABLE : InputStatus.NOTHING_AVAILABLE;
    }

    private FileMerge begin(FilesSplit from) throws IOException {
        List<String> names = options.follows() ? Locations.present(options.locations()) : files;
        FileMerge begins = new FileMerge(
                names, from.positions(), options, recordClock, SystemClock.getInstance(), () -> System.in);
        context.metricGroup().gauge(LiveClock.CLOCK_AHEAD, begins::ahead);
        context.metricGroup().gauge("openFiles", begins::openFiles);
        return begins;
    }

    private void sendWatermark(FileMerge merged, ReaderOutput<Block> output) {
        long clock = merged.clock();
        if (clock == RecordClock.NO_TIME || clock == Long.MAX_VALUE) {
            return; // not started, or ended: the end's watermark is Flink's
        }
        long next = Slots.watermark(clock - options.disorderMillis());
        if (next > watermark) {
            watermark = next;
            output.emitWatermark(new Watermark(next));
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return merge == null ? noMoreSplits : merge.available().thenAccept(any -> {});
    }

    @Override
    public List<FilesSplit> snapshotState(long checkpointId) {
        if (merge != null) {
            return List.of(new FilesSplit(merge.positions()));
        }
        return split == null ? List.of() : List.of(split);
    }

    @Override
    public void close() throws IOException {
        if (merge != null) {
            merge.close();
        }
    }
}
