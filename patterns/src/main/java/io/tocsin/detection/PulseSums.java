package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.detection.Pulse.Counter;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sums one task holds back, by slot. Not state: they are flushed before every checkpoint. */
final class PulseSums {
    /** So many changes of logging are told of one cluster and slot. */
    static final int CHANGES = 8;
    /** At most so many sums are held; then all are flushed. */
    private static final int HELD = 50_000;

    private final TreeMap<Long, Map<Id, Held>> sums = new TreeMap<>();
    private final TreeMap<Long, Map<String, TreeSet<Pulse>>> changes = new TreeMap<>();
    private int held;
    private @Nullable Id recentId;
    private @Nullable Held recent;

    /** What a sum is of. */
    private record Id(String scope, Source source, Counter counter, String of, long about, long slotEnd) {}

    private static final class Held {
        private final String cluster;
        private final @Nullable String account;
        private long count;
        private long first;
        private long last;
        private long[] moments = new long[1];
        private int told;

        Held(String cluster, @Nullable String account, long millis) {
            this.cluster = cluster;
            this.account = account;
            this.first = millis;
            this.last = millis;
        }

        void add(long millis) {
            count++;
            first = Math.min(first, millis);
            last = Math.max(last, millis);
        }

        /** Notes when, if it is among the first few. */
        void at(long millis) {
            int place = told;
            while (place > 0 && moments[place - 1] > millis) {
                place--;
            }
            if (place == Pulse.MOMENTS || (place > 0 && moments[place - 1] == millis)) {
                return;
            }
            if (told == moments.length && told < Pulse.MOMENTS) {
                moments = Arrays.copyOf(moments, Math.min(Pulse.MOMENTS, 2 * told));
            }
            told = Math.min(told + 1, Pulse.MOMENTS);
            System.arraycopy(moments, place, moments, place + 1, told - 1 - place);
            moments[place] = millis;
        }
    }

    /** Whether there are too many. */
    boolean full() {
        return held > HELD;
    }

    /** Counts one record of a source. */
    void record(String scope, String cluster, @Nullable String account, Source source, long millis) {
        long slotEnd = Slots.endOf(millis);
        Id id = recentId;
        Held sum = recent;
        // Most records follow one of the same cluster, source and slot.
        if (sum == null || id == null || id.slotEnd != slotEnd || id.source != source || !id.scope.equals(scope)) {
            id = new Id(scope, source, Counter.RECORDS, "", 0, slotEnd);
            sum = of(id, cluster, account, millis);
            recentId = id;
            recent = sum;
        }
        sum.add(millis);
        sum.at(millis);
    }

    /** Counts one of a counter. */
    void count(
            String scope,
            String cluster,
            @Nullable String account,
            Source source,
            Counter counter,
            String of,
            long about,
            long millis) {
        of(new Id(scope, source, counter, of, about, Slots.endOf(millis)), cluster, account, millis)
                .add(millis);
    }

    private Held of(Id id, String cluster, @Nullable String account, long millis) {
        Map<Id, Held> ofSlot = sums.computeIfAbsent(id.slotEnd, any -> new HashMap<>());
        Held sum = ofSlot.get(id);
        if (sum == null) {
            sum = new Held(cluster, account, millis);
            ofSlot.put(id, sum);
            held++;
        }
        return sum;
    }

    /** Holds a change of logging. */
    void change(String scope, Source source, Evidence change) {
        long millis = change.time().toEpochMilli();
        long slotEnd = Slots.endOf(millis);
        TreeSet<Pulse> ofSlot = changes.computeIfAbsent(slotEnd, any -> new HashMap<>())
                .computeIfAbsent(scope, any -> new TreeSet<>(Pulse.CHANGES));
        Pulse pulse = new Pulse(
                scope,
                change.cluster(),
                change.account(),
                source.id(),
                Counter.CHANGE,
                change.eventId(),
                0,
                slotEnd,
                1,
                millis,
                millis,
                change,
                List.of());
        // One delivered twice is one.
        if (ofSlot.add(pulse)) {
            held++;
        }
        if (ofSlot.size() > CHANGES) {
            ofSlot.pollLast();
            held--;
        }
    }

    /** Hands on and forgets the sums of all slots that end at or before this time. */
    void flush(long upTo, Consumer<Pulse> out) {
        recent = null;
        recentId = null;
        Map<Long, Map<Id, Held>> over = sums.headMap(upTo, true);
        for (Map<Id, Held> ofSlot : over.values()) {
            held -= ofSlot.size();
            for (Map.Entry<Id, Held> entry : ofSlot.entrySet()) {
                out.accept(pulse(entry.getKey(), entry.getValue()));
            }
        }
        over.clear();
        Map<Long, Map<String, TreeSet<Pulse>>> changed = changes.headMap(upTo, true);
        for (Map<String, TreeSet<Pulse>> ofSlot : changed.values()) {
            for (TreeSet<Pulse> ofCluster : ofSlot.values()) {
                held -= ofCluster.size();
                ofCluster.forEach(out);
            }
        }
        changed.clear();
    }

    private static Pulse pulse(Id id, Held sum) {
        return new Pulse(
                id.scope,
                sum.cluster,
                sum.account,
                id.source.id(),
                id.counter,
                id.of,
                id.about,
                id.slotEnd,
                sum.count,
                sum.first,
                sum.last,
                null,
                Arrays.stream(sum.moments, 0, sum.told).boxed().toList());
    }
}
