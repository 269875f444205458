package io.tocsin.job.decode.container;

import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Framing;
import io.tocsin.job.decode.JsonScanner;
import java.time.Duration;
import java.time.Instant;

/**
 * From the first part of a split line to the last, with whatever the other stream has between: one document. It ends when no
 * stream has a part open, or where it becomes too long or too old: a container can leave a line open for ever.
 */
final class PartsFraming implements Framing {
    static final int MAX_BYTES = DecoderOptions.DEFAULT_MAX_RECORD_BYTES;
    static final int MAX_LINES = 1_000;
    static final Duration MAX_AGE = Duration.ofSeconds(10);

    private final PartLine line;
    private boolean outOpen;
    private boolean errorOpen;
    private long size;
    private int lines;
    private Instant latest = Instant.EPOCH;

    PartsFraming(PartLine line) {
        this.line = line;
    }

    @Override
    public boolean opens(byte[] bytes, int from, int to) {
        if (!line.read(bytes, from, to) || !line.partial()) {
            return false;
        }
        Instant time = line.time();
        if (time == null) {
            return false;
        }
        outOpen = !line.error();
        errorOpen = line.error();
        size = (long) to - from;
        lines = 1;
        latest = time.plus(MAX_AGE);
        return true;
    }

    @Override
    public Next next(byte[] bytes, int from, int to) {
        size += to - from + 1L;
        lines++;
        if (lines > MAX_LINES || size > MAX_BYTES) {
            return Next.BEYOND;
        }
        if (JsonScanner.skipSpace(bytes, from, to) == to) {
            return Next.MORE;
        }
        if (!line.read(bytes, from, to)) {
            return Next.BEYOND;
        }
        Instant time = line.time();
        if (time == null || time.isAfter(latest)) {
            return Next.BEYOND;
        }
        if (line.error()) {
            errorOpen = line.partial();
        } else {
            outOpen = line.partial();
        }
        return outOpen || errorOpen ? Next.MORE : Next.LAST;
    }
}
