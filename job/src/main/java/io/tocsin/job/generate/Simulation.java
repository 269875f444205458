package io.tocsin.job.generate;

/**
 * What every part of the traffic shares: the clock, the dice, the logs, and the pace. Routine requests go faster or slower so
 * that the number of lines keeps to the plan, whatever else happens.
 */
final class Simulation {
    static final long SECOND = 1_000_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private static final long PACE_CHECK = 5 * MINUTE;

    final Timeline timeline = new Timeline();
    final Chance chance;
    final AuditLog audit;
    final AuthenticatorLog authenticator;
    final long start;
    final long end;

    /** How busy the cluster is: 1 at 200,000 lines a day. */
    final double scale;

    private final long lines;
    private double pace = 1;

    Simulation(long seed, long start, long end, long lines, double scale) {
        this.chance = new Chance(seed);
        this.audit = new AuditLog(timeline, new Chance(seed ^ 0x5DEECE66DL));
        this.authenticator = new AuthenticatorLog(timeline, new Chance(seed ^ 0x2545F491L));
        this.start = start;
        this.end = end;
        this.lines = lines;
        this.scale = scale;
        timeline.at(start + PACE_CHECK, this::adjustPace);
    }

    private void adjustPace(long now) {
        double planned = (double) lines * (now - start) / (end - start);
        double perHour = (double) lines * HOUR / (end - start);
        double ahead = (audit.lines() + authenticator.lines() - planned) / perHour;
        pace = Math.min(4, Math.max(0.25, 1 + ahead));
        timeline.at(now + PACE_CHECK, this::adjustPace);
    }

    /** Routine: so many times a day in a busy cluster, fewer where the plan asks for fewer lines. */
    void routinely(double timesADay, Timeline.Step step) {
        double gap = DAY / (timesADay * scale);
        timeline.at(start + (long) (chance.unit() * gap), now -> again(now, gap, true, step));
    }

    /** So many times a day in a busy cluster; the pace leaves it alone. */
    void daily(double timesADay, Timeline.Step step) {
        double gap = DAY / (timesADay * scale);
        timeline.at(start + (long) (chance.unit() * gap), now -> again(now, gap, false, step));
    }

    private void again(long now, double gap, boolean paced, Timeline.Step step) {
        step.run(now);
        double wait = gap * (paced ? pace : 1) * (0.5 + chance.unit());
        timeline.at(now + Math.max(1, (long) wait), next -> again(next, gap, paced, step));
    }
}
