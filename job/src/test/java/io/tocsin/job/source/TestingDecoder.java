package io.tocsin.job.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An event for each stage timestamp or authenticator time in a line, the line's number as its audit id; else a dead letter. */
final class TestingDecoder implements DocumentDecoder {
    private static final Pattern TIME =
            Pattern.compile("(?:\"stageTimestamp\\\\?\"\\s*:\\s*\\\\?\"|^time=\")(\\d[^\"\\\\]+)");
    private static final Pattern ID = Pattern.compile("\"auditID\"\\s*:\\s*\"([^\"]+)\"");

    @Override
    public void decode(byte[] bytes, int offset, int length, Provenance provenance, Consumer<Decoded> out) {
        String line = new String(bytes, offset, length, UTF_8);
        Matcher time = TIME.matcher(line);
        boolean found = false;
        while (time.find()) {
            found = true;
            out.accept(Decoded.event(event(line, Instant.parse(time.group(1)), false), bytes, offset, length));
        }
        if (found) {
            return;
        }
        if (line.startsWith("{\"auditID\"") && provenance.fallbackTime() != null) {
            out.accept(Decoded.event(event(line, provenance.fallbackTime(), true), bytes, offset, length));
            return;
        }
        out.accept(Decoded.deadLetter(
                new DeadLetter(provenance.location(), provenance.position(), "no time", bytes), bytes, offset, length));
    }

    private static SecurityEvent event(String line, Instant time, boolean truncated) {
        SecurityEvent.Builder builder = SecurityEvent.builder();
        builder.time = time;
        builder.source = Source.KUBERNETES_AUDIT;
        builder.cluster = "default";
        builder.scope = "default";
        Matcher id = ID.matcher(line);
        builder.auditId = id.find() ? id.group(1) : null;
        builder.truncated = truncated;
        return builder.build();
    }
}
