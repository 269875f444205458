package io.tocsin.job;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Counts;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;

/** Counts alerts by severity, and passes those that are severe enough to be written. */
final class AlertBooks extends RichFilterFunction<Alert> {
    private static final long serialVersionUID = 1L;

    private final Severity least;
    private transient Counts counts;

    AlertBooks(Severity least) {
        this.least = least;
    }

    @Override
    public void open(OpenContext context) {
        counts = new Counts(getRuntimeContext());
    }

    @Override
    public boolean filter(Alert alert) {
        counts.add(RunSummary.SEVERITY + alert.severity().name());
        return alert.severity().compareTo(least) >= 0;
    }
}
