package io.tocsin.job.bench.naive;

import io.tocsin.detection.Configured;
import io.tocsin.detection.Identities;
import io.tocsin.event.SecurityEvent;
import org.apache.flink.api.java.functions.KeySelector;

/** Events by whom they are about. */
final class ByEntity implements KeySelector<SecurityEvent, String> {
    private static final long serialVersionUID = 1;

    private final StageRules rules;

    ByEntity(Configured<?> configured, Identities identities) {
        this.rules = new StageRules(configured, identities);
    }

    @Override
    public String getKey(SecurityEvent event) {
        return rules.key(event);
    }
}
