package io.tocsin.job.source;

import static io.tocsin.job.source.RecordClock.NO_TIME;

import io.tocsin.event.Slots;
import io.tocsin.job.decode.Decoded;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.clock.RelativeClock;
import org.jspecify.annotations.Nullable;

/**
 * The clock of each split (a Kafka partition) of an input that is read live.
 *
 * <p>Watermark = highest time seen − disorder + max(0, silence − idle after), moved down to the end of a slot ({@link Slots}),
 * and never back. Silence is read off the split's activity clock, which stops under back-pressure. A split that has delivered is
 * never idle: Flink would jump to the highest watermark, and what the slow split then delivers would be late. One that has
 * delivered nothing since the start is idle, so it holds nothing back; it is given {@code idle after} to deliver its first
 * record, else at every start the fastest split would make the others late.
 *
 * <p>A time ahead of the broker's append time, or of the wall clock at reading, is taken for that, and counted in
 * {@code clockAhead}. Records without a time, such as dead letters and skipped ones, are not seen at all: neither do they move the
 * clock nor do they break the silence.
 *
 * @param <T> the records
 */
public final class LiveClock<T> implements WatermarkGenerator<T> {
    /** The name of the counter of records whose time was ahead. */
    public static final String CLOCK_AHEAD = "clockAhead";

    /** Which time a record has, in ms since 1970; {@link RecordClock#NO_TIME} if none. */
    @FunctionalInterface
    public interface TimeOf<T> extends java.util.function.ToLongFunction<T>, java.io.Serializable {}

    private final TimeOf<T> timeOf;
    private final long disorderMillis;
    private final SplitClock split;
    private final long idleAfterNanos;
    private final RelativeClock activity;
    private final long startNanos;
    private final LongSupplier wallMillis;
    private final Runnable ahead;
    private long watermark = Long.MIN_VALUE;
    private boolean idle;

    LiveClock(
            TimeOf<T> timeOf,
            Duration disorder,
            Duration idleAfter,
            RelativeClock activity,
            LongSupplier wallMillis,
            Runnable ahead) {
        this.timeOf = timeOf;
        this.disorderMillis = disorder.toMillis();
        this.idleAfterNanos = idleAfter.toNanos();
        this.split = new SplitClock(idleAfterNanos);
        this.activity = activity;
        this.startNanos = activity.relativeTimeNanos();
        this.wallMillis = wallMillis;
        this.ahead = ahead;
    }

    /** For a source of decoded records: the time of the event, where there is one. */
    public static WatermarkStrategy<Decoded> ofDecoded(Duration disorder, Duration idleAfter) {
        return of(LiveClock::eventTime, disorder, idleAfter);
    }

    /**
     * For a source of any records. The record's own timestamp, where the source sets one, is taken for the broker's append time.
     *
     * @param disorder how much older than the highest time a record may be without being late
     * @param idleAfter how long a split must be silent before its clock goes on by itself; longer than its usual pauses
     */
    public static <T> WatermarkStrategy<T> of(TimeOf<T> timeOf, Duration disorder, Duration idleAfter) {
        return WatermarkStrategy.forGenerator(new Supplier<>(timeOf, disorder, idleAfter));
    }

    private static long eventTime(Decoded decoded) {
        return decoded.event() == null ? NO_TIME : decoded.event().time().toEpochMilli();
    }

    @Override
    public void onEvent(T record, long appendMillis, WatermarkOutput output) {
        long time = timeOf.applyAsLong(record);
        if (time == NO_TIME) {
            return;
        }
        long now = wallMillis.getAsLong();
        long latest = appendMillis > 0 ? Math.min(appendMillis, now) : now;
        if (time > latest) {
            ahead.run();
            time = latest;
        }
        split.see(time);
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        long now = activity.relativeTimeNanos();
        if (!split.delivered()) {
            if (!idle && now - startNanos >= idleAfterNanos) {
                idle = true;
                output.markIdle();
            }
            return;
        }
        long next = Slots.watermark(split.read(now) - disorderMillis);
        if (idle || next > watermark) {
            idle = false;
            watermark = Math.max(watermark, next);
            output.emitWatermark(new Watermark(watermark));
        }
    }

    private static final class Supplier<T> implements WatermarkGeneratorSupplier<T> {
        private static final long serialVersionUID = 1;
        private final TimeOf<T> timeOf;
        private final Duration disorder;
        private final Duration idleAfter;
        private transient @Nullable Counter ahead;

        Supplier(TimeOf<T> timeOf, Duration disorder, Duration idleAfter) {
            this.timeOf = timeOf;
            this.disorder = disorder;
            this.idleAfter = idleAfter;
        }

        @Override
        public WatermarkGenerator<T> createWatermarkGenerator(Context context) {
            if (ahead == null) { // one for all splits of a task: a second of the same name would not be registered
                ahead = context.getMetricGroup().counter(CLOCK_AHEAD);
            }
            return new LiveClock<>(
                    timeOf,
                    disorder,
                    idleAfter,
                    context.getInputActivityClock(),
                    System::currentTimeMillis,
                    ahead::inc);
        }
    }
}
