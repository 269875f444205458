package io.tocsin.detection;

import io.tocsin.alert.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What is missing in a cluster and was told. One Create when it goes missing; one Close when it is back for good: when it has not
 * gone missing again for as long as the story is kept ({@code suppress-for}). In between it may come and go; that is counted and not
 * told, so that neither flapping nor a single forged record ends an alert whose cause goes on.
 */
final class OpenAlerts {
    private static final long MISSING = Long.MIN_VALUE;

    private final Map<String, Watched<?>> watched = new HashMap<>();
    private final @Nullable Instant alertFrom;
    private final Counts counts;
    private final MapState<String, Open> open;

    /**
     * State: something that is, or was just now, missing.
     *
     * @param alert what was told of it
     * @param told whether it was: earlier than the run's {@code alert-from} nothing is
     * @param what which of the watched
     * @param backMillis when it was last back; the least value while it is missing
     * @param count how often it went missing
     */
    public record Open(Alert alert, boolean told, String what, long backMillis, long count) {}

    OpenAlerts(List<Watched<?>> all, @Nullable Instant alertFrom, RuntimeContext context) {
        all.forEach(one -> watched.put(one.id(), one));
        this.alertFrom = alertFrom;
        this.counts = new Counts(context);
        this.open = context.getMapState(
                new MapStateDescriptor<>("open-alerts", Types.STRING, TypeInformation.of(Open.class)));
    }

    private static String key(Watched<?> of, String what) {
        return of.id() + "|" + what;
    }

    boolean isOpen(Watched<?> of, String what) throws Exception {
        return open.contains(key(of, what));
    }

    /** Something went missing, or is found missing again. */
    void missing(Watched<?> of, Missing missing, ClusterClock cluster, String scope, Collector<Alert> out)
            throws Exception {
        String key = key(of, missing.what());
        Open known = open.get(key);
        if (known != null) {
            open.put(key, new Open(known.alert(), known.told(), known.what(), MISSING, known.count() + 1));
            return;
        }
        Alert alert = of.alert(missing, cluster, scope);
        boolean told = mayTell(alert.time());
        open.put(key, new Open(alert, told, missing.what(), MISSING, 1));
        if (told) {
            tell(alert, out);
        }
    }

    private boolean mayTell(Instant time) {
        return alertFrom == null || !time.isBefore(alertFrom);
    }

    private void tell(Alert alert, Collector<Alert> out) {
        counts.add(Counts.ALERTS + alert.detection());
        out.collect(alert);
    }

    /** Something is back. */
    void back(Watched<?> of, String what, long millis) throws Exception {
        String key = key(of, what);
        Open known = open.get(key);
        if (known != null && known.backMillis() == MISSING) {
            open.put(key, new Open(known.alert(), known.told(), what, millis, known.count()));
        }
    }

    /**
     * Closes what is back for good.
     *
     * @param atTheEnd whether nothing more will come: then what is back is back for good
     */
    void settle(Instant now, boolean atTheEnd, Collector<Alert> out) throws Exception {
        if (open.isEmpty()) {
            return;
        }
        Map<String, Open> over = new TreeMap<>();
        List<Open> untold = new ArrayList<>();
        for (Map.Entry<String, Open> entry : open.entries()) {
            Open one = entry.getValue();
            if (one.backMillis() == MISSING) {
                if (!one.told() && mayTell(now)) {
                    untold.add(one);
                }
            } else if (atTheEnd || now.toEpochMilli() - one.backMillis() >= keptFor(one)) {
                over.put(entry.getKey(), one);
            }
        }
        for (Open one : untold) {
            // It went missing while events only taught, and still is.
            Alert alert = one.alert().at(now);
            open.put(alert.detection() + "|" + one.what(), new Open(alert, true, one.what(), MISSING, one.count()));
            tell(alert, out);
        }
        for (Map.Entry<String, Open> entry : over.entrySet()) {
            open.remove(entry.getKey());
            Open one = entry.getValue();
            Watched<?> of = watched.get(one.alert().detection());
            if (one.told() && of != null) {
                out.collect(closing(of, one, now));
            }
        }
        if (open.isEmpty()) {
            open.clear();
        }
    }

    private long keptFor(Open one) {
        Watched<?> of = watched.get(one.alert().detection());
        return of == null ? one.alert().suppressMillis() : of.configured().suppressMillis();
    }

    private static Alert closing(Watched<?> of, Open one, Instant now) {
        Alert alert = one.alert();
        Instant back = Instant.ofEpochMilli(one.backMillis());
        Map<String, String> facts = new HashMap<>(alert.facts());
        facts.put("back", back.toString());
        facts.put("duration", Duration.between(alert.start(), back).toString());
        Missing missing = new Missing(
                alert.cluster(), one.what(), alert.start(), back, true, one.count(), facts, alert.evidence());
        Instant time = now.isBefore(alert.time()) ? alert.time() : now;
        return alert.closed(time, one.count(), of.message(missing), facts);
    }

    void clear() {
        open.clear();
    }
}
