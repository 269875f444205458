package io.tocsin.job.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes log files whose lines look like audit events. */
final class TestingLog {
    static final long T0 = Instant.parse("2026-01-05T10:00:00Z").toEpochMilli();

    private TestingLog() {}

    static String line(String id, long millis) {
        return "{\"kind\":\"Event\",\"auditID\":\"%s\",\"stageTimestamp\":\"%s\",\"annotations\":{\"a\":\"b\"}}"
                .formatted(id, Instant.ofEpochMilli(millis));
    }

    /** Lines named {@code prefix-0} on, one each step. */
    static List<String> lines(String prefix, int count, long firstMillis, long stepMillis) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(line(prefix + "-" + i, firstMillis + i * stepMillis));
        }
        return lines;
    }

    static Path write(Path file, List<String> lines) throws IOException {
        return Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }

    /** A compressed file of several members. */
    static Path writeGzip(Path file, List<String> lines, int members) throws IOException {
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < members; i++) {
            int from = (int) ((long) bytes.length * i / members);
            int to = (int) ((long) bytes.length * (i + 1) / members);
            try (OutputStream out = new GZIPOutputStream(all)) {
                out.write(bytes, from, to - from);
            }
        }
        return Files.write(file, all.toByteArray());
    }
}
