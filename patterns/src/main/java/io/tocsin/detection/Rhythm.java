package io.tocsin.detection;

/** State: how one source of a cluster speaks. Changed in place, and put back by whoever changed it. */
public final class Rhythm {
    /** So many records make a rhythm. */
    static final int RECORDS = 10;

    private static final int HOURS = 24;
    /** A source whose longest gap is more than so many times its mean one is irregular: its next may well be longer. */
    private static final int IRREGULAR = 3;
    /** How many times its longest gap an irregular source may pause while less than a day of it is known. */
    private static final int IRREGULAR_AND_YOUNG = 10;

    /** Event time of its first record, in ms since 1970. */
    public long firstMillis = Long.MAX_VALUE;
    /** Event time of its newest record. */
    public long newestMillis = ClusterClock.NONE;
    /** How many there were; of a slot at most {@link Pulse#MOMENTS}, and those of one moment are one. */
    public long records;
    /** The longest gap that ended in each of the last 24 hours in which it spoke, by hour modulo 24. */
    public long[] gaps = new long[HOURS];
    /** The same of gaps that were told as silences, and were over. */
    public long[] toldGaps = new long[HOURS];
    /** The newest of these hours, in hours since 1970. */
    public long gapHour = ClusterClock.NONE;
    /** The hour that is being counted. */
    public long hour = ClusterClock.NONE;
    /** Its records so far. */
    public long hourRecords;
    /** The hour that was counted before. */
    public long hourBefore = ClusterClock.NONE;
    /** Its records. */
    public long hourBeforeRecords;
    /** Its newest record when it was found silent; {@link ClusterClock#NONE} while it speaks. */
    public long silentSince = ClusterClock.NONE;
    /** The longest gap that was told as a silence and is not yet taken for usual. */
    public long toldGap;

    boolean isKnown() {
        return records >= RECORDS;
    }

    boolean isSilent() {
        return silentSince != ClusterClock.NONE;
    }

    /** The longest gap of the last 24 hours in which it spoke. */
    long usualGap() {
        return Math.max(longest(gaps), longest(toldGaps));
    }

    /**
     * How long it may pause: its usual gap. Of one that speaks irregularly the longest gap known says little of the next, so it
     * counts several times, unless even that is within the patience.
     */
    long allowedGap(long patienceMillis) {
        long longest = longest(gaps);
        long span = newestMillis - firstMillis;
        long mean = span / Math.max(1, records - 1);
        if (longest > IRREGULAR * mean && longest * IRREGULAR > patienceMillis) {
            longest *= span < HOURS * ClusterClock.HOUR ? IRREGULAR_AND_YOUNG : IRREGULAR;
        }
        return Math.max(longest, longest(toldGaps));
    }

    private static long longest(long[] all) {
        long longest = 0;
        for (long gap : all) {
            longest = Math.max(longest, gap);
        }
        return longest;
    }

    /** Takes a gap that ended at a time for usual. */
    void learn(long gap, long endMillis) {
        learn(gap, endMillis, gaps);
    }

    /** The same of a gap that was told as a silence. */
    void learnTold(long gap, long endMillis) {
        learn(gap, endMillis, toldGaps);
    }

    private void learn(long gap, long endMillis, long[] into) {
        long ended = Math.floorDiv(endMillis, ClusterClock.HOUR);
        if (gapHour == ClusterClock.NONE) {
            gapHour = ended;
        }
        for (long passed = Math.max(gapHour + 1, ended - HOURS + 1); passed <= ended; passed++) {
            gaps[(int) Math.floorMod(passed, (long) HOURS)] = 0;
            toldGaps[(int) Math.floorMod(passed, (long) HOURS)] = 0;
        }
        gapHour = Math.max(gapHour, ended);
        int at = (int) Math.floorMod(gapHour, (long) HOURS);
        into[at] = Math.max(into[at], gap);
    }

    /** Counts records; those of hours long over are not counted. */
    void count(Pulse pulse) {
        firstMillis = Math.min(firstMillis, pulse.firstMillis());
        newestMillis = Math.max(newestMillis, pulse.lastMillis());
        records += pulse.moments().size();
        long in = Math.floorDiv(pulse.lastMillis(), ClusterClock.HOUR);
        if (in > hour) {
            hourBefore = hour;
            hourBeforeRecords = hourRecords;
            hour = in;
            hourRecords = 0;
        }
        if (in == hour) {
            hourRecords += pulse.count();
        } else if (in == hourBefore) {
            hourBeforeRecords += pulse.count();
        }
    }

    /** Its records of an hour, one of the two in which it last spoke. */
    long recordsOf(long which) {
        if (which == hour) {
            return hourRecords;
        }
        return which == hourBefore ? hourBeforeRecords : 0;
    }
}
