package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.signal.Signal;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** The side outputs between the operators, and the types that travel. */
final class Outputs {
    static final TypeInformation<Signal> SIGNAL = TypeInformation.of(Signal.class);
    static final TypeInformation<Lookup> LOOKUP = TypeInformation.of(Lookup.class);
    static final TypeInformation<Pulse> PULSE = TypeInformation.of(Pulse.class);
    static final TypeInformation<Alert> ALERT = TypeInformation.of(Alert.class);

    static final TypeInformation<Involved> INVOLVED = TypeInformation.of(Involved.class);

    private Outputs() {}

    /** Signals of a clock group that count as they are. */
    static OutputTag<Signal> signals(String group) {
        return new OutputTag<>("signals-" + group, SIGNAL);
    }

    /** Signals of a clock group that ask a history first. */
    static OutputTag<Signal> questions(String group) {
        return new OutputTag<>("questions-" + group, SIGNAL);
    }

    /** What joins of a clock group are taught and asked. */
    static OutputTag<Lookup> lookups(String group) {
        return new OutputTag<>("lookups-" + group, LOOKUP);
    }

    /** Single-event alerts of a clock group. */
    static OutputTag<Alert> matches(String group) {
        return new OutputTag<>("matches-" + group, ALERT);
    }

    /** What a detection's pattern, or its alert, is made of. */
    static OutputTag<Signal> decided(String detection) {
        return new OutputTag<>("decided-" + detection, SIGNAL);
    }
}
