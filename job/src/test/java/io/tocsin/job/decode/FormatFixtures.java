package io.tocsin.job.decode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The log files under {@code src/test/resources/formats}, a folder a format. Made up from the formats, never copied; what adds a
 * format adds a folder, and with it the format's part of the fuzz test and of the reference.
 */
public final class FormatFixtures {
    private static final Path FOLDER = Path.of("src", "test", "resources", "formats");

    /**
     * One file.
     *
     * @param format the format whose records it holds
     * @param name its name
     */
    public record File(String format, String name, byte[] bytes) {
        /** The documents it holds, as they are told apart when it is read. */
        public List<byte[]> documents() {
            Documents documents = new Documents(Decoders.framing());
            documents.over(bytes, 0, bytes.length);
            List<byte[]> all = new ArrayList<>();
            while (documents.next()) {
                all.add(Arrays.copyOfRange(bytes, documents.start(), documents.start() + documents.length()));
            }
            return all;
        }

        @Override
        public String toString() {
            return format + "/" + name;
        }
    }

    private FormatFixtures() {}

    /** All of them, sorted. */
    public static List<File> all() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(path -> new File(
                            path.getParent().getFileName().toString(),
                            path.getFileName().toString(),
                            read(path)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
