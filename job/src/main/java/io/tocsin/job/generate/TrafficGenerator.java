package io.tocsin.job.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the log of a small EKS cluster that never was: audit events of its API servers and the lines of its authenticator,
 * mixed in one file in the order in which they would have been logged. The same options give the same bytes on every machine.
 *
 * <p>Up to 200,000 lines make one day, less busy the fewer they are; more make more days. A line's stage lies at most 0.2 s
 * behind the latest stage before it (an authenticator's time, in whole seconds, 1.2 s); {@code requestReceivedTimestamp} of a
 * watch that ends lies minutes behind, as in any audit log.
 */
public final class TrafficGenerator {
    /** Lines that make a day of full business; more make it longer, not busier. */
    public static final long LINES_PER_DAY = 200_000;

    /** Below this, tokens and logins would drown what the cluster does. */
    public static final long MIN_EVENTS = 5_000;

    /** A Monday. Fixed, so that the same command gives the same bytes whenever it is run. */
    public static final Instant DEFAULT_START = Instant.parse("2026-03-02T00:00:00Z");

    /** The attacks that a demonstration hides. */
    public static final Set<Attack> DEFAULT_ATTACKS =
            Set.copyOf(EnumSet.of(Attack.STOLEN_TOKEN, Attack.ROGUE_INSIDER, Attack.SELF_MAPPED_ROLE));

    /**
     * What to write.
     *
     * @param events lines wanted; at least {@link #MIN_EVENTS}, met to within 2 %
     * @param seed another seed is another day of the same cluster
     * @param start when the log begins
     * @param attacks what to hide in it
     */
    public record Options(long events, long seed, Instant start, Set<Attack> attacks) {
        /** @throws IllegalArgumentException if the number of events is too low or the start is no usual time */
        public Options {
            if (events < MIN_EVENTS) {
                throw new IllegalArgumentException("events must be at least " + MIN_EVENTS + ": " + events);
            }
            if (start.isBefore(Instant.parse("1970-01-01T00:00:00Z"))
                    || !start.isBefore(Instant.parse("9000-01-01T00:00:00Z"))) {
                throw new IllegalArgumentException("start must lie between the years 1970 and 9000: " + start);
            }
            attacks = Set.copyOf(attacks);
        }

        /** A usual day with the usual attacks. */
        public static Options defaults() {
            return new Options(LINES_PER_DAY, 1, DEFAULT_START, DEFAULT_ATTACKS);
        }

        /** The time the log covers. */
        public Duration duration() {
            return Duration.ofDays(1)
                    .multipliedBy(Math.max(events, LINES_PER_DAY))
                    .dividedBy(LINES_PER_DAY);
        }
    }

    /**
     * What was written.
     *
     * @param lines lines
     * @param bytes bytes
     * @param attacks the hidden attacks, in the order of time
     */
    public record Written(long lines, long bytes, List<PlantedAttack> attacks) {
        public Written {
            attacks = List.copyOf(attacks);
        }
    }

    private final Options options;

    public TrafficGenerator(Options options) {
        this.options = options;
    }

    /** Writes the log and flushes; does not close. Memory doesn't grow with the number of lines. */
    public Written write(OutputStream out) throws IOException {
        long start = ChronoUnit.MICROS.between(Instant.EPOCH, options.start());
        long end = start + options.duration().toNanos() / 1_000;
        double scale = Math.min(1, (double) options.events() / LINES_PER_DAY);
        Simulation simulation = new Simulation(options.seed(), start, end, options.events(), scale);

        Cluster cluster = new Cluster(simulation.chance);
        Pods pods = new Pods(simulation, cluster);
        new ControlPlane(simulation, cluster).start();
        new Nodes(simulation, cluster, pods).start();
        Workloads workloads = new Workloads(simulation, cluster, pods);
        workloads.start();
        new Churn(simulation, cluster, pods)
                .start(workloads.caller("ci/gitlab-runner"), workloads.caller("karpenter/karpenter"));
        new Deployer(simulation, cluster, pods).start();
        People people = new People(simulation);
        people.start();
        new Strangers(simulation).start();
        AttackPlan plan = new AttackPlan(simulation, people, options.seed());
        for (Attack attack : Attack.values()) {
            if (options.attacks().contains(attack)) {
                plan.plant(attack);
            }
        }

        simulation.timeline.run(end, out);
        return new Written(simulation.timeline.written(), simulation.timeline.bytes(), plan.planted());
    }
}
