package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What is new for an owner that has a history. Days are whole days (UTC), because of a thing that is done all day only the first of
 * the day gets here; so nothing is forgotten before the retention is over, and some things up to a day after.
 *
 * <p>An owner has a history when it was first heard of at least {@code min-history} ago and on as many days as that has, at most
 * three: who came once three weeks ago has none. An owner that was silent for the retention begins anew.
 *
 * <p>Bounded: {@value #VALUES} things of an owner, 30 to 220 bytes each; when they are too many, those not heard of for longest make
 * room. A thing that was forgotten is news again, so who fills an owner's memory makes more news, never less.
 */
final class News {
    static final int VALUES = 4_096;

    private static final int ROOM = VALUES / 8;
    private static final int EVIDENCE = 5;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int MIN_DAYS = 3;

    private final ValueState<Presence> presence;
    /** The last day of each thing. */
    private final MapState<String, Long> known;

    News(RuntimeContext context) {
        presence = context.getState(new ValueStateDescriptor<>("presence", TypeInformation.of(Presence.class)));
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
        long millis = signal.time().toEpochMilli();
        long day = Math.floorDiv(millis, DAY);
        Presence before = presence.value();
        if (before != null && isForgotten(before.lastDay(), millis, retentionMillis)) {
            clear();
            before = null;
        }
        boolean hasHistory = before != null
                && millis - before.sinceMillis() >= minHistory.toMillis()
                && before.days() >= Math.min(MIN_DAYS, minHistory.toDays());
        Presence now = before == null ? new Presence(millis, day, 1, 0) : before;
        if (day > now.lastDay()) {
            now = new Presence(now.sinceMillis(), day, Math.min(MIN_DAYS, now.days() + 1), now.values());
        }
        String what = signal.value();
        if (signal.recall() == Recall.PRESENCE || what == null) {
            presence.update(now);
            return false;
        }
        Long last = known.get(what);
        known.put(what, last == null ? day : Math.max(last, day));
        int values = last == null ? now.values() + 1 : now.values();
        presence.update(new Presence(now.sinceMillis(), now.lastDay(), now.days(), makeRoom(values)));
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

    private int makeRoom(int values) throws Exception {
        if (values <= VALUES) {
            return values;
        }
        List<Map.Entry<String, Long>> all = new ArrayList<>(values);
        for (Map.Entry<String, Long> entry : known.entries()) {
            all.add(Map.entry(entry.getKey(), entry.getValue()));
        }
        all.sort(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()));
        int many = Math.min(ROOM, all.size());
        for (Map.Entry<String, Long> oldest : all.subList(0, many)) {
            known.remove(oldest.getKey());
        }
        return all.size() - many;
    }

    /** Forgets what was not seen for the retention. */
    void forget(long millis, long retentionMillis) throws Exception {
        Presence now = presence.value();
        if (now == null) {
            return;
        }
        int left = 0;
        Iterator<Map.Entry<String, Long>> things = known.iterator();
        while (things.hasNext()) {
            if (isForgotten(things.next().getValue(), millis, retentionMillis)) {
                things.remove();
            } else {
                left++;
            }
        }
        if (left == 0) {
            known.clear();
        }
        presence.update(new Presence(now.sinceMillis(), now.lastDay(), now.days(), left));
    }

    void clear() {
        presence.clear();
        known.clear();
    }

    private static boolean isForgotten(long lastDay, long millis, long retentionMillis) {
        return (lastDay + 1) * DAY + retentionMillis <= millis;
    }
}
