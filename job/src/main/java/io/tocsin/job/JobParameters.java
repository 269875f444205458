package io.tocsin.job;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Configured;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.Exemptions;
import io.tocsin.detection.HistoryOptions;
import io.tocsin.detection.Identities;
import io.tocsin.detection.IncidentOptions;
import io.tocsin.detection.MatchedRules;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.sink.Location;
import io.tocsin.network.Networks;
import io.tocsin.sigma.match.ContentPlans;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one run, checked as a whole.
 *
 * @param inputs what is read
 * @param alerts where alerts go
 * @param deadLetters where records go that can't be read; null: nowhere
 * @param late where raw records of late events go; null: nowhere
 * @param from earlier events are skipped; null: none
 * @param to events at or after it are skipped; null: none
 * @param alertFrom earlier events raise no alert; null: none
 * @param detections the catalogue with this run's parameters
 * @param identities who is who
 * @param histories how much is remembered
 * @param exemptions who may do what without an alert
 * @param networks what is inside each cluster
 * @param config every other parameter
 * @param kafkaProperties what is handed on to Kafka's clients
 * @param incidents when alerts are an incident
 */
public record JobParameters(
        List<InputSpec> inputs,
        List<Location> alerts,
        @Nullable Location deadLetters,
        @Nullable Location late,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Instant alertFrom,
        List<Configured<?>> detections,
        Identities identities,
        HistoryOptions histories,
        Exemptions exemptions,
        Networks networks,
        Configuration config,
        Map<String, String> kafkaProperties,
        IncidentOptions incidents) {

    /**
     * Reads the arguments of {@code detect}.
     *
     * @throws ArgumentException with every problem there is
     */
    public static JobParameters parse(List<String> arguments, DetectionCatalog catalog) {
        return new ParameterReader(catalog, null, List.of()).read(arguments);
    }

    /**
     * Reads the arguments of a verb that takes those of {@code detect}, but reads files only.
     *
     * @param flags what it takes beyond: switches that need no value
     * @throws ArgumentException with every problem there is
     */
    static JobParameters parseForFiles(
            String verb, List<ConfigOption<Boolean>> flags, List<String> arguments, DetectionCatalog catalog) {
        return new ParameterReader(catalog, verb, flags).read(arguments);
    }

    /** The largest disorder of the formats an input can carry. */
    public Duration lateness(Collection<Source> sources) {
        return sources.stream()
                .map(source -> config.get(JobOptions.lateness(source)))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** What the decoders of this run's inputs share; an input adds its format and cluster. */
    public DecoderOptions decoding() {
        Map<Source, ZoneId> zones = new EnumMap<>(Source.class);
        JobOptions.ZONED.forEach(source -> zones.put(source, ZoneId.of(config.get(JobOptions.zone(source)))));
        return new DecoderOptions(
                DecoderOptions.AUTO,
                null,
                networks,
                MatchedRules.fields(detections, identities),
                config.get(JobOptions.MAX_RECORD_BYTES),
                zones,
                ParameterReader.list(config.get(JobOptions.PLATFORM_NAMESPACES)),
                ContentPlans.of(MatchedRules.of(detections, identities)));
    }

    /** The parameters in force that differ from their defaults, sorted by key. */
    public Map<String, String> effective() {
        return new TreeMap<>(config.toMap());
    }

    /** Every option there is, those of the detections included. */
    static Map<String, ConfigOption<?>> options(DetectionCatalog catalog) {
        Map<String, ConfigOption<?>> options = new LinkedHashMap<>();
        List<ConfigOption<?>> all = new ArrayList<>(JobOptions.all());
        all.addAll(HistoryOptions.OPTIONS);
        all.addAll(Identities.OPTIONS);
        all.addAll(IncidentOptions.OPTIONS);
        for (Detection<?> detection : catalog.all()) {
            all.addAll(detection.options());
            all.add(detection.info().severityOption());
            all.add(detection.info().suppressOption());
        }
        for (ConfigOption<?> option : all) {
            options.put(option.key(), option);
        }
        return options;
    }

    /** Severity from which on alerts are written. */
    public Severity minSeverity() {
        return config.get(JobOptions.MIN_SEVERITY);
    }
}
