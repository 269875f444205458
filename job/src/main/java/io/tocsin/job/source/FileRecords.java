package io.tocsin.job.source;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Provenance;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One file read from its start to its end, without Flink: its blocks, or the records in them. What it holds in memory is a block, or
 * one line where that is longer. A record that lost its time gets that of its file's clock, as when the file is replayed.
 */
public final class FileRecords implements Closeable {
    private final String location;
    private final InputFile file;
    private final FileClock clock = new FileClock();
    private final Documents documents = new Documents(Decoders.framing());
    private @Nullable Instant fallbackTime;

    /** Takes a record with the place where its document starts, in uncompressed bytes. */
    @FunctionalInterface
    public interface Taker {
        void take(Decoded record, long position);
    }

    private FileRecords(String location, InputFile file) {
        this.location = location;
        this.file = file;
    }

    /**
     * Opens a file.
     *
     * @param location a file or {@code -}
     * @param maxLineBytes a longer line is handed on as its first maxLineBytes + 1 bytes
     * @param standardInput what {@code -} stands for
     */
    public static FileRecords open(String location, int maxLineBytes, Supplier<InputStream> standardInput)
            throws IOException {
        // Nothing is merged here, so no clock cuts the blocks.
        RecordClock none = (bytes, offset, length, provenance) -> RecordClock.NO_TIME;
        InputFile file = new InputFile(FilePosition.start(location, ""), none, 0, maxLineBytes, false);
        FileRecords records = new FileRecords(location, file);
        Path path = Path.of(location);
        if (location.equals(Locations.STANDARD_INPUT)) {
            file.attach(new StreamInput(location, standardInput::get), Instant.now());
        } else if (Files.exists(path) && !Files.isRegularFile(path)) {
            file.attach(new StreamInput(location, () -> Files.newInputStream(path)), Instant.now());
        } else {
            records.reading(() -> {
                file.open();
                return true;
            });
        }
        return records;
    }

    /**
     * The next whole documents; null behind the last. Waits for them where the file is a stream.
     *
     * @throws IOException naming the file and the byte beyond which it can't be read
     */
    public @Nullable Block next() throws IOException {
        while (true) {
            InputFile.Found found = reading(() -> file.read(false));
            switch (found) {
                case BLOCK -> {
                    return file.take(RecordClock.NO_TIME);
                }
                case END -> {
                    return null;
                }
                case REST -> {}
                case NOTHING -> file.available().join();
            }
        }
    }

    /** Decodes the records of a block that {@link #next} gave; blocks in their order. */
    public void decode(Block block, DocumentDecoder decoder, Taker taker) {
        Instant written = Instant.ofEpochMilli(block.written());
        documents.over(block.bytes(), 0, block.bytes().length);
        while (documents.next()) {
            long position = block.offset() + documents.start();
            decoder.decode(
                    block.bytes(),
                    documents.start(),
                    documents.length(),
                    new Provenance(location, position, fallbackTime, written),
                    record -> {
                        see(record.event());
                        taker.take(record, position);
                    });
        }
    }

    private void see(@Nullable SecurityEvent event) {
        if (event != null && !event.truncated() && clock.see(event.time().toEpochMilli())) {
            fallbackTime = event.time();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private <T> T reading(Read<T> read) throws IOException {
        try {
            return read.read();
        } catch (IOException e) {
            throw new IOException(
                    "%s: can't be read beyond byte %d (uncompressed): %s"
                            .formatted(location, file.offset(), e.getMessage()),
                    e);
        }
    }

    /** Something that reads. */
    private interface Read<T> {
        T read() throws IOException;
    }
}
