package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile bytes, made by a seeded mutator from every fixture: no exception escapes, each record is one thing and is bounded, and
 * time grows with size and no faster. {@code -Dtocsin.fuzz.rounds} says how often each fixture is mutated; the profile {@code fuzz}
 * takes twenty-five times as many as a usual build.
 */
class FuzzTest {
    private static final int ROUNDS = Integer.getInteger("tocsin.fuzz.rounds", 800);
    private static final int MAX_RECORD_BYTES = 4_096;
    private final TestingMutator mutator = new TestingMutator(20260124);

    @ParameterizedTest
    @MethodSource("files")
    void survivesMutations(FormatFixtures.File file) {
        TestingDecoder auto = TestingDecoder.readingMuch(MAX_RECORD_BYTES);
        TestingDecoder named = TestingDecoder.of(Decoders.FORMATS.contains(file.format()) ? file.format() : "auto");
        List<byte[]> documents = file.documents();
        // Files differ in size, and each byte is worth the same.
        int rounds = Math.max(1, ROUNDS / Math.max(1, documents.size() / 8));
        for (byte[] document : documents) {
            for (int round = 0; round < rounds; round++) {
                byte[] mutant = mutator.mutant(document, documents);
                check(auto.records(mutant), mutant, MAX_RECORD_BYTES);
                check(named.records(mutant), mutant, DecoderOptions.DEFAULT_MAX_RECORD_BYTES);
            }
        }
        byte[] whole = file.bytes();
        for (int round = 0; round < rounds / 10; round++) {
            byte[] mutant = mutator.mutant(whole, documents);
            for (byte[] document : new FormatFixtures.File(file.format(), file.name(), mutant).documents()) {
                check(auto.records(document), document, MAX_RECORD_BYTES);
            }
        }
    }

    /** Each document is accounted for: what is no event and no skip is a dead letter, with bytes up to the limit. */
    private static void check(List<Decoded> records, byte[] document, int maxRecordBytes) {
        for (Decoded record : records) {
            if (record.deadLetter() == null) {
                continue;
            }
            String reason = record.deadLetter().reason();
            boolean fine = !reason.startsWith(FormatDecoder.FAULT)
                    && !reason.isEmpty()
                    && reason.length() < 400
                    && reason.chars().noneMatch(Character::isISOControl)
                    && record.deadLetter().bytes().length <= maxRecordBytes;
            // No AssertJ here: there are millions of records.
            if (!fine) {
                throw new AssertionError(reason + " for " + new String(document, StandardCharsets.ISO_8859_1));
            }
        }
        if (records.isEmpty() && new String(document, StandardCharsets.ISO_8859_1).matches("[a-z][\\s\\S]*")) {
            throw new AssertionError("nothing became of " + new String(document, StandardCharsets.ISO_8859_1));
        }
    }

    /**
     * Four times the size must not take more than eleven times as long: what is quadratic takes sixteen times. Where it seems to, it
     * must do so again at four times that size, since the machine is shared and short times are noisy.
     */
    @Test
    void timeGrowsWithSize() {
        List<String> slow = new ArrayList<>();
        TreeMap<String, FormatFixtures.File> oneOfEach = new TreeMap<>();
        FormatFixtures.all().forEach(file -> oneOfEach.put(file.format() + extension(file.name()), file));
        for (FormatFixtures.File file : oneOfEach.values()) {
            byte[] document = longest(file.documents());
            for (String hostile : TestingMutator.HOSTILE) {
                if (growsTooFast(document, hostile, 1 << 15) && growsTooFast(document, hostile, 1 << 17)) {
                    slow.add(file + " with " + hostile);
                }
            }
        }
        assertThat(slow).isEmpty();
    }

    private static boolean growsTooFast(byte[] document, String hostile, int size) {
        long small = nanos(swollen(document, hostile, size));
        return small > 1_000_000 && nanos(swollen(document, hostile, 4 * size)) > 11 * small;
    }

    /** Text and JSON are read by different code. */
    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.'));
    }

    private static byte[] longest(List<byte[]> documents) {
        byte[] longest = documents.get(0);
        for (byte[] document : documents) {
            longest = document.length > longest.length ? document : longest;
        }
        return longest;
    }

    /** The document with so much of that in the middle. */
    private static byte[] swollen(byte[] document, String hostile, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int middle = document.length / 2;
        out.write(document, 0, middle);
        byte[] piece = hostile.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < size / piece.length; i++) {
            out.write(piece, 0, piece.length);
        }
        out.write(document, middle, document.length - middle);
        return out.toByteArray();
    }

    /** Processor time of this thread; the least of three, since the first compiles and the machine is shared. */
    private static long nanos(byte[] document) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        TestingDecoder decoder = TestingDecoder.readingMuch(DecoderOptions.DEFAULT_MAX_RECORD_BYTES);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = threads.getCurrentThreadCpuTime();
            new FormatFixtures.File("", "", document).documents().forEach(decoder::records);
            least = Math.min(least, threads.getCurrentThreadCpuTime() - start);
        }
        return least;
    }

    private static Stream<FormatFixtures.File> files() {
        List<FormatFixtures.File> files = new ArrayList<>(FormatFixtures.all());
        return files.stream();
    }
}
