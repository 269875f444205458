package io.tocsin.job.bench;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.Surroundings;
import io.tocsin.sigma.match.ContentPlans;
import io.tocsin.sigma.match.RuleMatcher;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How fast logs are decoded and matched with more and more rules, and how fast decoded events are matched alone: in seconds of the
 * processor that one thread takes. Measured in turn, round after round, so that what else the machine does hits all alike; the
 * median of the rounds counts.
 */
public final class RuleThroughput {
    private static final int WARM_UP = 3;
    /** Events that are held decoded, for each number of rules. */
    private static final int HELD = 20_000;

    private final List<Corpus> corpora;
    private final Surroundings surroundings;
    private final Function<ContentPlan, DocumentDecoder> decoders;
    private final List<Load> loads = new ArrayList<>();
    private final int rounds;
    private final long roundNanos;
    private long consumed;

    /**
     * What was measured with a number of rules.
     *
     * @param rules how many rules
     * @param events events of the logs
     * @param matches how many times an event of the logs matches a rule
     * @param both events decoded and matched a second
     * @param alone events matched a second that were decoded before
     * @param consumed a sum over everything, so that none of it can be optimised away
     */
    public record Result(int rules, long events, long matches, double both, double alone, long consumed) {}

    private static final class Load {
        final int rules;
        final DocumentDecoder decoder;
        final RuleMatcher matcher;
        final List<SecurityEvent> held = new ArrayList<>();
        final double[] both;
        final double[] alone;
        long events;
        long matches;

        Load(List<SigmaRule> rules, DocumentDecoder decoder, int rounds) {
            this.rules = rules.size();
            this.decoder = decoder;
            this.matcher = new RuleMatcher(rules);
            this.both = new double[rounds];
            this.alone = new double[rounds];
        }
    }

    /**
     * A measurement.
     *
     * @param decoders makes decoders that read a plan's content
     * @param rounds how often each is measured; at least 1
     * @param round how long a round takes at least
     */
    public RuleThroughput(
            List<Corpus> corpora,
            Surroundings surroundings,
            Function<ContentPlan, DocumentDecoder> decoders,
            int rounds,
            Duration round) {
        this.corpora = List.copyOf(corpora);
        this.surroundings = surroundings;
        this.decoders = decoders;
        this.rounds = rounds;
        this.roundNanos = round.toNanos();
    }

    /**
     * Measures.
     *
     * @param shipped rules; those about logs that are not there are left out
     * @param counts how many to match
     */
    public List<Result> measure(List<SigmaRule> shipped, List<Integer> counts) {
        Set<Source> there = EnumSet.noneOf(Source.class);
        each(decoders.apply(ContentPlan.NONE), event -> there.add(event.source()));
        List<SigmaRule> about = shipped.stream()
                .filter(rule -> rule.sources().stream().anyMatch(there::contains))
                .toList();
        for (int count : counts) {
            List<SigmaRule> rules = RuleVariants.rules(about, count);
            Load load = new Load(rules, decoders.apply(ContentPlans.of(rules)), rounds);
            each(load.decoder, event -> {
                if (load.held.size() < HELD) {
                    load.held.add(event);
                }
            });
            loads.add(load);
        }
        for (int i = -WARM_UP; i < rounds; i++) {
            int round = Math.max(i, 0);
            for (Load load : loads) {
                load.both[round] = perSecond(() -> both(load));
            }
            for (Load load : loads) {
                load.alone[round] = perSecond(() -> alone(load));
            }
        }
        return loads.stream()
                .map(load -> new Result(
                        load.rules, load.events, load.matches, median(load.both), median(load.alone), consumed))
                .toList();
    }

    /** Something that goes through events and tells how many they were. */
    private interface Pass {
        long run();
    }

    private double perSecond(Pass pass) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long events = 0;
        long elapsed;
        do {
            events += pass.run();
            elapsed = threads.getCurrentThreadCpuTime() - start;
        } while (elapsed < roundNanos);
        return events * 1e9 / Math.max(elapsed, 1);
    }

    private long both(Load load) {
        load.events = 0;
        load.matches = 0;
        each(load.decoder, event -> {
            load.events++;
            load.matcher.match(new Subject(event, surroundings), (rule, level) -> load.matches++);
        });
        consumed += load.matches;
        return load.events;
    }

    private long alone(Load load) {
        for (SecurityEvent event : load.held) {
            load.matcher.match(new Subject(event, surroundings), (rule, level) -> consumed++);
        }
        return load.held.size();
    }

    private void each(DocumentDecoder decoder, Consumer<SecurityEvent> take) {
        Consumer<Decoded> events = record -> {
            SecurityEvent event = record.event();
            if (event != null) {
                take.accept(event);
            }
        };
        for (Corpus corpus : corpora) {
            Instant written = Instant.ofEpochMilli(corpus.written());
            long position = 0;
            for (Corpus.Part part : corpus.documents()) {
                Provenance provenance = new Provenance(corpus.location(), position, null, written);
                decoder.decode(part.bytes(), part.offset(), part.length(), provenance, events);
                position += part.length() + 1;
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
