package io.tocsin.job.source;

import static org.apache.flink.util.Preconditions.checkArgument;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of one input, read as one stream by event time whatever their number and order: see {@link Block} for what it gives,
 * {@code FileMerge} for the order.
 *
 * <p>It sends its watermarks itself, after the block that moved the clock and before the next, so it is used with {@code
 * WatermarkStrategy.noWatermarks()}, at a parallelism of 1, followed by {@code rebalance()} and {@link BlockDecoder}. A watermark is
 * {@code Slots.watermark(clock − disorder)}. Files are looked up where the job is submitted and read by a task manager: both must
 * see them under the same name.
 *
 * <p>State: how far each file has been read. After a restart each line that was not handed on is, and none twice; standard input
 * and pipes can't be read again, and say so.
 */
public final class FileMergeSource implements Source<Block, FilesSplit, Boolean>, ResultTypeQueryable<Block> {
    private static final long serialVersionUID = 1;
    private static final int MAX_OPEN_FILES = 256;

    private final List<String> files;
    private final FileMergeOptions options;
    private final SerializableSupplier<RecordClock> clocks;

    private FileMergeSource(List<String> files, FileMergeOptions options, SerializableSupplier<RecordClock> clocks) {
        checkArgument(!options.disorder().isNegative(), "disorder must not be less than 0: %s", options.disorder());
        checkArgument(options.maxLineBytes() > 0, "line limit must be more than 0: %s", options.maxLineBytes());
        this.files = files;
        this.options = options;
        this.clocks = clocks;
    }

    /**
     * Files read to their end.
     *
     * @param locations files, folders, globs, or {@code -} for standard input; compressed ones too
     * @param clocks usually {@link RecordClock#of}
     * @param disorder how much older than the clock a record may be without being late
     * @param maxLineBytes a longer line is handed on as its first maxLineBytes + 1 bytes
     * @throws IllegalArgumentException names every location that can't be read
     */
    public static FileMergeSource of(
            List<String> locations, SerializableSupplier<RecordClock> clocks, Duration disorder, int maxLineBytes) {
        return new FileMergeSource(
                expand(locations),
                new FileMergeOptions(List.copyOf(locations), disorder, maxLineBytes, MAX_OPEN_FILES, null),
                clocks);
    }

    /**
     * Files read to their end and then followed: whatever is added to them, new files in folders and matching globs, files that
     * are renamed, replaced or cut on rotation. The source never ends, unless it reads only standard input or pipes.
     *
     * @param idleAfter how long a file must be silent before its clock goes on by itself
     * @see #of
     */
    public static FileMergeSource following(
            List<String> locations,
            SerializableSupplier<RecordClock> clocks,
            Duration disorder,
            int maxLineBytes,
            Duration idleAfter) {
        return new FileMergeSource(
                Locations.expand(locations, true),
                new FileMergeOptions(List.copyOf(locations), disorder, maxLineBytes, MAX_OPEN_FILES, idleAfter),
                clocks);
    }

    /**
     * The files that locations name, sorted, each once.
     *
     * @throws IllegalArgumentException names every missing or unreadable file or folder, every empty folder and every glob that
     *     matches nothing, one a line
     */
    public static List<String> expand(List<String> locations) {
        return Locations.expand(locations, false);
    }

    /**
     * The same for locations that may be followed: files may still come, so a folder or glob may be empty.
     *
     * @throws IllegalArgumentException names every problem, one a line
     */
    public static List<String> expand(List<String> locations, boolean follow) {
        return Locations.expand(locations, follow);
    }

    /** The same source with fewer or more files open at a time. */
    FileMergeSource withMaxOpenFiles(int maxOpenFiles) {
        return new FileMergeSource(
                files,
                new FileMergeOptions(
                        options.locations(),
                        options.disorder(),
                        options.maxLineBytes(),
                        maxOpenFiles,
                        options.idleAfter()),
                clocks);
    }

    @Override
    public Boundedness getBoundedness() {
        return options.follows() ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SplitEnumerator<FilesSplit, Boolean> createEnumerator(SplitEnumeratorContext<FilesSplit> context) {
        return new FilesEnumerator(context, false);
    }

    @Override
    public SplitEnumerator<FilesSplit, Boolean> restoreEnumerator(
            SplitEnumeratorContext<FilesSplit> context, @Nullable Boolean assigned) {
        return new FilesEnumerator(context, assigned != null && assigned);
    }

    @Override
    public SimpleVersionedSerializer<FilesSplit> getSplitSerializer() {
        return new FilesSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<Boolean> getEnumeratorCheckpointSerializer() {
        return new FilesEnumerator.Serializer();
    }

    @Override
    public SourceReader<Block, FilesSplit> createReader(SourceReaderContext context) {
        return new FileMergeReader(context, files, options, clocks.get());
    }

    @Override
    public TypeInformation<Block> getProducedType() {
        return TypeInformation.of(Block.class);
    }
}
