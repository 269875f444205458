package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.detection.Pulse.Counter;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of a record.
 *
 * @param <I> the record
 */
abstract class PulseMeter<I> implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    /** An answer that comes later than this is of a request that was judged long ago. */
    private static final long LONG_AGO = Duration.ofHours(1).toMillis();
    /** Clusters of which a task remembers what it has told of them; beyond it they are told again, or no more. */
    private static final int CLUSTERS = 10_000;

    void open(Counts counts) {}

    abstract void measure(I record, PulseSums sums);

    /** A write whose answer is logged when it is done. Sessions are answered when they end, maybe hours later. */
    static boolean isWrite(@Nullable String verb, @Nullable String subresource) {
        if (verb == null || !WRITES.contains(verb)) {
            return false;
        }
        return subresource == null
                || switch (subresource) {
                    case "exec", "attach", "portforward", "proxy" -> false;
                    default -> true;
                };
    }

    /** Counts events. */
    @SuppressWarnings("NullAway.Init") // made when it is opened
    static final class OfEvents extends PulseMeter<SecurityEvent> {
        private static final long serialVersionUID = 1L;
        private static final Need[] NEEDS = Need.values();
        private static final long DAY = Duration.ofDays(1).toMillis();

        private final List<Configured<?>> configured;
        private transient List<AbsenceDetection<?>> enabled;
        private transient boolean answers;
        private transient boolean needs;
        private transient Map<String, long[]> toldOn;

        OfEvents(List<Configured<?>> configured) {
            this.configured = configured;
        }

        @Override
        void open(Counts counts) {
            enabled = new ArrayList<>();
            toldOn = new HashMap<>();
            for (Configured<?> one : configured) {
                Watched<?> watched = Watched.of(one);
                if (watched != null && one.enabled()) {
                    enabled.add(watched.detection());
                    answers |= watched.watch() instanceof Watch.Answers;
                    needs |= watched.watch() instanceof Watch.Needs;
                }
            }
        }

        @Override
        void measure(SecurityEvent event, PulseSums sums) {
            if (enabled.isEmpty()) {
                return;
            }
            long millis = event.time().toEpochMilli();
            sums.record(event.scope(), event.cluster(), event.account(), event.source(), millis);
            if (answers) {
                answered(event, millis, sums);
            }
            if (needs) {
                carried(event, millis, sums);
            }
            for (int i = 0; i < enabled.size(); i++) {
                if (enabled.get(i).changesLogging(event)) {
                    sums.change(event.scope(), event.source(), Evidence.of(event, event.id(), "logging-changed"));
                    return;
                }
            }
        }

        private static void answered(SecurityEvent event, long millis, PulseSums sums) {
            String verb = event.verb();
            if (event.source() != Source.KUBERNETES_AUDIT
                    || verb == null
                    || event.received() == null
                    || !isWrite(verb, event.subresource())) {
                return;
            }
            long received = event.received().toEpochMilli();
            if (received <= millis && millis - received < LONG_AGO) {
                sums.count(
                        event.scope(),
                        event.cluster(),
                        event.account(),
                        event.source(),
                        Counter.ANSWERED,
                        verb,
                        Slots.endOf(received),
                        millis);
            }
        }

        private void carried(SecurityEvent event, long millis, PulseSums sums) {
            long today = Math.floorDiv(millis, DAY);
            long[] days = toldOn.get(event.scope());
            if (days == null) {
                if (toldOn.size() >= CLUSTERS) {
                    toldOn.clear();
                }
                days = new long[NEEDS.length];
                Arrays.fill(days, Long.MIN_VALUE);
                toldOn.put(event.scope(), days);
            }
            for (int i = 0; i < NEEDS.length; i++) {
                if (days[i] < today && NEEDS[i].seenIn(event)) {
                    days[i] = today;
                    sums.count(
                            event.scope(),
                            event.cluster(),
                            event.account(),
                            event.source(),
                            Counter.NEED,
                            NEEDS[i].name(),
                            0,
                            millis);
                }
            }
        }
    }

    /** Counts requests that were received. */
    @SuppressWarnings("NullAway.Init") // made when it is opened
    static final class OfRequests extends PulseMeter<ReceivedRequest> {
        private static final long serialVersionUID = 1L;

        private final boolean enabled;
        private transient Counts counts;
        private transient Set<String> seen;

        OfRequests(List<Configured<?>> configured) {
            this.enabled = configured.stream().anyMatch(one -> Watched.of(one) != null && one.enabled());
        }

        @Override
        void open(Counts counts) {
            this.counts = counts;
            this.seen = new HashSet<>();
        }

        @Override
        void measure(ReceivedRequest request, PulseSums sums) {
            if (seen.size() < CLUSTERS && seen.add(request.cluster())) {
                counts.add(Counts.SEEN + Need.RECEIVED_REQUESTS.name() + "|" + request.cluster());
            }
            if (!enabled) {
                return;
            }
            long millis = request.time().toEpochMilli();
            sums.record(request.scope(), request.cluster(), request.account(), Source.KUBERNETES_AUDIT, millis);
            count(request, Counter.NEED, Need.RECEIVED_REQUESTS.name(), 0, millis, sums);
            String verb = request.verb();
            if (verb != null && isWrite(verb, request.subresource())) {
                count(request, Counter.REQUESTED, verb, Slots.endOf(millis), millis, sums);
            }
        }

        private static void count(
                ReceivedRequest request, Counter counter, String of, long about, long millis, PulseSums sums) {
            sums.count(
                    request.scope(),
                    request.cluster(),
                    request.account(),
                    Source.KUBERNETES_AUDIT,
                    counter,
                    of,
                    about,
                    millis);
        }
    }
}
