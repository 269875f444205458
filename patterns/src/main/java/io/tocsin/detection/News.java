package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What is new for an owner that has a history, for each detection that asks. Days are whole days (UTC), because of a thing that
 * is done all day only the first of the day gets here; so nothing is forgotten before the retention is over, and some things up to
 * a day after.
 *
 * <p>An owner has a history when it was first heard of at least {@code min-history} ago and on as many days as that has, at most
 * three: who came once three weeks ago has none. An owner that was silent for the retention begins anew.
 *
 * <p>Bounded: {@value #VALUES} things of an owner and detection, 40 to 230 bytes each; when they are too many, those not heard of for
 * longest make room. A thing that was forgotten is news again, so who fills an owner's memory makes more news, never less.
 */
final class News {
    static final int VALUES = 4_096;

    private static final int ROOM = VALUES / 8;
    private static final int EVIDENCE = 5;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int MIN_DAYS = 3;

    /** By detection. An owner's detections share a key, since keys are most of what is stored of an owner. */
    private final MapState<String, Presence> presence;
    /** The last day of each thing, by detection and thing. */
    private final MapState<String, Long> known;

    News(RuntimeContext context) {
        presence = context.getMapState(
                new MapStateDescriptor<>("presence", Types.STRING, TypeInformation.of(Presence.class)));
        known = context.getMapState(new MapStateDescriptor<>("known", Types.STRING, Types.LONG));
    }

    /**
     * State: since when an owner is there.
     *
     * @param sinceMillis when it was first heard of
     * @param lastDay the last day on which it was, in days since 1970
     * @param days on how many days it was, as far as it matters
     * @param values how many things are remembered
     */
    public record Presence(long sinceMillis, long lastDay, int days, int values) {}

    /** Whether what the owner does is news; then, or if its history is too short to tell, it is remembered. */
    boolean isNews(Signal signal, Duration minHistory, long retentionMillis) throws Exception {
        String detection = signal.detection();
        long millis = signal.time().toEpochMilli();
        long day = Math.floorDiv(millis, DAY);
        Presence before = presence.get(detection);
        if (before != null && isForgotten(before.lastDay(), millis, retentionMillis)) {
            makeRoom(detection, before.values());
            before = null;
        }
        boolean hasHistory = before != null
                && millis - before.sinceMillis() >= minHistory.toMillis()
                && before.days() >= Math.min(MIN_DAYS, minHistory.toDays());
        Presence now = before == null ? new Presence(millis, day, 1, 0) : before;
        if (day > now.lastDay()) {
            now = new Presence(now.sinceMillis(), day, Math.min(MIN_DAYS, now.days() + 1), now.values());
        }
        if (signal.recall() == Recall.PRESENCE || signal.value() == null) {
            presence.put(detection, now);
            return false;
        }
        String what = of(detection) + signal.value();
        Long last = known.get(what);
        known.put(what, last == null ? day : Math.max(last, day));
        int values = last == null ? now.values() + 1 : now.values();
        if (values > VALUES) {
            values -= makeRoom(detection, ROOM);
        }
        presence.put(detection, new Presence(now.sinceMillis(), now.lastDay(), now.days(), values));
        return hasHistory && (last == null || isForgotten(last, millis, retentionMillis));
    }

    /** News of one slot, in order, as one signal: the last one's time, the first few records. */
    static Signal together(List<Signal> news) {
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < Math.min(EVIDENCE, news.size()); i++) {
            evidence.addAll(news.get(i).evidence());
        }
        Signal last = news.get(news.size() - 1);
        Instant since = news.get(0).time();
        return last.counted(last.time(), last.eventId(), news.size(), since, List.copyOf(evidence));
    }

    private static String of(String detection) {
        return detection + "|"; // ids have none
    }

    /** Forgets so many things of a detection, those not heard of for longest; how many it were. */
    private int makeRoom(String detection, int many) throws Exception {
        List<Map.Entry<String, Long>> all = new ArrayList<>();
        for (Map.Entry<String, Long> entry : known.entries()) {
            if (entry.getKey().startsWith(of(detection))) {
                all.add(Map.entry(entry.getKey(), entry.getValue()));
            }
        }
        all.sort(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()));
        int forgotten = Math.min(many, all.size());
        for (Map.Entry<String, Long> oldest : all.subList(0, forgotten)) {
            known.remove(oldest.getKey());
        }
        return forgotten;
    }

    /** Forgets what was not seen for the retention. */
    void forget(long millis, long retentionMillis) throws Exception {
        Map<String, Integer> left = new HashMap<>();
        Iterator<Map.Entry<String, Long>> things = known.iterator();
        while (things.hasNext()) {
            Map.Entry<String, Long> thing = things.next();
            if (isForgotten(thing.getValue(), millis, retentionMillis)) {
                things.remove();
            } else {
                String detection = thing.getKey().substring(0, thing.getKey().indexOf('|'));
                left.merge(detection, 1, Integer::sum);
            }
        }
        if (left.isEmpty()) {
            known.clear();
        }
        Iterator<Map.Entry<String, Presence>> present = presence.iterator();
        while (present.hasNext()) {
            Map.Entry<String, Presence> entry = present.next();
            Presence now = entry.getValue();
            if (isForgotten(now.lastDay(), millis, retentionMillis)) {
                present.remove();
            } else {
                entry.setValue(new Presence(
                        now.sinceMillis(), now.lastDay(), now.days(), left.getOrDefault(entry.getKey(), 0)));
            }
        }
        if (presence.isEmpty()) {
            presence.clear();
        }
    }

    void clear() {
        presence.clear();
        known.clear();
    }

    private static boolean isForgotten(long lastDay, long millis, long retentionMillis) {
        return (lastDay + 1) * DAY + retentionMillis <= millis;
    }
}
