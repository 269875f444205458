package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What happens when. Steps run in the order of their times; each may log lines for its own time or later, and lines leave in
 * the order in which they are logged. Only what is about to happen is held. Times are microseconds since 1970.
 */
final class Timeline {
    /** Something that happens at a time. */
    @FunctionalInterface
    interface Step {
        void run(long now);
    }

    private record Planned(long at, long order, Step step) {}

    private record Line(long at, long order, Source source, byte[] bytes) {}

    private record Silence(Source source, long from, long to) {}

    private final Set<Source> sources;
    private final List<Silence> silences = new ArrayList<>();
    private final Map<Source, Long> written = new EnumMap<>(Source.class);

    private final PriorityQueue<Planned> steps =
            new PriorityQueue<>(Comparator.comparingLong(Planned::at).thenComparingLong(Planned::order));
    private final PriorityQueue<Line> lines =
            new PriorityQueue<>(Comparator.comparingLong(Line::at).thenComparingLong(Line::order));
    private long stepOrder;
    private long lineOrder;

    private long bytes;

    /** @param sources those whose lines are kept */
    Timeline(Set<Source> sources) {
        this.sources = Set.copyOf(sources);
    }

    boolean takes(Source source) {
        return sources.contains(source);
    }

    void at(long time, Step step) {
        steps.add(new Planned(time, stepOrder++, step));
    }

    /** Has a line written at its time, which must not be before the running step's. */
    void log(Source source, long at, byte[] line) {
        lines.add(new Line(at, lineOrder++, source, line));
    }

    /** Nobody collects this source for a while: its lines from then, included, to then, not included, are lost. */
    void silence(Source source, long from, long to) {
        silences.add(new Silence(source, from, to));
    }

    /** Lets everything happen up to the end, which is not included. */
    void run(long end, TrafficGenerator.Output out) throws IOException {
        while (!steps.isEmpty() && steps.peek().at() < end) {
            Planned next = steps.poll();
            write(next.at(), out);
            next.step().run(next.at());
        }
        write(end, out);
        for (Source source : sources) {
            out.of(source).flush();
        }
    }

    private void write(long before, TrafficGenerator.Output out) throws IOException {
        while (!lines.isEmpty() && lines.peek().at() < before) {
            Line line = lines.poll();
            if (isSilent(line)) {
                continue;
            }
            out.of(line.source()).write(line.bytes());
            written.merge(line.source(), 1L, Long::sum);
            bytes += line.bytes().length;
        }
    }

    private boolean isSilent(Line line) {
        for (Silence silence : silences) {
            if (silence.source() == line.source() && line.at() >= silence.from() && line.at() < silence.to()) {
                return true;
            }
        }
        return false;
    }

    /** Lines written of each source. */
    Map<Source, Long> written() {
        return written;
    }

    long bytes() {
        return bytes;
    }
}
