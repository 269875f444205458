package io.tocsin.detection;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;

/**
 * Figures that are a metric while the job runs and part of the summary when it ends: one name, two places. Names of the summary
 * are {@code tocsin.} and the metric's name.
 */
public final class Counts {
    /** What the names of accumulators start with. */
    public static final String PREFIX = "tocsin.";
    /** Signals that were dropped because their event was seen. */
    public static final String DUPLICATES = "duplicates";
    /** Signals that left the sources. */
    public static final String SIGNALS = "signals";
    /** Followed by detection and stage: signals that left the sources. */
    public static final String SIGNALS_OF = "signals|";
    /** Signals and alerts of one entity in one slot that were too many to keep. */
    public static final String PUSHED_OUT = "pushed-out";
    /** Followed by cluster and need: the stream has carried it. */
    public static final String SEEN = "seen|";
    /** Followed by an exemption's name and a detection's id: records that did not count. */
    public static final String SILENCED = "silenced|";
    /** Followed by an exemption's name: records it would have silenced, had it not expired. */
    public static final String EXPIRED = "expired|";
    /** Followed by a kind of link: signals dropped because no record told the missing part of their key. */
    public static final String UNRESOLVED = "unresolved|";
    /** Followed by a cluster: addresses outside that were learned to be its way out. */
    public static final String LEARNED_EGRESS = "learned-egress|";
    /** Accumulates some of these addresses, each as cluster, {@code |} and address. */
    public static final String LEARNED_ADDRESSES = PREFIX + "learned-egress-addresses";
    /** Followed by a detection's id. */
    public static final String ALERTS = "alerts|";

    private final RuntimeContext context;
    private final Map<String, Figure> figures = new HashMap<>();

    public Counts(RuntimeContext context) {
        this.context = context;
    }

    /** Adds one. */
    public void add(String name) {
        add(name, 1);
    }

    /** Adds some. */
    public void add(String name, long by) {
        Figure figure = figures.get(name);
        if (figure == null) {
            figure = new Figure(
                    context.getLongCounter(PREFIX + name),
                    context.getMetricGroup().counter(name.replace('|', '.')));
            figures.put(name, figure);
        }
        figure.total.add(by);
        figure.metric.inc(by);
    }

    private record Figure(LongCounter total, Counter metric) {}
}
