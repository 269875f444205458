package io.tocsin.job.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.PriorityQueue;

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

    private record Line(long at, long order, byte[] bytes) {}

    private final PriorityQueue<Planned> steps =
            new PriorityQueue<>(Comparator.comparingLong(Planned::at).thenComparingLong(Planned::order));
    private final PriorityQueue<Line> lines =
            new PriorityQueue<>(Comparator.comparingLong(Line::at).thenComparingLong(Line::order));
    private long stepOrder;
    private long lineOrder;

    private long written;
    private long bytes;

    void at(long time, Step step) {
        steps.add(new Planned(time, stepOrder++, step));
    }

    /** Has a line written at its time, which must not be before the running step's. */
    void log(long at, byte[] line) {
        lines.add(new Line(at, lineOrder++, line));
    }

    /** Lets everything happen up to the end, which is not included. */
    void run(long end, OutputStream out) throws IOException {
        while (!steps.isEmpty() && steps.peek().at() < end) {
            Planned next = steps.poll();
            write(next.at(), out);
            next.step().run(next.at());
        }
        write(end, out);
        out.flush();
    }

    private void write(long before, OutputStream out) throws IOException {
        while (!lines.isEmpty() && lines.peek().at() < before) {
            byte[] line = lines.poll().bytes();
            out.write(line);
            written++;
            bytes += line.length;
        }
    }

    long written() {
        return written;
    }

    long bytes() {
        return bytes;
    }
}
