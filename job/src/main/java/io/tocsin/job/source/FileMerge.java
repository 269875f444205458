package io.tocsin.job.source;

import static io.tocsin.job.source.RecordClock.NO_TIME;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.util.clock.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files as one: the next block always comes from the file whose clock is lowest, of several the first by name. A file not
 * yet opened has the clock it will start with. When more files overlap than may be open, that one is closed which will be needed
 * last, the one with the highest clock; a plain one first, since a compressed one has to be read again from its start.
 *
 * <p>The merged clock is the lowest of all files that have not ended. When files are followed, one at its end for now holds
 * nothing back until the last one has come to its end as well. From then on the clock is live, as {@link LiveClock} says, with each
 * file as a split: the lowest {@link SplitClock} of the files that have delivered since then.
 */
final class FileMerge implements Closeable {
    /** How often followed files are looked at. */
    static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(FileMerge.class);
    private static final String COMPRESSED = ".gz";
    private static final Comparator<InputFile> BY_CLOCK =
            Comparator.<InputFile>comparingLong(file -> file.clock().millis()).thenComparing(InputFile::path);

    private final FileMergeOptions options;
    private final RecordClock recordClock;
    private final Clock clock;
    private final Supplier<InputStream> standardInput;

    private final Map<String, InputFile> files = new TreeMap<>();
    private final PriorityQueue<InputFile> ready = new PriorityQueue<>(BY_CLOCK);
    private final Set<InputFile> open = new HashSet<>();

    // Only for followed files.
    private final Set<InputFile> waiting = new HashSet<>();
    private final Set<InputFile> leaving = new HashSet<>();
    private final Map<InputFile, SplitClock> live = new HashMap<>();
    private final SplitClock sinceCaughtUp;
    private boolean caughtUp;
    private long activeNanos;
    private long lastPollNanos;
    private long lastScanNanos;
    private long ahead;

    private boolean nothingNow;

    /**
     * Looks at each file's first lines.
     *
     * @param names the files, as {@link Locations} gives them
     * @param from how far the files have been read; those that are not among the names are forgotten
     */
    FileMerge(
            List<String> names,
            List<FilePosition> from,
            FileMergeOptions options,
            RecordClock recordClock,
            Clock clock,
            Supplier<InputStream> standardInput)
            throws IOException {
        this.options = options;
        this.recordClock = recordClock;
        this.clock = clock;
        this.standardInput = standardInput;
        this.sinceCaughtUp = splitClock();
        this.lastPollNanos = clock.relativeTimeNanos();
        this.lastScanNanos = lastPollNanos;
        Map<String, FilePosition> known = new HashMap<>();
        for (FilePosition position : from) {
            known.put(
                    options.follows() && !position.fileKey().isEmpty() ? position.fileKey() : position.path(),
                    position);
        }
        for (String name : names) {
            String key = options.follows() ? fileKey(name) : "";
            FilePosition position = known.get(key.isEmpty() ? name : key);
            add(position == null ? FilePosition.start(name, key) : position.renamed(name));
            if (position != null && position.clock() != NO_TIME) {
                sinceCaughtUp.see(Math.min(position.clock(), clock.absoluteTimeMillis()));
            }
        }
    }

    private SplitClock splitClock() {
        Duration idleAfter = options.idleAfter();
        return new SplitClock(idleAfter == null ? 0 : idleAfter.toNanos());
    }

    private void add(FilePosition position) throws IOException {
        InputFile file = new InputFile(
                position, recordClock, options.disorderMillis(), options.maxLineBytes(), options.follows());
        files.put(position.path(), file);
        if (file.isFinished()) {
            return;
        }
        String name = position.path();
        Path path = Path.of(name);
        if (name.equals(Locations.STANDARD_INPUT)) {
            attach(file, new StreamInput(name, standardInput::get));
        } else if (Files.exists(path) && !Files.isRegularFile(path)) {
            attach(file, new StreamInput(name, () -> new FileInputStream(path.toFile())));
        } else if (file.offset() == 0 && !file.clock().started()) {
            reading(file, () -> {
                file.peek();
                return true;
            });
        } else if (!options.follows() && isShorter(path, file.offset())) {
            throw new IOException("%s: expected at least the %d bytes read before the restart, it is shorter"
                    .formatted(name, file.offset()));
        }
        ready.add(file);
    }

    private void attach(InputFile file, StreamInput stream) throws IOException {
        if (file.offset() > 0) {
            stream.close();
            throw new IOException("%s: can't be read again after a restart, put it into a file".formatted(file.path()));
        }
        file.attach(stream, Instant.ofEpochMilli(clock.absoluteTimeMillis()));
    }

    private static boolean isShorter(Path path, long offset) throws IOException {
        if (Files.size(path) >= offset) {
            return false;
        }
        try (ByteInput input = ByteInput.open(path, 0)) {
            return !input.compressed();
        }
    }

    /** The next block; null if there is none now, or if only the rest of a line that is too long was read. */
    @Nullable
    Block poll() throws IOException {
        if (options.follows()) {
            follow();
        }
        InputFile file = ready.poll();
        nothingNow = file == null;
        if (file == null) {
            caughtUp = true;
            return null;
        }
        InputFile.Found found = reading(file, () -> read(file));
        if (!file.isOpen()) {
            open.remove(file);
        }
        if (file.isFinished()) {
            live.remove(file);
            leaving.remove(file);
        } else if (found != InputFile.Found.NOTHING) {
            ready.add(file);
        } else if (options.follows()) {
            waiting.add(file);
        } else {
            ready.add(file);
            nothingNow = true;
        }
        if (found != InputFile.Found.BLOCK) {
            return null;
        }
        if (options.follows()) {
            seeLive(file);
        }
        return file.take(clock());
    }

    private InputFile.Found read(InputFile file) throws IOException {
        if (!file.isOpen()) {
            closeUnneeded();
            file.open();
        }
        open.add(file);
        boolean grows = options.follows() && !file.isCompressed() && !file.isStream() && !leaving.contains(file);
        InputFile.Found found = file.read(grows);
        if (found == InputFile.Found.BLOCK && !grows) {
            file.finishAtEnd();
        }
        return found;
    }

    private void closeUnneeded() throws IOException {
        while (open.size() >= options.maxOpenFiles()) {
            InputFile unneeded = null;
            for (InputFile file : open) {
                if (!file.isStream() && (unneeded == null || isNeededLater(file, unneeded))) {
                    unneeded = file;
                }
            }
            if (unneeded == null) {
                return;
            }
            unneeded.close();
            open.remove(unneeded);
        }
    }

    private static boolean isNeededLater(InputFile file, InputFile other) {
        if (file.isCompressed() != other.isCompressed()) {
            return other.isCompressed();
        }
        return BY_CLOCK.compare(file, other) > 0;
    }

    /** Whether all files have ended for good. */
    boolean ended() {
        if (!options.follows()) {
            return ready.isEmpty();
        }
        return files.size() == options.locations().size()
                && files.values().stream().allMatch(file -> file.isStream() && file.isFinished());
    }

    /** Done when it is worth to {@link #poll} again. */
    CompletableFuture<?> available() {
        if (!nothingNow) {
            return CompletableFuture.completedFuture(null);
        }
        if (!options.follows()) {
            InputFile next = ready.peek();
            return next == null ? CompletableFuture.completedFuture(null) : next.available();
        }
        List<CompletableFuture<?>> any = new ArrayList<>();
        any.add(new CompletableFuture<Void>().completeOnTimeout(null, POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        waiting.stream().filter(InputFile::isStream).forEach(file -> any.add(file.available()));
        return CompletableFuture.anyOf(any.toArray(CompletableFuture[]::new));
    }

    /** The merged clock in ms since 1970: {@link RecordClock#NO_TIME} if not known, {@code Long.MAX_VALUE} at the end. */
    long clock() {
        InputFile lowest = ready.peek();
        if (!options.follows()) {
            return lowest == null ? Long.MAX_VALUE : lowest.clock().millis();
        }
        if (!caughtUp && lowest != null) {
            return lowest.clock().millis();
        }
        long merged = Long.MAX_VALUE;
        for (SplitClock split : live.values()) {
            merged = Math.min(merged, split.read(activeNanos));
        }
        return live.isEmpty() ? sinceCaughtUp.read(activeNanos) : merged;
    }

    /** How far each file has been read: up to the last block that was handed on. */
    List<FilePosition> positions() {
        return files.values().stream().map(InputFile::snapshot).toList();
    }

    /** How many records came whose time was ahead of the wall clock, when files are followed. */
    long ahead() {
        return ahead;
    }

    /** How many files are open. */
    int openFiles() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        for (InputFile file : files.values()) {
            file.close();
        }
        for (InputFile file : leaving) {
            file.close();
        }
    }

    // Following

    /** The live clock must not run while this reader is kept from reading: only time it spent waiting for bytes counts. */
    private void follow() throws IOException {
        long now = clock.relativeTimeNanos();
        if (nothingNow) {
            activeNanos += Math.min(now - lastPollNanos, 2 * POLL_INTERVAL.toNanos());
        }
        lastPollNanos = now;
        for (InputFile file : List.copyOf(waiting)) {
            if (file.isStream() && file.available().isDone()) {
                wake(file);
            }
        }
        if (now - lastScanNanos >= POLL_INTERVAL.toNanos()) {
            lastScanNanos = now;
            scan();
        }
    }

    private void wake(InputFile file) {
        if (waiting.remove(file)) {
            ready.add(file);
        }
    }

    private void seeLive(InputFile file) {
        long now = clock.absoluteTimeMillis();
        long time = caughtUp ? file.highestTime() : file.clock().millis();
        if (time == NO_TIME) {
            return;
        }
        if (time > now) {
            ahead++;
            time = now;
        }
        if (caughtUp) {
            live.computeIfAbsent(file, f -> splitClock()).see(time);
        } else {
            sinceCaughtUp.see(time);
        }
    }

    /** Looks for files that have grown, are new, have another name, were cut, or are gone. */
    private void scan() throws IOException {
        Map<String, String> keys = new TreeMap<>();
        for (String name : Locations.present(options.locations())) {
            keys.put(name, fileKey(name));
        }
        Map<String, InputFile> known = new HashMap<>();
        files.values().stream().filter(f -> !f.fileKey().isEmpty()).forEach(f -> known.put(f.fileKey(), f));
        Set<String> formerNames = Set.copyOf(files.keySet());
        Map<String, InputFile> remaining = new HashMap<>(files);
        files.values().removeIf(f -> !f.isStream());
        List<String> added = new ArrayList<>();
        keys.forEach((name, key) -> {
            InputFile file = key.isEmpty() ? remaining.get(name) : known.get(key);
            if (file == null || isCompressedName(name) != isCompressedName(file.path())) { // keys are given anew
                added.add(name);
            } else {
                remaining.remove(file.path(), file);
                boolean wasReady = ready.remove(file); // its place there depends on its name
                file.rename(name);
                files.put(name, file);
                if (wasReady || (waiting.contains(file) && size(file) > file.offset())) {
                    waiting.remove(file);
                    ready.add(file);
                }
            }
        });
        for (InputFile file : List.copyOf(files.values())) {
            if (waiting.contains(file) && !file.isStream() && size(file) < file.offset()) {
                waiting.remove(file);
                open.remove(file);
                file.restart();
                ready.add(file);
            }
        }
        for (InputFile gone : remaining.values()) {
            leave(gone);
        }
        for (String name : added) {
            String key = keys.getOrDefault(name, "");
            if (isCompressedName(name)
                    && formerNames.contains(name.substring(0, name.length() - COMPRESSED.length()))) {
                add(FilePosition.start(name, key).read()); // holds what has been read
            } else if (!files.containsKey(name)) {
                add(FilePosition.start(name, key));
            }
        }
    }

    private static boolean isCompressedName(String name) {
        return name.endsWith(COMPRESSED);
    }

    /** Its size, or the offset if it is not there. */
    private static long size(InputFile file) {
        try {
            return Files.size(Path.of(file.path()));
        } catch (IOException e) {
            return file.offset();
        }
    }

    /** Reads the rest of a file that is gone, as far as it is open. */
    private void leave(InputFile file) throws IOException {
        if (file.isStream() || file.isFinished()) {
            return;
        }
        ready.remove(file);
        waiting.remove(file);
        live.remove(file);
        if (file.isOpen()) {
            leaving.add(file);
            ready.add(file);
        } else {
            LOG.warn("{} is gone, read up to byte {}", file.path(), file.offset());
            file.finish();
        }
    }

    private static String fileKey(String name) {
        try {
            Object key = Files.readAttributes(Path.of(name), BasicFileAttributes.class)
                    .fileKey();
            return key == null ? "" : key.toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Something that reads. */
    private interface Read<T> {
        T read() throws IOException;
    }

    /** Names the file and the place in what went wrong. */
    private static <T> T reading(InputFile file, Read<T> read) throws IOException {
        try {
            return read.read();
        } catch (IOException e) {
            throw new IOException(
                    "%s: can't be read beyond byte %d (uncompressed): %s"
                            .formatted(file.path(), file.offset(), e.getMessage()),
                    e);
        }
    }
}
