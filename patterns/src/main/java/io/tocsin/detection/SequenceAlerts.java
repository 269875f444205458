package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.signal.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes alerts of a sequence's matches. CEP sees slots; the window is measured here, exactly, from the first observation to the
 * last, exclusive; and a stage that counts must have begun to count when the stage before it was over.
 */
final class SequenceAlerts<P extends Detection.Params> extends PatternProcessFunction<Signal, Alert> {
    private static final long serialVersionUID = 1L;

    private final Configured<P> configured;
    private final SequenceDetection<P> detection;

    SequenceAlerts(Configured<P> configured, SequenceDetection<P> detection) {
        this.configured = configured;
        this.detection = detection;
    }

    @Override
    public void processMatch(Map<String, List<Signal>> stages, Context context, Collector<Alert> out) {
        Match match = new Match(stages);
        Duration window = detection.window(configured.params());
        Duration taken = Duration.between(match.first().since(), match.last().time());
        if (taken.compareTo(window) >= 0 || !match.inOrder()) {
            return;
        }
        Map<String, String> facts = new TreeMap<>();
        facts.put("window", window.toString());
        facts.put("taken", taken.toString());
        facts.put(
                "counted",
                Long.toString(Math.max(match.first().count(), match.last().count())));
        List<Evidence> evidence = match.evidenceAfter(match.last().time().minus(window));
        out.collect(Alerts.of(configured, match, evidence, detection.message(match, configured.params()), facts));
    }
}
