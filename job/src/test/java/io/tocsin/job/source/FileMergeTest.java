package io.tocsin.job.source;

import static io.tocsin.job.source.TestingLog.T0;
import static io.tocsin.job.source.TestingLog.line;
import static io.tocsin.job.source.TestingLog.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.event.Slots;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Provenance;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.flink.util.clock.ManualClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMergeTest {
    private static final int MAX_LINE = 1 << 20;
    private static final Provenance NOWHERE = new Provenance("", 0, null, Instant.EPOCH);
    private static final Duration DISORDER = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private Supplier<InputStream> standardInput = () -> new ByteArrayInputStream(new byte[0]);
    private int maxOpen = 256;
    private int maxLine = MAX_LINE;
    private int decoded;

    @BeforeEach
    void wallClock() {
        clock.advanceTime(Duration.ofMillis(T0));
    }

    private FileMerge merge(List<FilePosition> from, @Nullable Duration idleAfter, String... locations)
            throws IOException {
        List<String> names = Locations.expand(List.of(locations), idleAfter != null);
        return new FileMerge(
                names,
                from,
                new FileMergeOptions(List.of(locations), DISORDER, maxLine, maxOpen, idleAfter),
                RecordClock.of(() -> (bytes, offset, length, provenance, out) -> {
                            decoded++;
                            new TestingDecoder().decode(bytes, offset, length, provenance, out);
                        })
                        .get(),
                clock,
                standardInput);
    }

    private List<Block> readAll(String... locations) throws Exception {
        try (FileMerge merge = merge(List.of(), null, locations)) {
            return drain(merge);
        }
    }

    private static List<Block> drain(FileMerge merge) throws Exception {
        List<Block> blocks = new ArrayList<>();
        while (!merge.ended()) {
            Block block = merge.poll();
            if (block != null) {
                blocks.add(block);
            } else {
                merge.available().get();
            }
        }
        return blocks;
    }

    private static List<String> text(List<Block> blocks) {
        return blocks.stream()
                .flatMap(b -> new String(b.bytes(), UTF_8).lines())
                .toList();
    }

    private static List<Long> watermarks(List<Block> blocks) {
        return blocks.stream()
                .map(b -> Slots.watermark(b.clock() - DISORDER.toMillis()))
                .toList();
    }

    /** Blocks without their location. */
    private static List<String> shapes(List<Block> blocks) {
        return blocks.stream()
                .map(b -> new String(b.bytes(), UTF_8) + b.offset() + " " + b.clock() + " " + b.fallbackTime())
                .toList();
    }

    @Test
    void readsTheFileWhoseClockIsLowest() throws Exception {
        TestingLog.write(folder.resolve("b"), lines("b", 30, T0, 10_000));
        TestingLog.write(folder.resolve("a"), lines("a", 30, T0 + 150_000, 10_000));
        List<Block> blocks = readAll(folder.toString());
        assertThat(text(blocks)).hasSize(60);
        RecordClock times = RecordClock.of(TestingDecoder::new).get();
        long clock = Long.MIN_VALUE;
        long highest = 0;
        for (Block block : blocks) {
            for (String line : text(List.of(block))) {
                long time = times.timeOf(line.getBytes(UTF_8), 0, line.length(), NOWHERE);
                assertThat(time).isGreaterThanOrEqualTo(highest - 10_000).isGreaterThanOrEqualTo(clock);
                highest = Math.max(highest, time);
            }
            assertThat(block.clock()).isGreaterThanOrEqualTo(clock);
            clock = block.clock();
        }
        assertThat(clock).isEqualTo(Long.MAX_VALUE);
        assertThat(decoded).isZero();
    }

    @Test
    void aBlockEndsWithTheSlotOfItsFilesClock() throws Exception {
        TestingLog.write(folder.resolve("a"), lines("a", 1_000, T0 + 5_000, 100));
        List<Block> blocks = readAll(folder.toString());
        assertThat(blocks).hasSize(11);
        assertThat(text(blocks.subList(0, 1))).hasSize(51).last().isEqualTo(line("a-50", T0 + 10_000));
        assertThat(watermarks(blocks.subList(0, 1))).containsExactly(T0 - 50_000 - 1);
        assertThat(text(blocks.subList(1, 2))).hasSize(100);
    }

    @Test
    void aBlockHoldsAtMostItsSize() throws Exception {
        List<String> lines = lines("x".repeat(1_000), 2_000, T0, 1);
        TestingLog.write(folder.resolve("a"), lines);
        List<Block> blocks = readAll(folder.toString());
        assertThat(text(blocks)).isEqualTo(lines);
        assertThat(blocks).hasSizeBetween(8, 10).allSatisfy(b -> assertThat(b.bytes())
                .hasSizeLessThan(256 * 1024 + 1));
        long offset = 0;
        for (Block block : blocks) {
            assertThat(block.offset()).isEqualTo(offset);
            offset += block.bytes().length;
        }
    }

    @Test
    void theOrderOfTheFilesAndTheirNamesOnTheCommandLineDoNotMatter() throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            names.add(TestingLog.write(
                            folder.resolve("f" + i), lines("f" + i, 200, T0 + (i % 3) * 60_000L, 700 + (i % 3) * 100))
                    .toString());
        }
        List<Block> blocks = readAll(names.toArray(String[]::new));
        Collections.shuffle(names, new Random(1));
        assertThat(shapes(readAll(names.toArray(String[]::new)))).isEqualTo(shapes(blocks));
        assertThat(shapes(readAll(folder + "/f*"))).isEqualTo(shapes(blocks));
    }

    @Test
    void compressedFilesReadLikePlainOnes() throws Exception {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        Path compressed = Files.createDirectory(folder.resolve("compressed"));
        for (int i = 0; i < 3; i++) {
            List<String> lines = lines("f" + i, 5_000, T0 + i * 20_000L, 10);
            TestingLog.write(plain.resolve("f" + i), lines);
            TestingLog.writeGzip(compressed.resolve("f" + i + ".gz"), lines, 7);
        }
        assertThat(shapes(readAll(compressed.toString()))).isEqualTo(shapes(readAll(plain.toString())));
    }

    @Test
    void fewHandlesGiveTheSameBlocks() throws Exception {
        for (int i = 0; i < 20; i++) {
            List<String> lines = lines("f" + i, 50, T0 + i, 3_000);
            if (i % 4 == 0) {
                TestingLog.writeGzip(folder.resolve("f" + i + ".gz"), lines, 2);
            } else {
                TestingLog.write(folder.resolve("f" + i), lines);
            }
        }
        List<Block> blocks = readAll(folder.toString());
        maxOpen = 3;
        try (FileMerge merge = merge(List.of(), null, folder.toString())) {
            List<Block> few = new ArrayList<>();
            while (!merge.ended()) {
                Block block = merge.poll();
                if (block != null) {
                    few.add(block);
                }
                assertThat(merge.openFiles()).isLessThanOrEqualTo(3);
            }
            assertThat(shapes(few)).isEqualTo(shapes(blocks));
        }
        assertThat(text(blocks)).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void aFileIsOpenedWhenTheMergeReachesIt() throws Exception {
        for (int i = 0; i < 30; i++) {
            TestingLog.write(folder.resolve("f" + i), lines("f" + i, 100, T0 + i * 100_000L, 1_000));
        }
        try (FileMerge merge = merge(List.of(), null, folder.toString())) {
            while (!merge.ended()) {
                merge.poll();
                assertThat(merge.openFiles()).isLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void twoThousandOverlappingFilesTakeNoMoreThan256Handles() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            TestingLog.write(folder.resolve("f" + i), lines("f" + i, 5, T0 + i, 20_000));
        }
        try (FileMerge merge = merge(List.of(), null, folder.toString())) {
            List<Block> blocks = new ArrayList<>();
            int most = 0;
            while (!merge.ended()) {
                Block block = merge.poll();
                if (block != null) {
                    blocks.add(block);
                }
                most = Math.max(most, merge.openFiles());
            }
            assertThat(most).isEqualTo(256);
            assertThat(text(blocks)).hasSize(10_000).doesNotHaveDuplicates();
            assertThat(late(blocks)).isEmpty();
        }
    }

    @Test
    void emptyBlankAndUnfinishedFilesAreRead() throws Exception {
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(folder.resolve("blank"), "\n\r\n  \n");
        Files.writeString(folder.resolve("unfinished"), line("a", T0) + "\r\n" + line("b", T0 + 1));
        TestingLog.writeGzip(folder.resolve("empty.gz"), List.of(), 1);
        List<Block> blocks = readAll(folder.toString());
        assertThat(text(blocks)).filteredOn(l -> !l.isBlank()).containsExactly(line("a", T0), line("b", T0 + 1));
        assertThat(blocks.get(blocks.size() - 1).clock()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLineThatIsTooLongIsHandedOnAsItsHead() throws Exception {
        maxLine = 300_000;
        String longest = "x".repeat(300_000);
        String tooLong = "y".repeat(10_000_000);
        Path file = TestingLog.write(
                folder.resolve("a"),
                List.of(line("a", T0), longest, line("b", T0 + 1), tooLong, line("c", T0 + 2), tooLong));
        List<Block> blocks = readAll(file.toString());
        assertThat(text(blocks))
                .containsExactly(
                        line("a", T0),
                        longest,
                        line("b", T0 + 1),
                        tooLong.substring(0, 300_001),
                        line("c", T0 + 2),
                        tooLong.substring(0, 300_001));
        byte[] whole = Files.readAllBytes(file);
        for (Block block : blocks) {
            assertThat(new String(whole, (int) block.offset(), block.bytes().length, UTF_8))
                    .isEqualTo(new String(block.bytes(), UTF_8));
        }
    }

    private static String pretty(String id, long time) {
        return line(id, time).replace("{", "{\n  ").replace(",\"", ",\n  \"").replace("}", "\n}");
    }

    @Test
    void aDocumentOfSeveralLinesStaysWhole() throws Exception {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            documents.add(pretty("p" + i, T0 + i * 100L));
        }
        Path file = TestingLog.write(folder.resolve("a"), documents);
        List<String> read = new ArrayList<>();
        List<Block> blocks = readAll(file.toString());
        for (Block block : blocks) {
            Documents inBlock = new Documents(Decoders.framing());
            inBlock.over(block.bytes(), 0, block.bytes().length);
            while (inBlock.next()) {
                read.add(new String(block.bytes(), inBlock.start(), inBlock.length(), UTF_8));
            }
        }
        assertThat(blocks).hasSizeGreaterThan(2);
        assertThat(read).isEqualTo(documents);
    }

    @Test
    void aDocumentThatIsTooLongIsHandedOnAsItsHead() throws Exception {
        maxLine = 2_000;
        String tooLong = "{\n" + "  \"a\": 1,\n".repeat(1_000) + "  \"b\": 2\n}";
        Path file = TestingLog.write(folder.resolve("a"), List.of(line("a", T0), tooLong, line("c", T0 + 2)));
        List<Block> blocks = readAll(file.toString());
        assertThat(blocks.get(1).bytes()).hasSizeLessThanOrEqualTo(2_000);
        StringBuilder all = new StringBuilder();
        blocks.forEach(block -> all.append(new String(block.bytes(), UTF_8)));
        assertThat(all.toString()).isEqualTo(Files.readString(file));
    }

    @Test
    void aFollowedFilesLastDocumentIsReadWhenItIsWhole() throws Exception {
        Path log = TestingLog.write(folder.resolve("a"), List.of(line("a", T0)));
        String document = pretty("p", T0 + 1);
        int half = document.indexOf('\n', document.length() / 2) + 1;
        try (FileMerge merge = merge(List.of(), Duration.ofSeconds(30), folder.toString())) {
            assertThat(text(follow(merge))).hasSize(1);
            append(log, document.substring(0, half));
            assertThat(follow(merge)).isEmpty();
            append(log, document.substring(half) + "\n");
            List<Block> blocks = follow(merge);
            assertThat(blocks).hasSize(1);
            assertThat(new String(blocks.get(0).bytes(), UTF_8)).isEqualTo(document + "\n");
        }
    }

    @Test
    void linesAroundTheLimitAreCutOnlyBeyondIt() throws Exception {
        maxLine = 100;
        List<String> lines = IntStream.range(95, 110).mapToObj("z"::repeat).toList();
        TestingLog.write(folder.resolve("a"), lines);
        assertThat(text(readAll(folder.toString())))
                .isEqualTo(lines.stream()
                        .map(l -> l.substring(0, Math.min(l.length(), 101)))
                        .toList());
    }

    @Test
    void aForgedTimeMakesNobodyLate() throws Exception {
        List<String> lines = new ArrayList<>(lines("a", 100, T0, 1_000));
        lines.set(0, line("forged", T0 + 1_000_000_000_000L));
        lines.set(50, line("forged too", T0 + 1_000_000_000_000L));
        TestingLog.write(folder.resolve("a"), lines);
        TestingLog.write(folder.resolve("b"), lines("b", 100, T0, 1_000));
        List<Block> blocks = readAll(folder.toString());
        assertThat(late(blocks)).isEmpty();
        assertThat(blocks.subList(0, blocks.size() - 1))
                .allSatisfy(b -> assertThat(b.clock()).isLessThan(T0 + 100_000));
    }

    @Test
    void aLateRecordInASmallFileIsSeenAsLate() throws Exception {
        List<String> lines = new ArrayList<>(lines("a", 100, T0, 2_000));
        lines.add(60, line("late", T0));
        lines.add(20, line("in time", T0 + 1));
        TestingLog.write(folder.resolve("a"), lines);
        assertThat(late(readAll(folder.toString()))).containsExactly(line("late", T0));
    }

    private static List<String> late(List<Block> blocks) {
        List<String> late = new ArrayList<>();
        long watermark = Long.MIN_VALUE;
        RecordClock times = RecordClock.of(TestingDecoder::new).get();
        for (Block block : blocks) {
            for (String line : new String(block.bytes(), UTF_8).lines().toList()) {
                byte[] bytes = line.getBytes(UTF_8);
                if (times.timeOf(bytes, 0, bytes.length, NOWHERE) <= watermark) {
                    late.add(line);
                }
            }
            watermark = Math.max(watermark, Slots.watermark(block.clock() - DISORDER.toMillis()));
        }
        return late;
    }

    @Test
    void oneStreamInOverlappingFilesHasNoLateRecord() throws Exception {
        List<List<String>> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            files.add(new ArrayList<>());
        }
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            files.get(Math.min(4, i / 4_000 + random.nextInt(2)))
                    .add(line("s-" + i, T0 + i * 50L - random.nextInt(20_000)));
        }
        for (int i = 0; i < 5; i++) {
            TestingLog.write(folder.resolve("f" + (i * 3) % 5), files.get(i));
        }
        List<Block> blocks = readAll(folder.toString());
        assertThat(late(blocks)).isEmpty();
        assertThat(text(blocks)).hasSize(20_000).doesNotHaveDuplicates();
    }

    @Test
    void aRestoredMergeGoesOnAfterTheLastBlock() throws Exception {
        maxLine = 5_000;
        for (int i = 0; i < 6; i++) {
            List<String> lines = new ArrayList<>(lines("f" + i, 150, T0 + i * 17_000L, 2_000));
            lines.set(20, line("forged" + i, T0 + 1_000_000_000_000L));
            lines.add(30, "w".repeat(400_000) + i);
            if (i % 2 == 0) {
                TestingLog.write(folder.resolve("f" + i), lines);
            } else {
                TestingLog.writeGzip(folder.resolve("f" + i), lines, 3);
            }
        }
        List<Block> whole = readAll(folder.toString());
        List<Block> pieces = new ArrayList<>();
        List<FilePosition> positions = List.of();
        boolean ended = false;
        int polls = 1;
        FilesSplit.Serializer serializer = new FilesSplit.Serializer();
        while (!ended) {
            try (FileMerge merge = merge(positions, null, folder.toString())) {
                for (int i = 0; i < polls && !merge.ended(); i++) {
                    Block block = merge.poll();
                    if (block != null) {
                        pieces.add(block);
                    }
                }
                ended = merge.ended();
                positions = serializer
                        .deserialize(1, serializer.serialize(new FilesSplit(merge.positions())))
                        .positions();
            }
            polls = polls % 13 + 1;
        }
        assertThat(shapes(pieces)).isEqualTo(shapes(whole));
    }

    @Test
    void aFileShorterThanItWasIsRefused() throws Exception {
        Path file = TestingLog.write(folder.resolve("a"), lines("a", 100, T0, 10_000));
        List<FilePosition> positions;
        try (FileMerge merge = merge(List.of(), null, file.toString())) {
            merge.poll();
            merge.poll();
            positions = merge.positions();
        }
        Files.writeString(file, "");
        assertThatThrownBy(() -> merge(positions, null, file.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("shorter");
    }

    @Test
    void aCompressedFileThatBreaksOffIsNamed() throws Exception {
        Path file = TestingLog.writeGzip(folder.resolve("a.gz"), lines("a", 50_000, T0, 10), 1);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> readAll(file.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void standardInputIsReadToItsEnd() throws Exception {
        List<String> lines = lines("in", 3_000, T0, 20);
        List<InputStream> members = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Path member = TestingLog.writeGzip(folder.resolve("x.gz"), lines.subList(i * 600, (i + 1) * 600), 1);
            members.add(new ByteArrayInputStream(Files.readAllBytes(member)));
        }
        Files.delete(folder.resolve("x.gz"));
        standardInput = () -> new SequenceInputStream(Collections.enumeration(members)) {
            @Override
            public int available() {
                return 0; // a pipe that is filled slowly
            }
        };
        TestingLog.write(folder.resolve("a"), lines("a", 10, T0 + 5_000, 1_000));
        List<Block> blocks = readAll("-", folder.toString());
        assertThat(text(blocks)).filteredOn(l -> l.contains("\"in-")).isEqualTo(lines);
        assertThat(late(blocks)).isEmpty();
        assertThatThrownBy(() -> merge(List.of(new FilePosition("-", 5, 0, 0, 0, false, false, "")), null, "-"))
                .hasMessageContaining("can't be read again");
    }

    @Test
    void followsFilesThatGrowAreRotatedAndCut() throws Exception {
        Path log = TestingLog.write(folder.resolve("audit.log"), lines("a", 3, T0 - 60_000, 1_000));
        try (FileMerge merge = merge(List.of(), Duration.ofSeconds(30), folder.toString())) {
            assertThat(text(follow(merge))).hasSize(3);

            append(log, line("b", T0) + "\n" + line("half", T0).substring(0, 20));
            assertThat(text(follow(merge))).containsExactly(line("b", T0));
            append(log, line("half", T0).substring(20) + "\n");
            assertThat(text(follow(merge))).containsExactly(line("half", T0));

            append(log, line("last", T0) + "\n");
            Path rotated = Files.move(log, folder.resolve("audit-1.log"));
            TestingLog.write(log, lines("c", 2, T0 + 1_000, 1));
            assertThat(text(follow(merge)))
                    .containsExactlyInAnyOrder(line("last", T0), line("c-0", T0 + 1_000), line("c-1", T0 + 1_001));

            TestingLog.writeGzip(folder.resolve("audit-1.log.gz"), Files.readAllLines(rotated), 1);
            assertThat(follow(merge)).isEmpty();
            Files.delete(rotated);
            assertThat(follow(merge)).isEmpty();
            Files.move(folder.resolve("audit-1.log.gz"), folder.resolve("audit-2.log.gz"));
            assertThat(follow(merge)).isEmpty();

            Files.writeString(log, line("cut", T0 + 2_000) + "\n", StandardOpenOption.TRUNCATE_EXISTING);
            assertThat(text(follow(merge))).containsExactly(line("cut", T0 + 2_000));

            append(log, line("gone", T0 + 3_000) + "\n");
            Files.move(
                    log,
                    folder.resolveSibling("elsewhere-" + folder.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING);
            assertThat(text(follow(merge))).containsExactly(line("gone", T0 + 3_000));
            assertThat(merge.ended()).isFalse();
        }
    }

    @Test
    void aFollowedFilesClockGoesOnInALullAndIsNotMovedByAForgedTime() throws Exception {
        Path old = TestingLog.write(folder.resolve("old"), lines("old", 20, T0 - 86_400_000, 1_000));
        Path log = TestingLog.write(folder.resolve("log"), lines("log", 20, T0 - 20_000, 1_000));
        try (FileMerge merge = merge(List.of(), Duration.ofSeconds(30), folder.toString())) {
            assertThat(follow(merge)).hasSizeGreaterThan(3);
            assertThat(merge.clock())
                    .as("the old file's end holds nothing back")
                    .isEqualTo(T0 - 1_000);
            for (int i = 0; i < 60; i++) {
                follow(merge);
            }
            assertThat(merge.clock()).isBetween(T0 + 25_000, T0 + 33_000);

            append(log, line("forged", T0 + 1_000_000_000L) + "\n");
            follow(merge);
            assertThat(merge.clock()).isLessThanOrEqualTo(clock.absoluteTimeMillis());
            assertThat(merge.ahead()).isEqualTo(1);

            append(old, line("slow", T0) + "\n");
            follow(merge);
            assertThat(merge.clock()).as("a file that delivers holds the clock").isEqualTo(T0);
        }
    }

    @Test
    void aFollowedMergeGoesOnAfterARestartThoughFilesWereRenamed() throws Exception {
        Path log = TestingLog.write(folder.resolve("audit.log"), lines("a", 3, T0 - 60_000, 1_000));
        List<FilePosition> positions;
        try (FileMerge merge = merge(List.of(), Duration.ofSeconds(30), folder.toString())) {
            follow(merge);
            positions = merge.positions();
        }
        append(log, line("last", T0) + "\n");
        Files.move(log, folder.resolve("audit-1.log"));
        TestingLog.write(log, lines("c", 1, T0 + 1_000, 1));
        try (FileMerge merge = merge(positions, Duration.ofSeconds(30), folder.toString())) {
            assertThat(text(follow(merge))).containsExactly(line("last", T0), line("c-0", T0 + 1_000));
        }
    }

    /** Reads what is there, a second later. */
    private List<Block> follow(FileMerge merge) throws IOException {
        clock.advanceTime(FileMerge.POLL_INTERVAL);
        List<Block> blocks = new ArrayList<>();
        do {
            Block block = merge.poll();
            if (block != null) {
                blocks.add(block);
            }
        } while (merge.available().isDone());
        return blocks;
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    @Test
    void eachFilesLinesKeepTheirOrder() throws Exception {
        Map<String, List<String>> written = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            Path file = folder.resolve("cluster-" + i);
            List<String> lines = lines("c" + i, 300, T0 + i * 1_000L, 1_500);
            Collections.swap(lines, 100, 101);
            written.put(file.toString(), lines);
            TestingLog.write(file, lines);
        }
        List<Block> blocks = readAll(folder.toString());
        Map<String, List<String>> read = new HashMap<>();
        blocks.forEach(
                b -> read.computeIfAbsent(b.location(), l -> new ArrayList<>()).addAll(text(List.of(b))));
        assertThat(read).isEqualTo(written);
        assertThat(late(blocks)).isEmpty();
    }
}
