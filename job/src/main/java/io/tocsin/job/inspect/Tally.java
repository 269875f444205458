package io.tocsin.job.inspect;

import io.tocsin.event.SecurityEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The figures of one row: a format in a cluster, or everything. */
final class Tally {
    private long events;
    private long deadLetters;
    private long skipped;
    private long truncated;
    private @Nullable Instant first;
    private @Nullable Instant last;
    private final Disorder disorder = new Disorder();

    /** @param millisBehind how far the event is behind; negative if that says nothing */
    void add(SecurityEvent event, long millisBehind) {
        events++;
        if (event.truncated()) {
            truncated++;
        }
        see(event.time());
        if (millisBehind >= 0) {
            disorder.add(millisBehind);
        }
    }

    void addDeadLetter() {
        deadLetters++;
    }

    void addSkipped() {
        skipped++;
    }

    void add(Tally other) {
        events += other.events;
        deadLetters += other.deadLetters;
        skipped += other.skipped;
        truncated += other.truncated;
        if (other.first != null) {
            see(other.first);
        }
        if (other.last != null) {
            see(other.last);
        }
        disorder.add(other.disorder);
    }

    private void see(Instant time) {
        if (first == null || time.isBefore(first)) {
            first = time;
        }
        if (last == null || time.isAfter(last)) {
            last = time;
        }
    }

    long records() {
        return events + deadLetters + skipped;
    }

    long events() {
        return events;
    }

    long deadLetters() {
        return deadLetters;
    }

    long skipped() {
        return skipped;
    }

    long truncated() {
        return truncated;
    }

    @Nullable
    Instant first() {
        return first;
    }

    @Nullable
    Instant last() {
        return last;
    }

    Disorder disorder() {
        return disorder;
    }
}
