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
 * @param <I> what is collected
 * @param <O> what is decided
 */
abstract class EventOrderFunction<I, O> extends KeyedProcessFunction<String, I, O> {
    private static final long serialVersionUID = 1L;
    private static final int DIGITS = 19;

    private final TypeInformation<I> type;

    private transient MapState<String, I> waiting;

    EventOrderFunction(TypeInformation<I> type) {
        this.type = type;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        waiting = getRuntimeContext().getMapState(new MapStateDescriptor<>("waiting", Types.STRING, type));
    }

    /** When it happened. */
    abstract Instant timeOf(I element);

    /** The total order in which elements are decided. */
    abstract Comparator<I> order();

    /** What makes two elements of one slot one; the kept one is chosen by {@link #merge}. */
    abstract String idOf(I element);

    /** Two elements with one id become one. The result must not depend on which came first. */
    abstract I merge(I one, I other);

    /** Decides a slot: all its elements, in order. */
    abstract void decide(long slotEnd, List<I> elements, Context context, Collector<O> out) throws Exception;

    /** A timer that is no slot with elements: time to forget what is no longer needed. */
    abstract void expire(long timestamp, Context context) throws Exception;

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
        if (waiting.isEmpty()) {
            // Removed through the iterator, the heap backend would keep an empty map of every key it ever saw.
            waiting.clear();
        }
        if (elements.isEmpty()) {
            expire(timestamp, context);
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
