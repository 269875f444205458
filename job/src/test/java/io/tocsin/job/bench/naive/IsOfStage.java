package io.tocsin.job.bench.naive;

import io.tocsin.detection.Configured;
import io.tocsin.detection.Identities;
import io.tocsin.event.SecurityEvent;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;

/** Events of a stage. */
final class IsOfStage extends SimpleCondition<SecurityEvent> {
    private static final long serialVersionUID = 1;

    private final StageRules rules;
    private final String stage;

    IsOfStage(Configured<?> configured, Identities identities, String stage) {
        this.rules = new StageRules(configured, identities);
        this.stage = stage;
    }

    @Override
    public boolean filter(SecurityEvent event) {
        return rules.isOf(stage, event);
    }
}
