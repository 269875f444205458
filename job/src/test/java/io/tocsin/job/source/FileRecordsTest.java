package io.tocsin.job.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRecordsTest {
    /** A record for each document, skipped for its text. */
    private static final DocumentDecoder ECHO = (bytes, offset, length, provenance, out) -> out.accept(
            Decoded.skipped(new String(bytes, offset, length, StandardCharsets.UTF_8), bytes, offset, length));

    @TempDir
    Path folder;

    @Test
    void givesEachDocumentWithItsPlace() throws IOException {
        Path file = folder.resolve("a.log");
        Files.writeString(file, "one\n\n{\n \"two\": 2\n}\r\nthree");

        assertThat(read(file.toString(), InputStream.nullInputStream()))
                .containsExactly("0 one", "5 {\n \"two\": 2\n}", "20 three");
    }

    @Test
    void readsBlockAfterBlock() throws IOException {
        List<String> lines = IntStream.range(0, 30_000)
                .mapToObj(i -> "line " + i + " " + "x".repeat(40))
                .toList();
        Path file = folder.resolve("a.log");
        Files.write(file, lines);

        List<String> read = read(file.toString(), InputStream.nullInputStream());

        assertThat(read.stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .toList())
                .isEqualTo(lines);
        byte[] piped = Files.readAllBytes(file);
        assertThat(read("-", new ByteArrayInputStream(piped))).isEqualTo(read);
    }

    @Test
    void handsOnWhatIsReadableBeforeItFails() throws IOException {
        List<String> lines = IntStream.range(0, 20_000)
                .mapToObj(i -> "line " + Integer.toHexString(i * 7919))
                .toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Path file = folder.resolve("cut.log.gz");
        Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
        List<String> read = new ArrayList<>();

        assertThatThrownBy(() -> read(file.toString(), InputStream.nullInputStream(), read))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": can't be read beyond byte ");

        assertThat(read).hasSizeGreaterThan(5_000).hasSizeLessThan(15_000);
        assertThat(read.stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .toList())
                .isEqualTo(lines.subList(0, read.size()));
    }

    @Test
    void cutsALineThatIsTooLong() throws IOException {
        Path file = folder.resolve("a.log");
        Files.writeString(file, "a\n" + "b".repeat(100) + "\nc\n");

        List<String> read = new ArrayList<>();
        try (FileRecords records = FileRecords.open(file.toString(), 10, InputStream::nullInputStream)) {
            for (Block block = records.next(); block != null; block = records.next()) {
                records.decode(block, ECHO, (record, position) -> read.add(position + " " + record.skipped()));
            }
        }
        assertThat(read).containsExactly("0 a", "2 bbbbbbbbbbb", "103 c");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> read(folder.resolve("x").toString(), InputStream.nullInputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.resolve("x") + ": can't be read beyond byte 0 (uncompressed)");
    }

    private static List<String> read(String location, InputStream standardInput) throws IOException {
        List<String> read = new ArrayList<>();
        read(location, standardInput, read);
        return read;
    }

    private static void read(String location, InputStream standardInput, List<String> read) throws IOException {
        try (FileRecords records = FileRecords.open(location, 1 << 20, () -> standardInput)) {
            for (Block block = records.next(); block != null; block = records.next()) {
                records.decode(block, ECHO, (record, position) -> read.add(position + " " + record.skipped()));
            }
        }
    }
}
