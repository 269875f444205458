package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

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
        for (SignalRule rule : detection.signals(configured.params(), identities)) {
            if (rule.stage().equals(crossing.stage()) && rule.rate() != null) {
                facts.put("threshold", Integer.toString(rule.rate().threshold()));
                facts.put("window", rule.rate().window().toString());
            }
        }
        out.collect(Alerts.of(configured, crossing, meaning, facts));
    }
}
