package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Makes alerts of a rate detection's crossings. */
final class RateAlerts<P extends Detection.Params> implements FlatMapFunction<Signal, Alert> {
    private static final long serialVersionUID = 1L;

    private final Configured<P> configured;
    private final RateDetection<P> detection;
    private final Identities identities;

    RateAlerts(Configured<P> configured, RateDetection<P> detection, Identities identities) {
        this.configured = configured;
        this.detection = detection;
        this.identities = identities;
    }

    @Override
    public void flatMap(Signal crossing, Collector<Alert> out) {
        RateDetection.Crossing meaning = detection.crossing(crossing, configured.params());
        if (meaning == null) {
            return;
        }
        Map<String, String> facts = new TreeMap<>();
        facts.put("counted", Long.toString(crossing.count()));
        SignalRule.Rate rate = rate(crossing.stage());
        if (rate != null) {
            facts.put("needed", Integer.toString(rate.threshold()));
            facts.put("window", rate.window().toString());
            facts.put(
                    "taken", Duration.between(crossing.since(), crossing.time()).toString());
            if (rate.aboveBaseline()) {
                facts.put("usual", AlertFacts.usual(crossing.usual()));
            }
        }
        AlertFacts.addSensitiveApps(crossing.evidence(), identities, facts);
        out.collect(Alerts.of(configured, crossing, meaning, facts));
    }

    /** The rate of a stage; a stage that does not count is told with what the first one counted. */
    private SignalRule.@Nullable Rate rate(String stage) {
        List<SignalRule> rules = detection.signals(configured.params(), identities);
        for (SignalRule rule : rules) {
            if (rule.stage().equals(stage) && rule.rate() != null) {
                return rule.rate();
            }
        }
        return rules.get(0).rate();
    }
}
