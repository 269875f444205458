package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A completed sequence: the signal of each stage. */
public final class Match {
    private final Map<String, List<Signal>> stages;
    private final Signal first;
    private final Signal last;

    Match(Map<String, List<Signal>> stages) {
        this.stages = stages;
        List<Signal> all = new ArrayList<>();
        stages.values().forEach(all::addAll);
        all.sort(Signal.EVENT_ORDER);
        this.first = all.get(0);
        this.last = all.get(all.size() - 1);
    }

    /**
     * The signal of a stage.
     *
     * @throws IllegalArgumentException if the pattern has no such stage
     */
    public Signal signal(String stage) {
        List<Signal> signals = stages.get(stage);
        if (signals == null || signals.isEmpty()) {
            throw new IllegalArgumentException("no stage of this name in the match: " + stage);
        }
        return signals.get(0);
    }

    /** Whether the match has this stage: an optional one may be missing. */
    boolean has(String stage) {
        List<Signal> signals = stages.get(stage);
        return signals != null && !signals.isEmpty();
    }

    /** The signal that opened the sequence. */
    public Signal first() {
        return first;
    }

    /** The signal that completed it. */
    public Signal last() {
        return last;
    }

    /** The record that completed it. */
    public Evidence completing() {
        return last.evidence().get(last.evidence().size() - 1);
    }

    /** Whether each stage began when the one before it had happened. */
    boolean inOrder() {
        List<Signal> all = new ArrayList<>();
        stages.values().forEach(all::addAll);
        all.sort(Signal.EVENT_ORDER);
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).since().isBefore(all.get(i - 1).time())) {
                return false;
            }
        }
        return true;
    }

    /** The records in event order; of a stage that counts those after a time: what it counted before is no part of the story. */
    List<Evidence> evidenceAfter(Instant time) {
        List<Signal> all = new ArrayList<>();
        stages.values().forEach(all::addAll);
        all.sort(Signal.EVENT_ORDER);
        List<Evidence> evidence = new ArrayList<>();
        for (Signal signal : all) {
            for (Evidence record : signal.evidence()) {
                boolean counts = !signal.since().equals(signal.time());
                if (!counts || record.time().isAfter(time)) {
                    evidence.add(record);
                }
            }
        }
        return List.copyOf(evidence);
    }
}
