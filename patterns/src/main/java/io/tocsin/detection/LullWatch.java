package io.tocsin.detection;

import io.tocsin.alert.Alert;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;

/**
 * Notices by the wall clock that nothing comes of a cluster at all, when no sibling is left to tell the time. Only where inputs are
 * followed, and not while any of them catches up: then the cluster's records may be yet to come.
 */
final class LullWatch {
    private static final long LOOK_EVERY = Duration.ofMinutes(1).toMillis();
    /** A watermark that runs so much faster than the wall clock is that of an input that catches up. */
    private static final long AHEAD = Duration.ofSeconds(30).toMillis();

    private static final long NEVER = Long.MIN_VALUE;

    private final SilenceWatch silence;
    private final long recentMillis;
    /** When a sum of this cluster last came, by the wall clock. */
    private final ValueState<Long> heard;

    private long started = NEVER;
    private long caughtUp = NEVER;
    private long sampled = NEVER;
    private long sampledWatermark = NEVER;

    LullWatch(SilenceWatch silence, DetectionOperators.Clocks clocks, RuntimeContext context) {
        this.silence = silence;
        long lateness = clocks.lateness().values().stream()
                .mapToLong(Duration::toMillis)
                .max()
                .orElse(0);
        this.recentMillis = Objects.requireNonNull(clocks.idleAfter()).toMillis() + lateness;
        this.heard = context.getState(new ValueStateDescriptor<>("heard", Types.LONG));
    }

    /** A sum has come. */
    void heard(Pulse pulse, ClusterClock cluster, TimerService timers) throws Exception {
        long now = sample(timers);
        if (pulse.lastMillis() < now - recentMillis) {
            caughtUp = now;
        }
        heard.update(now);
        silence.lullIsOver(cluster, pulse.lastMillis());
        lookLater(now, timers);
    }

    /** Looks whether too much time has passed. */
    void look(ClusterClock cluster, String scope, TimerService timers, Collector<Alert> out) throws Exception {
        long now = sample(timers);
        Long last = heard.value();
        if (last == null || cluster.newestMillis() == ClusterClock.NONE) {
            return;
        }
        long quiet = now - Math.max(last, Math.max(started, caughtUp));
        if (!silence.judgeLull(cluster, scope, quiet, now, out)) {
            lookLater(now, timers);
        }
    }

    private static void lookLater(long now, TimerService timers) {
        timers.registerProcessingTimeTimer(Math.floorDiv(now, LOOK_EVERY) * LOOK_EVERY + LOOK_EVERY);
    }

    /** The wall clock; takes notice of a watermark that outruns it. */
    private long sample(TimerService timers) {
        long now = timers.currentProcessingTime();
        long watermark = timers.currentWatermark();
        if (started == NEVER) {
            started = now;
        }
        if (sampledWatermark != NEVER && watermark - sampledWatermark > now - sampled + AHEAD) {
            caughtUp = now;
        }
        sampled = now;
        sampledWatermark = watermark;
        return now;
    }

    void clear() {
        heard.clear();
    }
}
