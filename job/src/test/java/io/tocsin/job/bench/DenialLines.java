package io.tocsin.job.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Audit lines of strangers who are refused secrets, one after the other over a span of time, each refused another. */
final class DenialLines {
    private static final int STRANGERS = 997;
    private static final int ADDRESSES = 251;

    private DenialLines() {}

    /** Writes them. */
    static void write(Path file, long count, Instant start, Duration span) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (long i = 0; i < count; i++) {
                Instant time = start.plusNanos((long) (span.toNanos() * ((double) i / count)));
                out.write(AuditLine.of(
                        new UUID(6, i),
                        time,
                        "mallory-" + i % STRANGERS,
                        "203.0.113." + i % ADDRESSES,
                        "secrets",
                        "secret-" + i,
                        403));
                out.write('\n');
            }
        }
    }
}
