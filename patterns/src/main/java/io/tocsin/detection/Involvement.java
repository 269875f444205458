package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Whom new alerts of medium severity or more are about. */
final class Involvement implements FlatMapFunction<Alert, Involved> {
    private static final long serialVersionUID = 1L;

    private final IncidentOptions options;

    Involvement(IncidentOptions options) {
        this.options = options;
    }

    @Override
    public void flatMap(Alert alert, Collector<Involved> out) {
        if (options.enabled()
                && alert.activityId() == Alert.CREATE
                && alert.severity().compareTo(Severity.MEDIUM) >= 0) {
            Involved.of(alert).forEach(out::collect);
        }
    }
}
