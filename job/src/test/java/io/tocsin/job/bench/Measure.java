package io.tocsin.job.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What one round of a row took, or what it found.
 *
 * @param events how many it went through; 0 where it is not about events
 * @param cpuNanos what the process took of all processors meanwhile, garbage collection and compilation included
 * @param wallNanos how long it took
 * @param figures what else it found, by name, such as {@code p99 ms}
 */
public record Measure(long events, long cpuNanos, long wallNanos, Map<String, Double> figures) {
    public Measure {
        figures = Map.copyOf(figures);
    }

    /** One number that is about no stream of events. */
    public static Measure of(String name, double figure) {
        return new Measure(0, 0, 0, Map.of(name, figure));
    }

    /** Something that goes through events and tells how many they were. */
    @FunctionalInterface
    public interface Pass {
        long run() throws Exception;
    }

    /** Runs something again and again for at least so long, at least once. */
    public static Measure of(long leastNanos, Pass pass) throws Exception {
        long cpu = processCpuNanos();
        long start = System.nanoTime();
        long events = 0;
        long elapsed;
        do {
            events += pass.run();
            elapsed = System.nanoTime() - start;
        } while (elapsed < leastNanos);
        return new Measure(events, processCpuNanos() - cpu, elapsed, Map.of());
    }

    /** The same with one more number. */
    public Measure with(String name, double figure) {
        Map<String, Double> more = new HashMap<>(figures);
        more.put(name, figure);
        return new Measure(events, cpuNanos, wallNanos, more);
    }

    /** What is left when what a part of it took is taken away. At least one event and one nanosecond are. */
    public Measure without(Measure part) {
        return new Measure(
                Math.max(1, events - part.events),
                Math.max(1, cpuNanos - part.cpuNanos),
                Math.max(1, wallNanos - part.wallNanos),
                figures);
    }

    /** Events a second. */
    public double perSecond() {
        return events * 1e9 / Math.max(1, wallNanos);
    }

    /** Microseconds of processors an event; more than 0, though the system counts in steps of some milliseconds. */
    public double cpuMicros() {
        return Math.max(1, cpuNanos) / 1e3 / Math.max(1, events);
    }

    /**
     * A figure.
     *
     * @throws IllegalArgumentException if the row found none of that name
     */
    public double figure(String name) {
        Double figure = figures.get(name);
        if (figure == null) {
            throw new IllegalArgumentException("figure must be one of " + figures.keySet() + ": " + name);
        }
        return figure;
    }

    /** What this process has taken of all processors. */
    public static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
