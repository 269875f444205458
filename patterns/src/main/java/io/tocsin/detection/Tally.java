package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One rate of one entity while a slot is decided: the distinct values counted in the window that ends at the event being looked
 * at. Values are counted exactly up to a bound; beyond it their number is known to be more than the bound.
 */
final class Tally {
    static final int EXACT = 1_024;
    private static final int EVIDENCE = 5;

    private final SignalRule.Rate rate;
    /** In event order: who is observed again moves to the end. */
    private final LinkedHashMap<String, Counted> values;

    private final Set<String> changed = new HashSet<>();
    private long weight;

    Tally(SignalRule.Rate rate, Map<String, Counted> values) {
        this.rate = rate;
        this.values = new LinkedHashMap<>();
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.comparing(Counted::signal, Signal.EVENT_ORDER)))
                .forEach(entry -> {
                    this.values.put(entry.getKey(), entry.getValue());
                    weight += entry.getValue().weight();
                });
    }

    /**
     * State: one value in the window.
     *
     * @param lastMillis when it was last observed
     * @param weight how much it counts
     * @param signal its latest observation
     */
    public record Counted(long lastMillis, int weight, Signal signal) {}

    /** Moves the window's end: what is as old as the window, or older, no longer counts. */
    void moveTo(Instant time) {
        long oldest = time.toEpochMilli() - rate.window().toMillis();
        Iterator<Map.Entry<String, Counted>> entries = values.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, Counted> entry = entries.next();
            if (entry.getValue().lastMillis() > oldest) {
                return;
            }
            weight -= entry.getValue().weight();
            changed.add(entry.getKey());
            entries.remove();
        }
    }

    /**
     * Counts an observation.
     *
     * @return whether it counted; if not, nothing may be decided at it either
     */
    boolean add(Signal signal) {
        String value = signal.value();
        if (value == null) {
            return false;
        }
        Counted before = values.get(value);
        long grain = rate.grainMillis();
        long millis = signal.time().toEpochMilli();
        if (before != null && Math.floorDiv(before.lastMillis(), grain) == Math.floorDiv(millis, grain)) {
            // How many repeats of one span arrive depends on the tasks they pass; only the earliest counts.
            return false;
        }
        if (before == null && values.size() >= bound(rate)) {
            // Room for one more is made by the oldest: the number stays "more than the bound" as long as the flood
            // lasts.
            drop(values.keySet().iterator().next());
        }
        int weighs = Math.max(signal.weight(), before == null ? 0 : before.weight());
        weight += weighs - (before == null ? 0 : before.weight());
        values.remove(value);
        values.put(value, new Counted(millis, weighs, signal));
        changed.add(value);
        return true;
    }

    /**
     * Whether the threshold is reached, and what is usual exceeded by its factor. A count that is only known to be more than the
     * bound can't be compared with a multiple beyond it: then it is enough that it usually is less.
     */
    boolean over(double usual) {
        double silent = Math.min(usual * rate.baselineFactor(), Math.max(usual, bound(rate) - 1));
        return weight >= rate.threshold() && weight > silent;
    }

    long weight() {
        return weight;
    }

    /** What has been counted, as a signal of this time: since when, the first and last few records. */
    Signal crossing(Instant time, String eventId) {
        return crossing(
                time, eventId, values.values().iterator().next().signal().time());
    }

    /** The same, for a sequence: {@code since} is when enough had been counted. */
    Signal opener(Instant time, String eventId) {
        return crossing(time, eventId, enoughSince());
    }

    private Signal crossing(Instant time, String eventId, Instant since) {
        List<Counted> counted = new ArrayList<>(values.values());
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < counted.size(); i++) {
            if (i < EVIDENCE || i >= counted.size() - EVIDENCE) {
                evidence.addAll(counted.get(i).signal().evidence());
            }
        }
        return counted.get(counted.size() - 1).signal().counted(time, eventId, weight, since, List.copyOf(evidence));
    }

    /**
     * The latest time since when enough was counted. A sequence measures its window from here: older observations that are still
     * counted don't make it longer, so nobody hides behind having been refused all day.
     */
    private Instant enoughSince() {
        List<Counted> counted = new ArrayList<>(values.values());
        long enough = 0;
        for (int i = counted.size() - 1; i > 0; i--) {
            enough += counted.get(i).weight();
            if (enough >= rate.threshold()) {
                return counted.get(i).signal().time();
            }
        }
        return counted.get(0).signal().time();
    }

    /** The id of the latest event counted. */
    String latestEvent() {
        String latest = "";
        for (Counted counted : values.values()) {
            latest = counted.signal().eventId();
        }
        return latest;
    }

    /** The values that came, changed or went. */
    Set<String> changed() {
        return changed;
    }

    /** The values in the window. */
    Map<String, Counted> values() {
        return values;
    }

    /** Up to how many values a rate is exact. */
    static int bound(SignalRule.Rate rate) {
        return Math.max(EXACT, 4 * rate.threshold());
    }

    private void drop(String value) {
        Counted gone = values.remove(value);
        if (gone != null) {
            weight -= gone.weight();
            changed.add(value);
        }
    }
}
