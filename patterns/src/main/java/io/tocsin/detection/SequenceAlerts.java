package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.signal.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    private final Identities identities;

    SequenceAlerts(Configured<P> configured, SequenceDetection<P> detection, Identities identities) {
        this.configured = configured;
        this.detection = detection;
        this.identities = identities;
    }

    @Override
    public void processMatch(Map<String, List<Signal>> stages, Context context, Collector<Alert> out) {
        Match match = new Match(stages);
        Duration window = detection.window(configured.params());
        Duration taken = Duration.between(match.first().since(), match.last().time());
        if (taken.compareTo(window) >= 0 || !match.inOrder() || !detection.holds(match)) {
            return;
        }
        Map<String, String> facts = AlertFacts.of(match, configured.rules(identities), window);
        List<Evidence> evidence = match.evidenceAfter(match.last().time().minus(window));
        AlertFacts.addSensitiveApps(evidence, identities, facts);
        out.collect(Alerts.of(configured, detection, match, evidence, facts));
    }
}
