package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.event.Zone;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What is usual for an owner (an identity, a credential, a cluster), and so which signals are news. Keyed by {@link
 * Signal#owner()}.
 *
 * <ul>
 *   <li>{@link Recall#SUCCESS}: passes if the address is new; then teaches it. {@link Recall#NEW_ADDRESS}: teaches nothing.
 *   <li>{@link Recall#REFUSAL}: passes if the address is new, and the same request was not refused before from a known address.
 *   <li>{@link Recall#NEW_USE}: passes if the owner has a home and was never heard of at this address; then teaches it. {@link
 *       Recall#NEW_OR_OUTSIDE_USE}: from outside, without a home too; {@link Recall#FIRST_USE}: from anywhere.
 *   <li>{@link Recall#KEY}: passes, and its key becomes known. {@link Recall#EVERY_KEY}: passes once for each known key.
 *   <li>{@link Recall#LESSON}: does not pass; its address becomes known. {@link Recall#STRANGER}: passes if its address is not.
 *       Lessons of a slot are heard before its questions, whatever their order.
 *   <li>{@link Recall#OUTSIDE}: passes unless the address, whose history this is, is {@link LearnedEgress} to the token's node.
 *   <li>{@link Recall#ELSEWHERE}: passes if {@link Places another place} is in use.
 *   <li>{@link Recall#FIRST}: passes if its value is not remembered; then it is.
 *   <li>{@link Recall#CAUSE}, {@link Recall#STANDING}, {@link Recall#EFFECT}, {@link Recall#EFFECT_IF_CAUSED}: {@link Causes}.
 *   <li>{@link Recall#NEWS}, {@link Recall#PRESENCE}: see {@link News}. What is new is an alert of its own.
 * </ul>
 *
 * <p>The first address of an owner is its home and never new. Any other is new until its first counted success is the detection's
 * {@code known-after} older than the event judged. An owner without a home has nothing that is new.
 */
final class Histories extends SignalFunction {
    private static final long serialVersionUID = 1L;
    private static final int KEYS = 4_096;
    /** How many learned addresses a task counts in a run, and how many of them it names. */
    private static final int TOLD = 4_096;

    private static final int NAMED = 64;
    private static final int REFUSALS = 256;
    private static final Duration CREDENTIAL_RETENTION = Duration.ofDays(2);
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final List<Configured<?>> configured;
    private final Identities identities;
    private final HistoryOptions options;

    private transient Counts counts;
    private transient Set<String> told;
    private transient ListAccumulator<String> named;
    private transient Map<String, Duration> knownAfter;
    private transient Map<String, Duration> windows;
    private transient ValueState<Owner> owner;
    private transient MapState<String, Seen> addresses;
    private transient MapState<String, Long> refusals;
    private transient MapState<String, Long> keys;
    private transient Places places;
    private transient Causes causes;
    private transient News news;

    Histories(List<Configured<?>> configured, Identities identities, HistoryOptions options) {
        this.configured = configured;
        this.identities = identities;
        this.options = options;
    }

    /**
     * State: what is known of an owner as a whole.
     *
     * @param home its first address; null while it has none
     * @param known how many addresses are remembered
     * @param overflowed whether addresses had to be forgotten for want of room
     * @param lastMillis when it was last heard of
     * @param dueMillis when it is next looked at what may be forgotten: the only timer of an owner beside those of slots
     */
    public record Owner(@Nullable String home, int known, boolean overflowed, long lastMillis, long dueMillis) {
        private static final long NEVER = Long.MAX_VALUE;

        static Owner heardAt(long millis) {
            return new Owner(null, 0, false, millis, NEVER);
        }
    }

    /**
     * State: when an address was seen.
     *
     * @param firstMillis the first counted success
     * @param lastMillis the last one heard of
     */
    public record Seen(long firstMillis, long lastMillis) {}

    @Override
    public void open(OpenContext context) throws Exception {
        super.open(context);
        counts = new Counts(getRuntimeContext());
        told = new HashSet<>();
        named = new ListAccumulator<>();
        getRuntimeContext().addAccumulator(Counts.LEARNED_ADDRESSES, named);
        knownAfter = new HashMap<>();
        windows = new HashMap<>();
        for (Configured<?> detection : configured) {
            List<SignalRule> rules = detection.rules(identities);
            for (SignalRule rule : rules) {
                knownAfter.merge(detection.info().id(), rule.newness().knownAfter(), Histories::longer);
            }
            windows.put(detection.info().id(), Plan.windowOf(detection));
        }
        owner = getRuntimeContext().getState(new ValueStateDescriptor<>("owner", TypeInformation.of(Owner.class)));
        addresses = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("addresses", Types.STRING, TypeInformation.of(Seen.class)));
        refusals = getRuntimeContext().getMapState(new MapStateDescriptor<>("refusals", Types.STRING, Types.LONG));
        keys = getRuntimeContext().getMapState(new MapStateDescriptor<>("keys", Types.STRING, Types.LONG));
        places = new Places(getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("places", Types.STRING, TypeInformation.of(Places.Told.class))));
        causes = new Causes(getRuntimeContext());
        news = new News(getRuntimeContext());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @Override
    String idOf(Signal signal) {
        boolean each = signal.value() == null || Causes.isAbout(signal);
        String what = each ? signal.eventId() : signal.value();
        return signal.detection() + "|" + signal.stage() + "|" + signal.key() + "|" + what;
    }

    @Override
    void decide(long slotEnd, List<Signal> signals, Context context, Collector<Signal> out) throws Exception {
        Map<String, Boolean> judged = new HashMap<>();
        Map<String, List<Signal>> fresh = new TreeMap<>();
        for (Signal signal : signals) {
            if (signal.recall() == Recall.LESSON) {
                learn(signal);
                tellEgress(signal);
            }
        }
        for (Signal signal : signals) {
            switch (signal.recall()) {
                case LESSON -> {}
                case STRANGER -> {
                    if (signal.address() == null || !addresses.contains(signal.address())) {
                        out.collect(signal.judged());
                    }
                }
                case OUTSIDE -> {
                    if (!isEgress(signal)) {
                        // What was asked about was the node; what goes on tells the peer again.
                        out.collect(
                                signal.judged().from(signal.evidence().get(0).address()));
                    }
                }
                case NOTHING -> out.collect(signal);
                case FIRST -> first(signal, judged, out);
                case ELSEWHERE -> elsewhere(signal, out);
                case NEW_ADDRESS -> {
                    if (isNew(signal)) {
                        out.collect(signal.judged());
                    }
                }
                case SUCCESS -> {
                    boolean isNew = isNew(signal);
                    learn(signal);
                    if (isNew) {
                        out.collect(signal.judged());
                    }
                }
                case NEW_USE, NEW_OR_OUTSIDE_USE, FIRST_USE -> {
                    // One use may be a signal of several stages and entities: it is new to all of them or to none.
                    String use = signal.recall() + "|" + signal.eventId();
                    Boolean isNew = judged.get(use);
                    if (isNew == null) {
                        isNew = isNewUse(signal);
                        judged.put(use, isNew);
                    }
                    learn(signal);
                    if (isNew) {
                        out.collect(signal.judged());
                    }
                }
                case SIGHTING -> {
                    sight(signal);
                    out.collect(signal.judged());
                }
                case REFUSAL -> refused(signal, out);
                case KEY -> {
                    remember(keys, signal.key(), signal.time().toEpochMilli(), KEYS);
                    out.collect(signal.judged());
                }
                case EVERY_KEY -> everyKey(signal, out);
                case PRESENCE, NEWS -> {
                    Duration minHistory = knownAfter.getOrDefault(signal.detection(), Duration.ZERO);
                    if (news.isNews(signal, minHistory, retentionMillis(context))) {
                        fresh.computeIfAbsent(signal.detection(), any -> new ArrayList<>())
                                .add(signal);
                    }
                }
                case CAUSE, STANDING -> causes.cause(signal, windowMillis(signal), out);
                case EFFECT, EFFECT_IF_CAUSED -> causes.effect(signal, windowMillis(signal), out);
            }
        }
        for (List<Signal> ofOne : fresh.values()) {
            context.output(Outputs.decided(ofOne.get(0).detection()), News.together(ofOne));
        }
        // Of an address from which no node ever called nothing is remembered, or strangers would fill the state.
        if (signals.get(0).recall() != Recall.OUTSIDE || owner.value() != null) {
            touch(signals.get(signals.size() - 1).time().toEpochMilli(), slotEnd, context);
        }
    }

    /** Whether the token's node, or several nodes, called from the address whose history this is, and not too long ago. */
    private boolean isEgress(Signal signal) throws Exception {
        long oldest = signal.time().toEpochMilli() - options.retention().toMillis();
        int nodes = 0;
        for (Map.Entry<String, Seen> entry : addresses.entries()) {
            if (entry.getValue().lastMillis() > oldest) {
                nodes++;
                if (nodes >= LearnedEgress.NODES || entry.getKey().equals(signal.address())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Says once a run which addresses were learned. */
    private void tellEgress(Signal lesson) {
        if (!lesson.detection().equals(LearnedEgress.ID) || told.size() >= TOLD || !told.add(lesson.key())) {
            return;
        }
        Evidence call = lesson.evidence().get(0);
        counts.add(Counts.LEARNED_EGRESS + call.cluster());
        if (told.size() <= NAMED) {
            named.add(call.cluster() + "|" + call.where());
        }
    }

    private boolean isNew(Signal signal) throws Exception {
        Owner known = owner.value();
        if (known == null || known.home() == null || signal.address() == null) {
            return false;
        }
        if (known.home().equals(signal.address())) {
            return false;
        }
        Seen seen = addresses.get(signal.address());
        Duration after = knownAfter.getOrDefault(signal.detection(), Duration.ZERO);
        return seen == null || signal.time().toEpochMilli() - seen.firstMillis() < after.toMillis();
    }

    private boolean isNewUse(Signal signal) throws Exception {
        Owner known = owner.value();
        if (known == null || known.home() == null) {
            return signal.recall() == Recall.FIRST_USE
                    || (signal.recall() == Recall.NEW_OR_OUTSIDE_USE
                            && signal.evidence().get(0).zone() == Zone.OUTSIDE);
        }
        if (signal.address() == null || addresses.get(signal.address()) != null) {
            return false;
        }
        Seen home = addresses.get(known.home());
        long young = knownAfter.getOrDefault(signal.detection(), Duration.ZERO).toMillis();
        return signal.recall() == Recall.FIRST_USE
                || home == null
                || signal.time().toEpochMilli() - home.firstMillis() >= young;
    }

    /** Where a credential is first used is its home; any other address is made known by a success only. */
    private void sight(Signal signal) throws Exception {
        Owner known = owner.value();
        if (known == null || known.home() == null || known.home().equals(signal.address())) {
            learn(signal);
        }
    }

    private void learn(Signal signal) throws Exception {
        String address = signal.address();
        if (address == null) {
            return;
        }
        long time = signal.time().toEpochMilli();
        Owner known = owner.value() == null ? Owner.heardAt(time) : owner.value();
        Seen seen = addresses.get(address);
        if (seen != null) {
            addresses.put(address, new Seen(Math.min(seen.firstMillis(), time), Math.max(seen.lastMillis(), time)));
            return;
        }
        addresses.put(address, new Seen(time, time));
        String home = known.home() == null ? address : known.home();
        boolean full = known.known() >= options.addresses();
        if (full) {
            evictOldest(home, address);
        }
        int count = full ? known.known() : known.known() + 1;
        owner.update(new Owner(home, count, known.overflowed() || full, time, known.dueMillis()));
    }

    private void evictOldest(String home, String newest) throws Exception {
        String oldest = null;
        long oldestMillis = Long.MAX_VALUE;
        for (Map.Entry<String, Seen> entry : addresses.entries()) {
            String address = entry.getKey();
            long last = entry.getValue().lastMillis();
            boolean older =
                    last < oldestMillis || (last == oldestMillis && oldest != null && address.compareTo(oldest) < 0);
            if (!address.equals(home) && !address.equals(newest) && older) {
                oldest = address;
                oldestMillis = last;
            }
        }
        if (oldest != null) {
            addresses.remove(oldest);
        }
    }

    private void refused(Signal signal, Collector<Signal> out) throws Exception {
        Owner known = owner.value();
        if (known == null || known.home() == null) {
            return;
        }
        String request = signal.value() == null ? signal.eventId() : signal.value();
        if (!isNew(signal)) {
            remember(refusals, request, signal.time().toEpochMilli(), REFUSALS);
        } else if (!refusals.contains(request)) {
            out.collect(signal.judged());
        }
    }

    /** One event may be a signal of several stages and entities: it is the first of all of them or of none. */
    private void first(Signal signal, Map<String, Boolean> judged, Collector<Signal> out) throws Exception {
        String done = signal.value() == null ? signal.key() : signal.value();
        Boolean isFirst = judged.get(done + "|" + signal.eventId());
        if (isFirst == null) {
            isFirst = !keys.contains(done);
            remember(keys, done, signal.time().toEpochMilli(), KEYS);
            judged.put(done + "|" + signal.eventId(), isFirst);
        }
        if (isFirst) {
            out.collect(signal.judged());
        }
    }

    private void elsewhere(Signal signal, Collector<Signal> out) throws Exception {
        long window = windows.getOrDefault(signal.detection(), Duration.ZERO).toMillis();
        long after = knownAfter.getOrDefault(signal.detection(), Duration.ZERO).toMillis();
        Set<String> taught = new HashSet<>();
        addresses.keys().forEach(taught::add);
        Signal found = places.hear(signal, window, after, taught::contains);
        if (found != null) {
            out.collect(found);
        }
    }

    private long windowMillis(Signal signal) {
        return windows.getOrDefault(signal.detection(), Duration.ZERO).toMillis();
    }

    private void everyKey(Signal signal, Collector<Signal> out) throws Exception {
        long since = signal.time().toEpochMilli() - windowMillis(signal);
        // The receiver decides in its own order, so the order of the map's entries does not show.
        for (Map.Entry<String, Long> entry : keys.entries()) {
            if (entry.getValue() > since) {
                out.collect(signal.about(entry.getKey()));
            }
        }
    }

    /** Remembers the latest times of at most so many things; the one not heard of for longest makes room. */
    private static void remember(MapState<String, Long> state, String what, long time, int most) throws Exception {
        Long known = state.get(what);
        state.put(what, known == null ? time : Long.valueOf(Math.max(known, time)));
        if (known != null) {
            return;
        }
        int size = 0;
        String oldest = null;
        long oldestMillis = Long.MAX_VALUE;
        for (Map.Entry<String, Long> entry : state.entries()) {
            size++;
            boolean older = entry.getValue() < oldestMillis
                    || (entry.getValue() == oldestMillis
                            && oldest != null
                            && entry.getKey().compareTo(oldest) < 0);
            if (!entry.getKey().equals(what) && older) {
                oldest = entry.getKey();
                oldestMillis = entry.getValue();
            }
        }
        if (size > most && oldest != null) {
            state.remove(oldest);
        }
    }

    private void touch(long time, long slotEnd, Context context) throws Exception {
        Owner known = owner.value() == null ? Owner.heardAt(time) : owner.value();
        long last = Math.max(known.lastMillis(), time);
        // What was due at this slot's end gave way to the slot. And a run before this one may have had a longer
        // retention.
        long due = known.dueMillis() <= slotEnd
                ? dayAfter(slotEnd + 1)
                : Math.min(known.dueMillis(), dayAfter(last + retentionMillis(context)));
        if (due != known.dueMillis()) {
            context.timerService().registerEventTimeTimer(due);
        }
        owner.update(new Owner(known.home(), known.known(), known.overflowed(), last, due));
    }

    private long retentionMillis(Context context) {
        boolean credential = context.getCurrentKey().contains("|" + AddressOwner.CREDENTIAL + "|");
        return credential
                ? CREDENTIAL_RETENTION.toMillis()
                : options.retention().toMillis();
    }

    private static long dayAfter(long millis) {
        return Math.floorDiv(millis, DAY) * DAY + DAY - 1;
    }

    @Override
    void expire(long timestamp, Context context, Collector<Signal> out) throws Exception {
        Owner known = owner.value();
        if (known == null) {
            return;
        }
        long oldest = timestamp - retentionMillis(context);
        if (known.lastMillis() <= oldest) {
            owner.clear();
            addresses.clear();
            refusals.clear();
            keys.clear();
            places.clear();
            causes.clear();
            news.clear();
            return;
        }
        int left = 0;
        Iterator<Map.Entry<String, Seen>> seen = addresses.iterator();
        while (seen.hasNext()) {
            Map.Entry<String, Seen> entry = seen.next();
            if (entry.getValue().lastMillis() <= oldest && !entry.getKey().equals(known.home())) {
                seen.remove();
            } else {
                left++;
            }
        }
        if (addresses.isEmpty()) {
            addresses.clear();
        }
        forget(refusals, oldest);
        forget(keys, oldest);
        places.forget(oldest);
        causes.forget(oldest);
        news.forget(timestamp, retentionMillis(context));
        // From now on something may have to be forgotten every day.
        long due = dayAfter(timestamp + 1);
        owner.update(new Owner(known.home(), left, known.overflowed(), known.lastMillis(), due));
        context.timerService().registerEventTimeTimer(due);
    }

    private static void forget(MapState<String, Long> state, long oldest) throws Exception {
        Iterator<Map.Entry<String, Long>> entries = state.iterator();
        while (entries.hasNext()) {
            if (entries.next().getValue() <= oldest) {
                entries.remove();
            }
        }
        if (state.isEmpty()) {
            state.clear();
        }
    }
}
