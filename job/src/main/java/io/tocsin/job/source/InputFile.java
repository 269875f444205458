package io.tocsin.job.source;

import io.tocsin.event.Slots;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Framing;
import io.tocsin.job.decode.Provenance;
import io.tocsin.job.decode.StringEnds;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One file of an input: its place, its clock, and while it is open its bytes. Cuts blocks of whole documents.
 *
 * <p>A block ends when the file's clock, less the disorder, enters another slot: so each line is decoded behind the watermark
 * that the lines before it give, and blocks of small files are small. It also ends before a line that would make it longer than
 * {@link #BLOCK_BYTES}, and before and after a line that is too long.
 */
final class InputFile implements Closeable {
    static final int BLOCK_BYTES = 256 << 10;

    private static final int FIRST_BYTES = 64 << 10;
    private static final int PEEKED_BYTES = 1 << 20;
    private static final int NONE = -1;

    /** What a read found. */
    enum Found {
        /** A block. */
        BLOCK,
        /** Only the rest of a line that is too long: read on. */
        REST,
        /** Nothing that can be handed on now; more may come. */
        NOTHING,
        /** The end. */
        END
    }

    private final RecordClock recordClock;
    private final long disorderMillis;
    private final int maxLineBytes;
    private final boolean live;

    private String path;
    private String fileKey;
    private FileClock clock;
    private long offset;
    private boolean skipping;
    private boolean finished;
    private boolean stream;

    private final Framing framing = Decoders.framing();
    private Provenance provenance;
    private @Nullable ByteInput input;
    private byte[] bytes = new byte[0];
    private int next;
    private int limit;
    private boolean ended;
    private @Nullable IOException failure;
    private byte[] block = new byte[0];
    private long blockOffset;
    private long clockBefore;
    private long highestTime;
    private final ToldLines told = new ToldLines();

    /**
     * @param live whether {@link #highestTime} will be asked for
     */
    InputFile(FilePosition from, RecordClock recordClock, long disorderMillis, int maxLineBytes, boolean live) {
        this.live = live;
        this.recordClock = recordClock;
        this.disorderMillis = disorderMillis;
        this.maxLineBytes = maxLineBytes;
        this.path = from.path();
        this.fileKey = from.fileKey();
        this.clock = new FileClock(from.clock(), from.beyond(), from.lowestBeyond());
        this.offset = from.offset();
        this.skipping = from.skipping();
        this.finished = from.finished();
        this.provenance = new Provenance(path, 0, null, Instant.EPOCH);
    }

    FilePosition snapshot() {
        return new FilePosition(
                path, offset, clock.millis(), clock.beyond(), clock.lowestBeyond(), skipping, finished, fileKey);
    }

    String path() {
        return path;
    }

    String fileKey() {
        return fileKey;
    }

    FileClock clock() {
        return clock;
    }

    long offset() {
        return offset;
    }

    boolean isFinished() {
        return finished;
    }

    boolean isOpen() {
        return input != null;
    }

    boolean isCompressed() {
        return input != null && input.compressed();
    }

    /** Whether it can't be opened twice. */
    boolean isStream() {
        return stream;
    }

    /** Its bytes come from a stream. */
    void attach(StreamInput newInput, Instant now) {
        stream = true;
        provenance = new Provenance(path, 0, null, now);
        input = newInput;
        bytes = new byte[FIRST_BYTES];
    }

    void rename(String newPath) {
        path = newPath;
    }

    /** The file has been cut to nothing and is written anew. */
    void restart() throws IOException {
        close();
        offset = 0;
        skipping = false;
        finished = false;
    }

    void open() throws IOException {
        if (input == null) {
            input = ByteInput.open(Path.of(path), offset);
            provenance = new Provenance(
                    path, 0, null, Files.getLastModifiedTime(Path.of(path)).toInstant());
            bytes = new byte[FIRST_BYTES];
            next = 0;
            limit = 0;
            ended = false;
        }
    }

    CompletableFuture<?> available() {
        return input == null ? CompletableFuture.completedFuture(null) : input.available();
    }

    /** Forgets what was read beyond the offset; the file can be opened again. */
    @Override
    public void close() throws IOException {
        if (input != null) {
            input.close();
            input = null;
            failure = null;
            bytes = new byte[0];
        }
    }

    /** Nothing more is read. */
    void finish() throws IOException {
        finished = true;
        close();
    }

    /** Sets the clock to the lowest time of the first eleven documents that have one, or of all if they are fewer. */
    void peek() throws IOException {
        open();
        FileClock first = new FileClock();
        Documents documents = new Documents(framing);
        boolean more = true;
        while (!first.started() && more) {
            more = !ended && limit < PEEKED_BYTES && fill(PEEKED_BYTES);
            first = new FileClock();
            documents.over(bytes, 0, limit);
            while (!first.started() && documents.next()) {
                if (documents.length() <= maxLineBytes && (ended || !documents.last())) {
                    first.see(recordClock.timeOf(bytes, documents.start(), documents.length(), provenance));
                }
            }
        }
        first.start();
        clock = first;
        close();
    }

    /**
     * Reads the next block; it is taken by {@link #take}.
     *
     * @param growing whether the end now is not the end for good, so that a line without its end is not a line yet
     */
    Found read(boolean growing) throws IOException {
        if (skipping && !skipRest()) {
            if (more()) {
                return Found.REST;
            }
            return nothing(growing);
        }
        clockBefore = clock.millis();
        highestTime = RecordClock.NO_TIME;
        long cutAt = nextCut();
        // Positions count from `next`: behind the last whole document, where the line at hand starts, what has been
        // looked at.
        int end = 0;
        int line = 0;
        int seen = 0;
        boolean open = false;
        while (true) {
            int newline = indexOfNewline(next + seen);
            int lineEnd = newline == NONE ? limit - next : newline - next;
            if (lineEnd - end > maxLineBytes) {
                if (end == 0 && line > 0) {
                    see(0, line, cutAt); // of a document that is too long, the lines so far
                    end = line;
                }
                return end > 0 ? cut(end) : cutHead();
            }
            boolean atEnd = false;
            if (newline == NONE) {
                seen = lineEnd;
                if (lineEnd >= BLOCK_BYTES && end > 0) {
                    return cut(end);
                }
                if (!ended && fill(maxLineBytes + 2)) {
                    continue;
                }
                if (!ended || growing) {
                    return end > 0 ? cut(end) : nothing(growing);
                }
                atEnd = true;
                if (lineEnd == line) { // nothing behind the last line's end
                    if (lineEnd > end) {
                        see(end, lineEnd, cutAt);
                    }
                    return lineEnd > 0 ? cut(lineEnd) : end(false);
                }
            }
            int lineLimit = atEnd ? lineEnd : lineEnd + 1;
            int documentEnd = documentEnd(open, line, lineEnd, lineLimit);
            if (documentEnd == NONE && !atEnd) {
                open = true;
                line = lineLimit;
                seen = line;
                continue;
            }
            documentEnd = documentEnd == NONE ? lineLimit : documentEnd;
            if (documentEnd > BLOCK_BYTES && end > 0) {
                return cut(end);
            }
            see(end, documentEnd, cutAt);
            end = documentEnd;
            line = end;
            seen = end;
            open = false;
            if (end >= BLOCK_BYTES || (clock.millis() >= cutAt && clock.started()) || (atEnd && end == lineLimit)) {
                return cut(end);
            }
        }
    }

    /** Where the document ends that the line belongs to, or before which it starts; {@link #NONE} if not with this line. */
    private int documentEnd(boolean open, int line, int lineEnd, int lineLimit) {
        int from = next + line;
        int to = Documents.withoutReturn(bytes, from, next + lineEnd);
        if (!open) {
            return framing.opens(bytes, from, to) ? NONE : lineLimit;
        }
        return switch (framing.next(bytes, from, to)) {
            case MORE -> NONE;
            case LAST -> lineLimit;
            case BEYOND -> line;
        };
    }

    /**
     * Takes the time of the document between these positions. Of documents whose times are told, and which are so low that they can
     * only move the clock on within the slot, only the highest matters: they wait for {@link #settle}.
     */
    private void see(int from, int to, long cutAt) {
        int length = to - from;
        while (length > 0 && (bytes[next + from + length - 1] == '\n' || bytes[next + from + length - 1] == '\r')) {
            length--;
        }
        long time = recordClock.toldTime(bytes, next + from, length, provenance);
        if (time == RecordClock.NO_TIME) {
            return;
        }
        boolean usual = time != RecordClock.UNTOLD && clock.expects(time);
        if (usual && time < cutAt) {
            if (!isSettled(time)) {
                told.add(from, length, time);
            }
            return;
        }
        if (!usual) {
            // Whether it is beyond the clock depends on where the clock stands.
            settle();
        }
        seeExactly(from, length, time);
    }

    /** Moves the clock to where the documents that wait would have moved it one by one. */
    private void settle() {
        while (!isSettled(told.highest())) {
            ToldLines.Line line = told.takeHighest();
            seeExactly(line.start(), line.length(), RecordClock.UNTOLD);
        }
        told.clear();
    }

    /** Whether a document of such a time would change nothing. */
    private boolean isSettled(long time) {
        return time <= clock.millis() && (!live || time <= highestTime);
    }

    private void seeExactly(int from, int length, long expected) {
        long time = recordClock.timeOf(bytes, next + from, length, provenance);
        if (time != expected && time != RecordClock.NO_TIME && expected != RecordClock.UNTOLD) {
            settle();
        }
        clock.see(time);
        highestTime = Math.max(highestTime, time);
    }

    /** The highest time in the block that was read, whatever the clock made of it; only where it is {@code live}. */
    long highestTime() {
        return highestTime;
    }

    /** The block that was read, with the input's clock. */
    Block take(long mergedClock) {
        Block taken = new Block(
                block,
                path,
                blockOffset,
                mergedClock,
                clockBefore,
                provenance.written().toEpochMilli());
        block = new byte[0];
        return taken;
    }

    /** Finishes a file that has been read to its end, so that its clock holds nothing back. */
    void finishAtEnd() throws IOException {
        if (next == limit && !skipping && (ended || !more()) && ended) {
            finish();
        }
    }

    /** When no whole document is left, for now or for good: only then what went wrong in reading on comes up. */
    private Found nothing(boolean growing) throws IOException {
        if (failure != null) {
            throw failure;
        }
        return ended ? end(growing) : Found.NOTHING;
    }

    private Found end(boolean growing) throws IOException {
        if (growing) {
            ended = false;
            return Found.NOTHING;
        }
        finish();
        return Found.END;
    }

    private Found cut(int length) {
        settle();
        block = Arrays.copyOfRange(bytes, next, next + length);
        blockOffset = offset;
        next += length;
        offset += length;
        return Found.BLOCK;
    }

    private Found cutHead() {
        skipping = true;
        return cut(maxLineBytes + 1);
    }

    /** Skips what is there of a line that is too long; whether that was all of it. */
    private boolean skipRest() {
        int newline = indexOfNewline(next);
        int to = newline == NONE ? limit : newline + 1;
        offset += to - next;
        next = to;
        skipping = newline == NONE;
        return !skipping;
    }

    /** The lowest clock in the next slot, less the disorder. */
    private long nextCut() {
        return clock.started()
                ? Slots.endOf(clock.millis() - disorderMillis) + 1 + disorderMillis
                : RecordClock.NO_TIME;
    }

    private int indexOfNewline(int from) {
        int newline = StringEnds.newline(bytes, from, limit);
        return newline == limit ? NONE : newline;
    }

    private boolean more() {
        return fill(maxLineBytes + 2);
    }

    /**
     * Whether some more bytes came; room is made for them, up to {@code most} in all if one line needs it. Where they can't be read,
     * none come, and what is there is handed on before {@link #nothing} tells.
     */
    private boolean fill(int most) {
        if (input == null) {
            throw new IllegalStateException(path + " is not open");
        }
        if (limit == bytes.length) {
            makeRoom(most);
        }
        if (failure != null) {
            return false;
        }
        int count;
        try {
            count = input.read(bytes, limit, bytes.length - limit);
        } catch (IOException e) {
            failure = e;
            return false;
        }
        if (count < 0) {
            ended = true;
        }
        limit += Math.max(count, 0);
        return count > 0;
    }

    private void makeRoom(int most) {
        int length = limit - next;
        int size = bytes.length;
        if (length > size / 2) {
            size = Math.max(size, Math.min(size * 2, Math.max(most, BLOCK_BYTES)));
        } else if (size > BLOCK_BYTES && length < BLOCK_BYTES / 2) {
            size = BLOCK_BYTES;
        }
        byte[] to = size == bytes.length ? bytes : new byte[size];
        System.arraycopy(bytes, next, to, 0, length);
        bytes = to;
        next = 0;
        limit = length;
    }
}
