package io.tocsin.job.decode.container;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of what a container wrote in one go.
 *
 * @param time when
 * @param timeText the same as the runtime wrote it
 * @param bytes holds it
 * @param from where it starts
 * @param to where it ends
 */
record Part(@Nullable Instant time, @Nullable String timeText, byte[] bytes, int from, int to) {
    int length() {
        return to - from;
    }

    /** All of them in a row, as far as they fit into so many bytes: with the time of the first. */
    static Part join(List<Part> parts, int maxBytes) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Part part : parts) {
            all.write(part.bytes, part.from, Math.min(part.length(), maxBytes - all.size()));
        }
        return new Part(parts.get(0).time, parts.get(0).timeText, all.toByteArray(), 0, all.size());
    }

    static int length(List<Part> parts) {
        return parts.stream().mapToInt(Part::length).sum();
    }
}
