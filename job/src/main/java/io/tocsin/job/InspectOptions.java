package io.tocsin.job;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What {@code inspect} takes beyond the parameters of the job. */
final class InspectOptions {
    static final ConfigOption<Boolean> STATS = ConfigOptions.key("stats")
            .booleanType()
            .defaultValue(false)
            .withDescription("Figures by format and cluster instead of a line for each record.");

    static final ConfigOption<Boolean> LINKS = ConfigOptions.key("links")
            .booleanType()
            .defaultValue(false)
            .withDescription("At the end, what was learned of which address, pod, node and workload belong together.");

    static final List<ConfigOption<Boolean>> FLAGS = List.of(STATS, LINKS);

    private InspectOptions() {}
}
