package io.tocsin.detection;

import io.tocsin.event.Slots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Collects in any order, decides in event order: what arrives waits, by slot, until the watermark has passed the end of its slot;
 * then the slot's elements are decided together, in one total order. Watermarks are aligned to slots at the sources, so what is
 * decided at a slot's end is never late for the operator behind.
 *
 * <p>The same observation delivered twice has the same time, hence the same slot and the same id: it is either still waiting, and
 * becomes one, or late. So nothing else needs to remember which events were seen.
 *
 * <p>What waits is bounded: of the elements of one kind in one slot of one key, the earliest and the latest are kept, as many of
 * each as {@link #bound} says, whatever the order they come in. A flood can therefore push out what happened amid it in the same
 * slot, but neither what it began with nor what came of it; what was pushed out is counted.
 *
 * @param <I> what is collected
 * @param <O> what is decided
 */
abstract class EventOrderFunction<I, O> extends KeyedProcessFunction<String, I, O> {
    private static final long serialVersionUID = 1L;
    private static final int DIGITS = 19;

    private final TypeInformation<I> type;

    private transient MapState<String, I> waiting;
    /** How many wait, by slot and kind. */
    private transient MapState<String, Integer> sizes;

    private transient Counts counts;

    EventOrderFunction(TypeInformation<I> type) {
        this.type = type;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        waiting = getRuntimeContext().getMapState(new MapStateDescriptor<>("waiting", Types.STRING, type));
        sizes = getRuntimeContext().getMapState(new MapStateDescriptor<>("waiting-sizes", Types.STRING, Types.INT));
        counts = new Counts(getRuntimeContext());
    }

    /** When it happened. */
    abstract Instant timeOf(I element);

    /** The total order in which elements are decided. */
    abstract Comparator<I> order();

    /** What makes two elements of one slot one; the kept one is chosen by {@link #merge}. */
    abstract String idOf(I element);

    /** Two elements with one id become one. The result must not depend on which came first. */
    abstract I merge(I one, I other);

    /** The kind of an element: those of one kind are bounded together. */
    abstract String kindOf(I element);

    /** How many of an element's kind are kept of a slot's beginning, and of its end. */
    abstract int bound(I element);

    /** Decides a slot: all its elements, in order. */
    abstract void decide(long slotEnd, List<I> elements, Context context, Collector<O> out) throws Exception;

    /** A timer that is no slot with elements: time to forget what is no longer needed. */
    abstract void expire(long timestamp, Context context, Collector<O> out) throws Exception;

    /** An element that its slot has not waited for. */
    void late(I element, Context context, Collector<O> out) throws Exception {
        throw new IllegalStateException("an element at " + timeOf(element) + " came after the watermark "
                + context.timerService().currentWatermark() + ": late events must not become signals");
    }

    @Override
    public void processElement(I element, Context context, Collector<O> out) throws Exception {
        long slotEnd = Slots.endOf(timeOf(element).toEpochMilli());
        if (slotEnd <= context.timerService().currentWatermark()) {
            late(element, context, out);
            return;
        }
        String id = prefix(slotEnd) + idOf(element);
        I before = waiting.get(id);
        waiting.put(id, before == null ? element : merge(before, element));
        context.timerService().registerEventTimeTimer(slotEnd);
        if (before == null) {
            bound(element, slotEnd);
        }
    }

    /** Counts an element that is new, and makes room at times, so that a flood costs no look at all of it for each of its own. */
    private void bound(I element, long slotEnd) throws Exception {
        String kind = kindOf(element);
        String lane = prefix(slotEnd) + kind;
        Integer before = sizes.get(lane);
        int size = (before == null ? 0 : before) + 1;
        int kept = 2 * bound(element);
        if (size > 2 * kept) {
            size = makeRoom(slotEnd, kind, kept);
        }
        sizes.put(lane, size);
    }

    /** Keeps the first and the last half of this many; how many are left. */
    private int makeRoom(long slotEnd, String kind, int kept) throws Exception {
        String prefix = prefix(slotEnd);
        List<Map.Entry<String, I>> all = new ArrayList<>();
        for (Map.Entry<String, I> entry : waiting.entries()) {
            if (entry.getKey().startsWith(prefix) && kindOf(entry.getValue()).equals(kind)) {
                all.add(Map.entry(entry.getKey(), entry.getValue()));
            }
        }
        all.sort(Map.Entry.comparingByValue(order()));
        for (Map.Entry<String, I> pushedOut : all.subList(kept / 2, all.size() - kept / 2)) {
            waiting.remove(pushedOut.getKey());
            counts.add(Counts.PUSHED_OUT);
        }
        return kept;
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<O> out) throws Exception {
        String prefix = prefix(timestamp);
        List<I> elements = new ArrayList<>();
        Iterator<Map.Entry<String, I>> entries = waiting.iterator();
        while (entries.hasNext()) {
            Map.Entry<String, I> entry = entries.next();
            if (entry.getKey().startsWith(prefix)) {
                elements.add(entry.getValue());
                entries.remove();
            }
        }
        Iterator<String> lanes = sizes.keys().iterator();
        while (lanes.hasNext()) {
            if (lanes.next().startsWith(prefix)) {
                lanes.remove();
            }
        }
        if (sizes.isEmpty()) {
            sizes.clear();
        }
        if (waiting.isEmpty()) {
            // Removed through the iterator, the heap backend would keep an empty map of every key it ever saw.
            waiting.clear();
        }
        if (elements.isEmpty()) {
            expire(timestamp, context, out);
            return;
        }
        elements.sort(order());
        decide(timestamp, elements, context, out);
    }

    private static String prefix(long slotEnd) {
        String digits = Long.toString(slotEnd);
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits + "|";
    }
}
