package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the logs of a small EKS cluster that never was, one world in all of them: its API servers' audit log and its
 * authenticator, CloudTrail, Kubernetes Events, what its containers write, the journals of its nodes, the ingress, flows and
 * processes. The lines leave in the order in which they would have been logged, mixed in one stream or apart. The same options
 * give the same bytes on every machine. {@code GENERATOR.md} tells what is modelled and what is not.
 *
 * <p>Up to 200,000 lines make one day, less busy the fewer they are; more make more days. An audit line's stage lies at most
 * 0.2 s behind the latest stage before it, other lines' times, some in whole seconds, at most 1.2 s; {@code
 * requestReceivedTimestamp} of a watch that ends lies minutes behind, as in any audit log.
 */
public final class TrafficGenerator {
    /** Lines that make a day of full business; more make it longer, not busier. */
    public static final long LINES_PER_DAY = 200_000;

    /** Below this, tokens and logins would drown what the cluster does. */
    public static final long MIN_EVENTS = 5_000;

    /** A Monday. Fixed, so that the same command gives the same bytes whenever it is run. */
    public static final Instant DEFAULT_START = Instant.parse("2026-03-02T00:00:00Z");

    /** The attacks that a demonstration hides. */
    public static final Set<Attack> DEFAULT_ATTACKS = Set.copyOf(EnumSet.of(
            Attack.STOLEN_TOKEN,
            Attack.ROGUE_INSIDER,
            Attack.SELF_MAPPED_ROLE,
            Attack.INGRESS_TAKEOVER,
            Attack.COVERED_TRACKS,
            Attack.LOGGING_OFF));

    /** The logs that it writes. */
    public static final Set<Source> SOURCES = Shares.SOURCES;

    /** Who deploys, for {@code --identities.cd}: what it deletes with its previews would be called a burst otherwise. */
    public static final String DEPLOYER = "arn:aws:iam::" + IamSession.ACCOUNT + ":role/cd-deployer";

    /** With fewer lines a day, once-a-day upkeep would drown the rest. */
    private static final double LEAST_WITH_UPKEEP = 0.1;

    /**
     * What to write.
     *
     * @param events lines wanted; at least {@link #MIN_EVENTS}, met to within 2 %
     * @param seed another seed is another day of the same cluster
     * @param start when the log begins
     * @param attacks what to hide in it
     * @param sources the logs to write; all of {@link #SOURCES} or some of them
     */
    public record Options(long events, long seed, Instant start, Set<Attack> attacks, Set<Source> sources) {
        /** @throws IllegalArgumentException if the number of events is too low or the start is no usual time */
        public Options {
            if (events < MIN_EVENTS) {
                throw new IllegalArgumentException("events must be at least " + MIN_EVENTS + ": " + events);
            }
            if (start.isBefore(Instant.parse("1970-01-01T00:00:00Z"))
                    || !start.isBefore(Instant.parse("9000-01-01T00:00:00Z"))) {
                throw new IllegalArgumentException("start must lie between the years 1970 and 9000: " + start);
            }
            if (sources.isEmpty() || !SOURCES.containsAll(sources)) {
                throw new IllegalArgumentException("sources must be some of those that are written: " + sources);
            }
            attacks = Set.copyOf(attacks);
            sources = Set.copyOf(sources);
        }

        /** A usual day with the usual attacks. */
        public static Options defaults() {
            return new Options(LINES_PER_DAY, 1, DEFAULT_START, DEFAULT_ATTACKS, SOURCES);
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
     * @param sources the lines of each source
     */
    public record Written(long lines, long bytes, List<PlantedAttack> attacks, Map<Source, Long> sources) {
        public Written {
            attacks = List.copyOf(attacks);
            sources = Map.copyOf(sources);
        }
    }

    private final Options options;

    public TrafficGenerator(Options options) {
        this.options = options;
    }

    /** Where the lines of a source go. */
    @FunctionalInterface
    public interface Output {
        OutputStream of(Source source) throws IOException;
    }

    /** Writes all sources into one stream, in the order of time, and flushes; does not close. */
    public Written write(OutputStream out) throws IOException {
        return write(source -> out);
    }

    /** Writes each source where it belongs and flushes; does not close. Memory doesn't grow with the number of lines. */
    public Written write(Output out) throws IOException {
        long start = ChronoUnit.MICROS.between(Instant.EPOCH, options.start());
        long end = start + options.duration().toNanos() / 1_000;
        double scale = Math.min(1, (double) options.events() / LINES_PER_DAY);
        Simulation simulation = new Simulation(options.seed(), start, end, options.events(), scale, options.sources());

        Cluster cluster = new Cluster(simulation.chance);
        Pods pods = new Pods(simulation, cluster);
        new ControlPlane(simulation, cluster).start();
        Nodes nodes = new Nodes(simulation, cluster, pods);
        nodes.start();
        Workloads workloads = new Workloads(simulation, cluster, pods);
        workloads.start();
        new StandingPods(simulation, cluster, pods).start();
        Churn churn = new Churn(simulation, cluster, pods);
        Caller runner = workloads.caller("ci/gitlab-runner");
        Caller scaler = workloads.caller("karpenter/karpenter");
        churn.start(runner, scaler);
        Deployer deployer = new Deployer(simulation, cluster, pods);
        deployer.start();
        Staff staff = new Staff(simulation.chance);
        new People(simulation, cluster, pods, staff).start();
        new Strangers(simulation).start();
        if (scale >= LEAST_WITH_UPKEEP) {
            new Upkeep(simulation, cluster, pods, churn).start(workloads, staff);
            new Autoscaling(simulation, cluster, pods, churn, nodes).start(scaler);
            new Previews(simulation, cluster, pods, deployer).start();
        }
        startOtherLogs(simulation, cluster);
        AttackPlan plan = new AttackPlan(simulation, cluster, staff, deployer, options.seed());
        for (Attack attack : Attack.values()) {
            if (options.attacks().contains(attack)) {
                plan.plant(attack);
            }
        }

        simulation.timeline.run(end, out);
        Map<Source, Long> written = simulation.timeline.written();
        long lines = written.values().stream().mapToLong(Long::longValue).sum();
        return new Written(lines, simulation.timeline.bytes(), plan.planted(), written);
    }

    /** What fills the logs of the other sources up to their share. */
    private static void startOtherLogs(Simulation simulation, Cluster cluster) {
        new ServiceTraffic(simulation, cluster).start();
        new Visitors(simulation, cluster).start();
        new ApplicationOutput(simulation, cluster).start();
        new ContainerProcesses(simulation, cluster).start();
        new NodeAgents(simulation, cluster).start();
        new ClusterEvents(simulation, cluster).start();
        new CloudCalls(simulation, cluster).start();
    }
}
