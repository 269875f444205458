package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.event.Source;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * What a person needs to know of a detection.
 *
 * @param id the class name in kebab-case; never changes
 * @param stateVersion raised when stages or keys change, which loses the partial matches of the old version
 * @param title what an alert is called
 * @param severity default severity
 * @param suppressFor how long after the last repeat the same story raises no new alert
 * @param techniques ATT&amp;CK technique ids
 * @param sources the logs it reads: it waits for no other
 * @param needs what a cluster's stream must carry for it to see anything
 * @param description what it finds
 * @param timeline the sequence as a drawing of one line
 * @param misses how an attacker stays under it
 * @param remediation first steps of response
 * @param falsePositives what benign thing looks alike, and which parameter, list or exemption says so
 */
public record DetectionInfo(
        String id,
        int stateVersion,
        String title,
        Severity severity,
        Duration suppressFor,
        List<String> techniques,
        Set<Source> sources,
        Set<Need> needs,
        String description,
        String timeline,
        String misses,
        String remediation,
        String falsePositives)
        implements Serializable {

    public DetectionInfo {
        techniques = List.copyOf(techniques);
        sources = Set.copyOf(sources);
        needs = Set.copyOf(needs);
    }

    /** The key of one of its parameters. */
    public String optionKey(String name) {
        return "detections." + id + "." + name;
    }

    /** The parameter that overrides its severity. */
    public ConfigOption<Severity> severityOption() {
        return ConfigOptions.key(optionKey("severity"))
                .enumType(Severity.class)
                .defaultValue(severity)
                .withDescription("Severity of its alerts.");
    }

    /** The parameter that overrides its suppression. */
    public ConfigOption<Duration> suppressOption() {
        return ConfigOptions.key(optionKey("suppress-for"))
                .durationType()
                .defaultValue(suppressFor)
                .withDescription("Event time after the last repeat during which the same story raises no new alert.");
    }

    /** The clock group it stands in: the sources it reads, since it waits for these and no other. It is state. */
    public String clockGroup() {
        return sources.stream().map(Source::id).collect(Collectors.toCollection(TreeSet::new)).stream()
                .collect(Collectors.joining("-and-"));
    }
}
