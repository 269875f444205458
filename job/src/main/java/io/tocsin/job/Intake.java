package io.tocsin.job;

import io.tocsin.detection.Counts;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.redaction.Redaction;
import io.tocsin.job.sink.DeadLetterJson;
import io.tocsin.job.sink.Line;
import java.time.Instant;
import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The books: every decoded record becomes an event, a dead letter or a skip, and is counted as that. A record is late if it is not
 * newer than the watermark of its own task when it comes by; it goes on, since single-event detections still see it, and its raw
 * document is kept where late records go.
 */
final class Intake extends ProcessFunction<Decoded, SecurityEvent> {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 5;

    /** Why an event is skipped that is older than the run's start. */
    static final String BEFORE_FROM = "before-from";
    /** Why an event is skipped that is not older than the run's end. */
    static final String AFTER_TO = "after-to";

    static final OutputTag<Line> DEAD_LETTERS = new OutputTag<>("dead-letters", TypeInformation.of(Line.class));
    static final OutputTag<ReceivedRequest> REQUESTS =
            new OutputTag<>("requests", TypeInformation.of(ReceivedRequest.class));
    static final OutputTag<Line> LATE = new OutputTag<>("late", TypeInformation.of(Line.class));

    private final @Nullable Instant from;
    private final @Nullable Instant to;
    private final boolean keepsDeadLetters;
    private final boolean keepsLate;

    private transient Counts counts;
    private transient ListAccumulator<String> shown;
    private transient int shownHere;
    private transient byte @Nullable [] lastLate;
    private transient int lastLateOffset;

    Intake(@Nullable Instant from, @Nullable Instant to, boolean keepsDeadLetters, boolean keepsLate) {
        this.from = from;
        this.to = to;
        this.keepsDeadLetters = keepsDeadLetters;
        this.keepsLate = keepsLate;
    }

    @Override
    public void open(OpenContext context) {
        counts = new Counts(getRuntimeContext());
        shown = new ListAccumulator<>();
        getRuntimeContext().addAccumulator(RunSummary.FIRST_DEAD_LETTERS, shown);
    }

    @Override
    public void processElement(Decoded decoded, Context context, Collector<SecurityEvent> out) {
        counts.add(RunSummary.RECORDS);
        DeadLetter letter = decoded.deadLetter();
        SecurityEvent event = decoded.event();
        if (letter != null) {
            counts.add(RunSummary.DEAD_LETTERS);
            if (keepsDeadLetters) {
                context.output(DEAD_LETTERS, DeadLetterJson.line(letter));
            } else if (shownHere < SHOWN) {
                shownHere++;
                shown.add(letter.location() + " at " + letter.position() + ": " + Redaction.of(letter.reason()));
            }
        } else if (event == null) {
            counts.add(RunSummary.SKIPPED + decoded.skipped());
            ReceivedRequest request = decoded.request();
            if (request != null && isWithin(request.time())) {
                context.output(REQUESTS, request);
            }
        } else if (from != null && event.time().isBefore(from)) {
            counts.add(RunSummary.SKIPPED + BEFORE_FROM);
        } else if (to != null && !event.time().isBefore(to)) {
            counts.add(RunSummary.SKIPPED + AFTER_TO);
        } else {
            accept(event, decoded, context, out);
        }
    }

    private boolean isWithin(Instant time) {
        return (from == null || !time.isBefore(from)) && (to == null || time.isBefore(to));
    }

    private void accept(SecurityEvent event, Decoded decoded, Context context, Collector<SecurityEvent> out) {
        counts.add(RunSummary.EVENTS);
        if (event.truncated()) {
            counts.add(RunSummary.TRUNCATED);
        }
        if (event.time().toEpochMilli() <= context.timerService().currentWatermark() && !event.longOver()) {
            counts.add(RunSummary.LATE);
            // Several records of one document are kept with it, once.
            if (keepsLate && !(decoded.document() == lastLate && decoded.offset() == lastLateOffset)) {
                lastLate = decoded.document();
                lastLateOffset = decoded.offset();
                context.output(LATE, Line.ofDocument(decoded.document(), decoded.offset(), decoded.length()));
            }
        }
        out.collect(event);
    }
}
