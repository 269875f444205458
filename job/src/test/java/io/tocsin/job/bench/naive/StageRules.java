package io.tocsin.job.bench.naive;

import io.tocsin.detection.Configured;
import io.tocsin.detection.Identities;
import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.SignalRule;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of a detection, made again where the graph runs: they hold functions that do not travel. */
final class StageRules implements Serializable {
    private static final long serialVersionUID = 1;

    private final Configured<?> configured;
    private final Identities identities;
    private transient @Nullable List<SignalRule> rules;

    StageRules(Configured<?> configured, Identities identities) {
        this.configured = configured;
        this.identities = identities;
    }

    boolean isOf(String stage, SecurityEvent event) {
        List<SignalRule> all = rules();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).stage().equals(stage) && all.get(i).when().test(event)) {
                return true;
            }
        }
        return false;
    }

    /** Whom the event is about as a stage of the detection; its identity if it is of none. */
    String key(SecurityEvent event) {
        List<SignalRule> all = rules();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).when().test(event)) {
                List<String> keys = all.get(i).per().of(event);
                if (!keys.isEmpty()) {
                    return keys.get(0);
                }
            }
        }
        String identity = event.identity();
        return identity == null ? "" : identity;
    }

    private List<SignalRule> rules() {
        if (rules == null) {
            rules = configured.rules(identities);
        }
        return rules;
    }
}
