package io.tocsin.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.transformations.PartitionTransformation;
import org.apache.flink.streaming.api.transformations.SideOutputTransformation;
import org.apache.flink.streaming.api.transformations.UnionTransformation;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph of one-input operators in this thread, without a cluster: the real operators as they are wired, under watermarks
 * that the test moves. Everything that an element or a watermark causes has happened when the call returns.
 */
@SuppressWarnings({"unchecked", "rawtypes", "try"}) // a harness may be interrupted when it closes
public final class GraphRunner implements AutoCloseable {
    private static final long SECOND = 1_000;

    private final List<Transformation<?>> entries;
    private final long[] watermarks;
    private final Map<Transformation<?>, Node> nodes = new LinkedHashMap<>();
    private final List<Edge> exits = new ArrayList<>();
    private final Consumer<Object> sink;
    private boolean clockStands;

    /** Runs what stands between the entry and the exit. */
    public GraphRunner(Transformation<?> entry, Transformation<?> exit, Consumer<Object> sink) {
        this(List.of(entry), exit, sink);
    }

    /** Runs what stands between several entries, each with its own watermark, and the exit. */
    public GraphRunner(List<? extends Transformation<?>> entries, Transformation<?> exit, Consumer<Object> sink) {
        this.entries = List.copyOf(entries);
        this.watermarks = new long[entries.size()];
        Arrays.fill(watermarks, Long.MIN_VALUE);
        this.sink = sink;
        for (Edge edge : inputs(exit, null)) {
            exits.add(edge);
        }
    }

    /** Opens the operators, with the state that operators of these uids had. */
    public void open(Map<String, OperatorSubtaskState> states) throws Exception {
        for (Node node : nodes.values()) {
            OperatorSubtaskState state = states.get(node.uid);
            node.harness.setup();
            if (state != null) {
                node.harness.initializeState(state);
            }
            node.harness.open();
        }
    }

    /** Sends an element in at the first entry. */
    public void send(Object element, long timestamp) throws Exception {
        send(0, element, timestamp);
    }

    /** Sends an element in at one of the entries. */
    public void send(int entry, Object element, long timestamp) throws Exception {
        for (Node node : nodes.values()) {
            if (node.entry == entry) {
                node.inbox.add(new StreamRecord<>(element, timestamp));
            }
        }
        run();
    }

    /** Moves the watermark at every entry. */
    public void watermark(long watermark) throws Exception {
        Arrays.fill(watermarks, watermark);
        run();
    }

    /** Moves the watermark at one of the entries; behind all of them the lowest holds. */
    public void watermark(int entry, long watermark) throws Exception {
        watermarks[entry] = watermark;
        run();
    }

    /** From now on the wall clock stands between watermarks, as in a replay that is very fast; else each waits for no other. */
    public void standStill() {
        clockStands = true;
    }

    /** Moves the wall clock of every operator. */
    public void processingTime(long millis) throws Exception {
        for (Node node : nodes.values()) {
            node.harness.setProcessingTime(millis);
            drain(node);
        }
        run();
    }

    /** The state of every operator, by uid, as a checkpoint takes it: what operators hold back goes on before the barrier. */
    public Map<String, OperatorSubtaskState> snapshot() throws Exception {
        for (Node node : nodes.values()) {
            node.harness.prepareSnapshotPreBarrier(0);
            drain(node);
        }
        run();
        Map<String, OperatorSubtaskState> states = new HashMap<>();
        for (Node node : nodes.values()) {
            states.put(node.uid, node.harness.snapshot(0, 0));
        }
        return states;
    }

    /** Entries of keyed state in all operators together. */
    public int keyedStateEntries() {
        int entries = 0;
        for (Node node : nodes.values()) {
            if (node.harness instanceof KeyedOneInputStreamOperatorTestHarness keyed) {
                entries += keyed.numKeyedStateEntries();
            }
        }
        return entries;
    }

    /** Entries of keyed state in each operator that keeps keyed state, by uid. */
    public Map<String, Integer> keyedStateEntriesByUid() {
        Map<String, Integer> entries = new LinkedHashMap<>();
        for (Node node : nodes.values()) {
            if (node.harness instanceof KeyedOneInputStreamOperatorTestHarness keyed) {
                entries.put(node.uid, keyed.numKeyedStateEntries());
            }
        }
        return entries;
    }

    /** Event-time timers that are set in each operator that keeps keyed state, by uid. */
    public Map<String, Integer> timersByUid() {
        Map<String, Integer> timers = new LinkedHashMap<>();
        for (Node node : nodes.values()) {
            if (node.harness instanceof KeyedOneInputStreamOperatorTestHarness keyed) {
                timers.put(node.uid, keyed.numEventTimeTimers());
            }
        }
        return timers;
    }

    /** How many records an operator has been sent, by its uid. */
    public long received(String uid) {
        return nodes.values().stream()
                .filter(node -> node.uid.equals(uid))
                .mapToLong(node -> node.received)
                .sum();
    }

    /** What the operators have counted under this name since the start or the last restart. */
    public long counted(String name) {
        long total = 0;
        for (Node node : nodes.values()) {
            AbstractStreamOperator<?> operator = (AbstractStreamOperator<?>) node.harness.getOperator();
            Object accumulator = operator.getRuntimeContext().<Long, Long>getAccumulator(name);
            total += accumulator instanceof LongCounter counter ? counter.getLocalValuePrimitive() : 0;
        }
        return total;
    }

    /** The uids of the operators, in the order of the graph. */
    public List<String> uids() {
        return nodes.values().stream().map(node -> node.uid).toList();
    }

    @Override
    public void close() throws Exception {
        for (Node node : nodes.values()) {
            node.harness.close();
        }
    }

    private void run() throws Exception {
        for (Node node : nodes.values()) {
            while (!node.inbox.isEmpty()) {
                node.received++;
                node.harness.processElement(node.inbox.poll());
                drain(node);
            }
            long watermark = Long.MAX_VALUE;
            for (Edge edge : node.edges) {
                watermark = Math.min(watermark, edge.from() == null ? watermarks[edge.entry()] : edge.from().emitted);
            }
            if (watermark > node.watermark) {
                node.watermark = watermark;
                node.harness.processWatermark(new Watermark(watermark));
                if (!clockStands && !(node.harness instanceof KeyedOneInputStreamOperatorTestHarness)) {
                    // Watermarks are spaced before the exchange; nothing else there looks at the wall clock.
                    node.harness.setProcessingTime(node.harness.getProcessingTime() + SECOND);
                }
                drain(node);
            }
        }
    }

    private void drain(Node node) {
        Object out;
        Queue<Object> main = node.harness.getOutput();
        while ((out = main.poll()) != null) {
            if (out instanceof StreamRecord record) {
                deliver(node, null, record);
            } else if (out instanceof Watermark mark) {
                node.emitted = mark.getTimestamp();
            }
        }
        for (OutputTag tag : node.tags) {
            Queue<StreamRecord> side = node.harness.getSideOutput(tag);
            StreamRecord record;
            while (side != null && (record = side.poll()) != null) {
                deliver(node, tag, record);
            }
        }
    }

    private void deliver(Node from, @Nullable OutputTag tag, StreamRecord record) {
        for (Node node : nodes.values()) {
            for (Edge edge : node.edges) {
                if (edge.leads(from, tag)) {
                    node.inbox.add(record);
                }
            }
        }
        for (Edge edge : exits) {
            if (edge.leads(from, tag)) {
                sink.accept(record.getValue());
            }
        }
    }

    /** The nodes that a transformation reads, through unions, partitions and side outputs; made where they are missing. */
    private List<Edge> inputs(Transformation<?> transformation, @Nullable OutputTag tag) {
        int entry = entries.indexOf(transformation);
        if (entry >= 0) {
            return List.of(new Edge(null, null, entry));
        }
        if (transformation instanceof UnionTransformation<?> union) {
            List<Edge> edges = new ArrayList<>();
            for (Transformation<?> input : union.getInputs()) {
                edges.addAll(inputs(input, tag));
            }
            return edges;
        }
        if (transformation instanceof PartitionTransformation<?> partition) {
            return inputs(partition.getInputs().get(0), tag);
        }
        if (transformation instanceof SideOutputTransformation<?> side) {
            return inputs(side.getInputs().get(0), side.getOutputTag());
        }
        if (transformation instanceof OneInputTransformation<?, ?> operator) {
            Node node = nodes.get(operator);
            if (node == null) {
                List<Edge> edges = inputs(operator.getInputs().get(0), null);
                node = new Node(operator, edges);
                nodes.put(operator, node);
            }
            if (tag != null && !node.tags.contains(tag)) {
                node.tags.add(tag);
            }
            return List.of(new Edge(node, tag, -1));
        }
        throw new IllegalStateException("no one-input operator: " + transformation);
    }

    private record Edge(@Nullable Node from, @Nullable OutputTag tag, int entry) {
        boolean leads(Node node, @Nullable OutputTag side) {
            return from == node && (tag == null ? side == null : tag.equals(side));
        }
    }

    private static final class Node {
        private final String uid;
        private final List<Edge> edges;
        private final int entry;
        private final List<OutputTag> tags = new ArrayList<>();
        private final Deque<StreamRecord> inbox = new ArrayDeque<>();
        private final OneInputStreamOperatorTestHarness harness;
        private long watermark = Long.MIN_VALUE;
        private long emitted = Long.MIN_VALUE;
        private long received;

        Node(OneInputTransformation<?, ?> operator, List<Edge> edges) {
            this.uid = operator.getUid() == null ? operator.getName() : operator.getUid();
            this.edges = edges;
            this.entry = edges.stream().mapToInt(Edge::entry).max().orElse(-1);
            try {
                harness = harness(operator);
            } catch (Exception e) {
                throw new IllegalStateException(uid + " can't be run", e);
            }
        }

        private static OneInputStreamOperatorTestHarness harness(OneInputTransformation<?, ?> operator)
                throws Exception {
            KeySelector key = operator.getStateKeySelector();
            TypeInformation keyType = operator.getStateKeyType();
            if (operator.getOperatorFactory() instanceof SimpleOperatorFactory simple) {
                OneInputStreamOperator function = (OneInputStreamOperator) simple.getOperator();
                return key == null
                        ? new OneInputStreamOperatorTestHarness(function)
                        : new KeyedOneInputStreamOperatorTestHarness(function, key, keyType);
            }
            OneInputStreamOperatorFactory factory = (OneInputStreamOperatorFactory) operator.getOperatorFactory();
            return key == null
                    ? new OneInputStreamOperatorTestHarness(factory)
                    : new KeyedOneInputStreamOperatorTestHarness(factory, key, keyType);
        }
    }
}
