package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What every part of the traffic shares: the clock, the dice, the logs, and the pace. Routine goes faster or slower so that the
 * number of each source's lines keeps to the plan, whatever else happens.
 */
final class Simulation {
    static final long SECOND = 1_000_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private static final long PACE_CHECK = 5 * MINUTE;

    final Timeline timeline;
    final Chance chance;
    final Logs logs;
    final long start;
    final long end;

    /** How busy the cluster is: 1 at 200,000 audit lines a day. */
    final double scale;

    private final Pace requests;
    private final Map<Source, Pace> paces = new EnumMap<>(Source.class);
    private final Map<Source, Chance> dice = new EnumMap<>(Source.class);

    Simulation(long seed, long start, long end, long lines, double busyness, Set<Source> sources) {
        this.timeline = new Timeline(sources);
        this.chance = new Chance(seed);
        this.logs = new Logs(timeline, seed);
        this.start = start;
        this.end = end;
        Shares shares = new Shares(sources);
        this.scale = busyness * shares.ofApi();
        this.requests = new Pace(lines * shares.ofApi(), () -> logs.audit.lines() + logs.authenticator.lines());
        for (Source source : sources) {
            paces.put(source, new Pace(lines * shares.of(source), logs.of(source)::lines));
            dice.put(
                    source, new Chance(seed ^ (0x9FB21C651E98DF25L * source.id().hashCode())));
        }
        timeline.at(start + PACE_CHECK, this::adjustPace);
    }

    private final class Pace {
        private final double planned;
        private final LongSupplier lines;
        private double wait = 1;

        private Pace(double planned, LongSupplier lines) {
            this.planned = Math.max(1, planned);
            this.lines = lines;
        }

        private void adjust(long now) {
            double due = planned * (now - start) / (end - start);
            double perHour = planned * HOUR / (end - start);
            double ahead = (lines.getAsLong() - due) / perHour;
            wait = Math.min(4, Math.max(0.25, 1 + ahead));
        }
    }

    private void adjustPace(long now) {
        requests.adjust(now);
        paces.values().forEach(pace -> pace.adjust(now));
        timeline.at(now + PACE_CHECK, this::adjustPace);
    }

    /** Routine requests: so many times a day in a busy cluster, fewer where the plan asks for fewer lines. */
    void routinely(double timesADay, Timeline.Step step) {
        double gap = DAY / (timesADay * scale);
        timeline.at(start + (long) (chance.unit() * gap), now -> again(now, gap, requests, step, chance));
    }

    /** So many times a day in a busy cluster; the pace leaves it alone. */
    void daily(double timesADay, Timeline.Step step) {
        double gap = DAY / (timesADay * scale);
        timeline.at(start + (long) (chance.unit() * gap), now -> again(now, gap, null, step, chance));
    }

    /**
     * What fills a source up to its share of the lines.
     *
     * @param part the part of the source's lines that this step is for
     * @param lines lines that the step logs on average
     */
    void fill(Source source, double part, double lines, Timeline.Step step) {
        Pace pace = paces.get(source);
        Chance own = dice.get(source);
        if (pace == null || own == null) {
            return;
        }
        double gap = (end - start) / (pace.planned * part / lines);
        timeline.at(start + (long) (own.unit() * gap), now -> again(now, gap, pace, step, own));
    }

    /** So often as that, whatever the plan, and never much later: something rare whose absence would be noticed. */
    void steadily(Source source, long gap, Timeline.Step step) {
        Chance own = dice.get(source);
        if (own != null) {
            timeline.at(start + (long) (own.unit() * gap), now -> steady(now, gap, step, own));
        }
    }

    private void steady(long now, long gap, Timeline.Step step, Chance own) {
        step.run(now);
        timeline.at(now + (long) (gap * (0.9 + 0.2 * own.unit())), next -> steady(next, gap, step, own));
    }

    private void again(long now, double gap, @Nullable Pace pace, Timeline.Step step, Chance own) {
        step.run(now);
        double wait = gap * (pace == null ? 1 : pace.wait) * (0.5 + own.unit());
        timeline.at(now + Math.max(1, (long) wait), next -> again(next, gap, pace, step, own));
    }
}
