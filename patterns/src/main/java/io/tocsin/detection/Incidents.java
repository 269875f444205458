package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/**
 * The alerts of one identity, workload, pod or node, until it has been quiet for long enough. Keyed by {@link Involved#key()}. Told
 * once, when they become an incident: several tactics in at least two alerts, or a critical alert. When it is over and has grown,
 * one update tells the final count and severity.
 *
 * <p>One alert may be about several. A story is told once: an entity keeps silent as long as one other entity, with a better claim,
 * is in all of its alerts, for that one knows them all too.
 *
 * <p>State of an entity: at most {@value Grouped#KEPT} alerts, about 1.5 kB each, and the incident that was told.
 */
final class Incidents extends EventOrderFunction<Involved, Alert> {
    private static final long serialVersionUID = 1L;
    private static final Comparator<Involved> ORDER =
            Comparator.comparing(Involved::time).thenComparing(Involved::uid);
    private static final int MAX_ALERTS = 1_000;

    private final IncidentOptions options;

    private transient Counts counts;
    private transient ValueState<Grouped> group;
    /** What was told of the group, if it is an incident. */
    private transient ValueState<Alert> told;

    Incidents(IncidentOptions options) {
        super(Outputs.INVOLVED);
        this.options = options;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        super.open(context);
        counts = new Counts(getRuntimeContext());
        group = getRuntimeContext().getState(new ValueStateDescriptor<>("group", TypeInformation.of(Grouped.class)));
        told = getRuntimeContext().getState(new ValueStateDescriptor<>("told", Outputs.ALERT));
    }

    @Override
    Instant timeOf(Involved alert) {
        return alert.time();
    }

    @Override
    Comparator<Involved> order() {
        return ORDER;
    }

    @Override
    String idOf(Involved alert) {
        return alert.uid();
    }

    @Override
    Involved merge(Involved one, Involved other) {
        return one;
    }

    @Override
    String kindOf(Involved alert) {
        return alert.detection();
    }

    @Override
    int bound(Involved alert) {
        return MAX_ALERTS;
    }

    @Override
    void decide(long slotEnd, List<Involved> alerts, Context context, Collector<Alert> out) throws Exception {
        for (Involved alert : alerts) {
            join(alert, context, out);
        }
    }

    @Override
    void late(Involved alert, Context context, Collector<Alert> out) throws Exception {
        join(alert, context, out);
    }

    private void join(Involved alert, Context context, Collector<Alert> out) throws Exception {
        Grouped before = group.value();
        if (before != null && !alert.time().isBefore(before.last().plus(options.quiet()))) {
            close(before, out);
            before = null;
        }
        Grouped now = before == null ? Grouped.of(alert) : before.with(alert);
        group.update(now);
        if (told.value() == null && now.isIncident(options.minTactics())) {
            Alert incident = now.alert(alert.uid(), options);
            told.update(incident);
            counts.add(Counts.ALERTS + IncidentOptions.ID);
            out.collect(incident);
        }
        closeLater(now, context);
    }

    private void closeLater(Grouped known, Context context) {
        // A few times a day is often enough, and keeps the timers few.
        long grain = Math.max(1, options.quiet().toMillis() / 8);
        long end = known.last().plus(options.quiet()).toEpochMilli();
        context.timerService().registerEventTimeTimer(Math.floorDiv(end, grain) * grain + grain);
    }

    @Override
    void expire(long timestamp, Context context, Collector<Alert> out) throws Exception {
        Grouped known = group.value();
        if (known == null) {
            return;
        }
        if (known.last().plus(options.quiet()).toEpochMilli() <= timestamp) {
            close(known, out);
        } else {
            // This timer may come from a run with a shorter quiet, or from before the last alert.
            closeLater(known, context);
        }
    }

    private void close(Grouped known, Collector<Alert> out) throws Exception {
        Alert incident = told.value();
        if (incident != null) {
            Severity severity = known.severity(options);
            if (known.count() > incident.count() || severity.compareTo(incident.severity()) > 0) {
                out.collect(known.update(incident, options));
            }
        }
        group.clear();
        told.clear();
    }
}
