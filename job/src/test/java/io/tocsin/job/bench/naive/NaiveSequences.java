package io.tocsin.job.bench.naive;

import io.tocsin.detection.Configured;
import io.tocsin.detection.Detection;
import io.tocsin.detection.Identities;
import io.tocsin.detection.SequenceDetection;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.Quantifier.ConsumingStrategy;
import org.apache.flink.cep.pattern.Quantifier.QuantifierProperty;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * The catalogue's sequences as Flink CEP's documentation has one write them: each event goes to each pattern, keyed by whom it is
 * about, and the stages are conditions on events; what a stage counts is {@code times(n)}.
 *
 * <p>Left out is what would make it slower still, or needs more than CEP: sequences one of whose stages is any use of a credential at
 * another place than before, where every request opens a match; histories; distinct counting; joins.
 */
public final class NaiveSequences {
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private NaiveSequences() {}

    /** Hangs them behind decoders. */
    public static void follow(DataStream<Decoded> decoded, List<Configured<?>> detections, Identities identities) {
        DataStream<SecurityEvent> events = decoded.<SecurityEvent>flatMap((record, out) -> {
                    if (record.event() != null) {
                        out.collect(record.event());
                    }
                })
                .returns(TypeInformation.of(SecurityEvent.class))
                .uid("events")
                .assignTimestampsAndWatermarks(WatermarkStrategy.<SecurityEvent>forBoundedOutOfOrderness(DISORDER)
                        .withTimestampAssigner((event, before) -> event.time().toEpochMilli()))
                .uid("clock");
        for (Configured<?> detection : sequences(detections, identities)) {
            follow(events, detection, identities);
        }
    }

    /** Those that are followed. */
    public static List<Configured<?>> sequences(List<Configured<?>> detections, Identities identities) {
        List<Configured<?>> followed = new ArrayList<>();
        for (Configured<?> detection : detections) {
            if (detection.detection() instanceof SequenceDetection
                    && detection.rules(identities).stream()
                            .noneMatch(rule -> rule.newness().recall() == Recall.ELSEWHERE)) {
                followed.add(detection);
            }
        }
        return followed;
    }

    private static <P extends Detection.Params> void follow(
            DataStream<SecurityEvent> events, Configured<P> configured, Identities identities) {
        if (!(configured.detection() instanceof SequenceDetection<P> sequence)) {
            return;
        }
        String id = configured.info().id();
        CEP.pattern(
                        events.keyBy(new ByEntity(configured, identities), Types.STRING),
                        pattern(sequence, configured, identities))
                .process(new Count(), Types.LONG)
                .uid(id + "-cep")
                .sinkTo(new DiscardingSink<>())
                .uid(id + "-matches");
    }

    private static <P extends Detection.Params> Pattern<SecurityEvent, ?> pattern(
            SequenceDetection<P> sequence, Configured<P> configured, Identities identities) {
        Deque<Pattern<Signal, ?>> stages = new ArrayDeque<>();
        for (Pattern<Signal, ?> part = sequence.pattern(configured.params()); part != null; part = previous(part)) {
            stages.push(part);
        }
        Pattern<SecurityEvent, SecurityEvent> pattern = null;
        for (Pattern<Signal, ?> stage : stages) {
            String name = stage.getName();
            boolean any = stage.getQuantifier().getConsumingStrategy() == ConsumingStrategy.SKIP_TILL_ANY;
            pattern = pattern == null
                    ? Pattern.begin(name)
                    : any ? pattern.followedByAny(name) : pattern.followedBy(name);
            pattern = pattern.where(new IsOfStage(configured, identities, name));
            int times = times(configured.rules(identities), name);
            if (times > 1) {
                pattern = pattern.times(times);
            }
            if (stage.getQuantifier().hasProperty(QuantifierProperty.OPTIONAL)) {
                pattern = pattern.optional();
            }
        }
        if (pattern == null) {
            throw new IllegalArgumentException(configured.info().id() + ": no stages");
        }
        return pattern.within(sequence.window(configured.params()));
    }

    @SuppressWarnings("unchecked") // patterns are made of signals only
    private static Pattern<Signal, ?> previous(Pattern<Signal, ?> part) {
        return (Pattern<Signal, ?>) part.getPrevious();
    }

    private static int times(List<SignalRule> rules, String stage) {
        for (SignalRule rule : rules) {
            if (rule.stage().equals(stage) && rule.rate() != null) {
                return rule.rate().threshold();
            }
        }
        return 1;
    }

    private static final class Count extends PatternProcessFunction<SecurityEvent, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void processMatch(Map<String, List<SecurityEvent>> match, Context context, Collector<Long> out) {
            out.collect(1L);
        }
    }
}
