package io.tocsin.job;

import io.tocsin.detection.Identities;
import io.tocsin.job.rules.RuleTest;
import io.tocsin.job.rules.RuleTestRun;
import io.tocsin.network.Networks;
import io.tocsin.sigma.SigmaProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** What the parameters of a rule's test say: those that rules can ask about, as the job reads them. */
final class RuleSettings {
    private RuleSettings() {}

    /**
     * Reads the parameters of a test.
     *
     * @param problems takes everything that is wrong
     * @return null with a problem
     */
    static RuleTestRun.@Nullable Settings of(RuleTest test, List<SigmaProblem> problems) {
        Map<String, ConfigOption<String>> known = new TreeMap<>();
        ClusterSettings.options().forEach(option -> known.put(option.key(), option));
        known.put(JobOptions.PLATFORM_NAMESPACES.key(), JobOptions.PLATFORM_NAMESPACES);
        List<String> wrong = new ArrayList<>();
        Configuration config = new Configuration();
        test.parameters().forEach((key, value) -> {
            if (known.containsKey(key)) {
                config.setString(key, value);
            } else {
                String nearest = Suggestions.nearest(key, known.keySet());
                wrong.add("a test can't set %s; %s"
                        .formatted(
                                key,
                                nearest == null
                                        ? "it can set " + String.join(", ", known.keySet())
                                        : "did you mean " + nearest + "?"));
            }
        });
        ClusterSettings settings = new ClusterSettings(config, ConfigFile.NONE, Set.copyOf(known.keySet()), wrong);
        Identities identities = settings.identities();
        Networks networks = settings.networks();
        for (String reason : wrong) {
            problems.add(new SigmaProblem(test.file(), test.line(), test.name() + ": " + reason));
        }
        return identities == null || !wrong.isEmpty()
                ? null
                : new RuleTestRun.Settings(
                        identities, networks, ParameterReader.list(config.get(JobOptions.PLATFORM_NAMESPACES)));
    }
}
