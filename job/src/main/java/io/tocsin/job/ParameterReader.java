package io.tocsin.job;

import io.tocsin.detection.Configured;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.Exemption;
import io.tocsin.detection.Exemptions;
import io.tocsin.detection.HistoryOptions;
import io.tocsin.detection.Identities;
import io.tocsin.detection.IncidentOptions;
import io.tocsin.event.Source;
import io.tocsin.job.sink.Location;
import io.tocsin.job.source.FileMergeSource;
import io.tocsin.network.Networks;
import io.tocsin.sigma.SigmaProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** One reading of the arguments of a run and of its file: collects every problem and goes on. */
final class ParameterReader {
    private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*");

    private final @Nullable String fileVerb;
    private final List<ConfigOption<Boolean>> flags;
    /** With the users' rules, once they are read. */
    private DetectionCatalog catalog;

    private Map<String, ConfigOption<?>> options = Map.of();
    private final List<String> problems = new ArrayList<>();
    private final Configuration config = new Configuration();
    private final List<InputSpec> inputs = new ArrayList<>();
    private final Map<String, String> kafkaProperties = new LinkedHashMap<>();

    ParameterReader(DetectionCatalog catalog, @Nullable String fileVerb, List<ConfigOption<Boolean>> flags) {
        this.catalog = catalog;
        this.fileVerb = fileVerb;
        this.flags = flags;
    }

    JobParameters read(List<String> arguments) {
        Set<String> switches = new HashSet<>(Set.of(JobOptions.FOLLOW.key()));
        flags.forEach(flag -> switches.add(flag.key()));
        Arguments split = Arguments.split(arguments, switches);
        inputs.addAll(split.files());
        problems.addAll(split.problems());
        String path = split.given().get(JobOptions.CONFIG.key());
        ConfigFile file = path == null ? ConfigFile.NONE : attempt(() -> ConfigFile.read(path), ConfigFile.NONE);
        // Which keys there are is known once the rules are: each is a detection with parameters of its own.
        Map<String, String> all = new LinkedHashMap<>(file.values());
        all.putAll(split.given());
        readRules(all);
        options = JobParameters.options(catalog);
        flags.forEach(flag -> options.put(flag.key(), flag));
        file.values().forEach((key, value) -> set(key, value, path + ": "));
        split.given().forEach((key, value) -> set(key, value, ""));
        split.valueless().forEach(this::refuseWithoutValue);
        for (String spec : list(config.get(JobOptions.INPUTS))) {
            attempt(() -> inputs.add(InputSpec.parse(spec)), true);
        }
        if (inputs.isEmpty() && problems.isEmpty()) {
            problems.add("inputs: nothing to read: name files, or give --inputs");
        }
        checkTopics();
        Set<Path> read = checkInputs();
        List<Location> alerts =
                attempt(() -> Location.parseAll(JobOptions.ALERTS.key(), config.get(JobOptions.ALERTS)), List.of());
        Location deadLetters = location(JobOptions.DEAD_LETTERS);
        Location late = location(JobOptions.LATE);
        checkLocations(alerts, deadLetters, late, summary(), read);
        positive(JobOptions.IDLE_AFTER);
        for (Source source : Source.values()) {
            if (config.get(JobOptions.lateness(source)).isNegative()) {
                problems.add("%s must not be negative: %s"
                        .formatted(JobOptions.lateness(source).key(), config.get(JobOptions.lateness(source))));
            }
        }
        if (config.get(JobOptions.MAX_RECORD_BYTES) < 1024) {
            problems.add("%s must be at least 1024: %d"
                    .formatted(JobOptions.MAX_RECORD_BYTES.key(), config.get(JobOptions.MAX_RECORD_BYTES)));
        }
        JobOptions.ZONED.forEach(this::checkZone);
        List<Configured<?>> detections = detections();
        ClusterSettings clusters = new ClusterSettings(config, file, options.keySet(), problems);
        clusters.check();
        Identities identities = clusters.identities();
        HistoryOptions histories = attempt(() -> HistoryOptions.of(config));
        Exemptions exemptions = exemptions(identities);
        Networks networks = clusters.networks();
        IncidentOptions incidents = incidents();
        Instant from = instant(JobOptions.FROM);
        Instant to = instant(JobOptions.TO);
        Instant alertFrom = instant(JobOptions.ALERT_FROM);
        if (from != null && to != null && !from.isBefore(to)) {
            problems.add("from must be before to: %s, %s".formatted(from, to));
        }
        if (!problems.isEmpty() || identities == null || histories == null || incidents == null) {
            throw new ArgumentException(problems);
        }
        return new JobParameters(
                List.copyOf(inputs),
                alerts,
                deadLetters,
                late,
                from,
                to,
                alertFrom,
                detections,
                identities,
                histories,
                exemptions,
                networks,
                config,
                Map.copyOf(kafkaProperties),
                incidents);
    }

    private Exemptions exemptions(@Nullable Identities identities) {
        String file = config.get(JobOptions.EXEMPTIONS);
        List<String> ids =
                catalog.all().stream().map(detection -> detection.info().id()).toList();
        List<Exemption> all = new ArrayList<>();
        if (file != null) {
            all.addAll(ExemptionFile.read(file, ids, problems));
        }
        if (config.get(JobOptions.DEFAULT_EXEMPTIONS)) {
            all.addAll(ExemptionFile.readDefaults(ids, problems));
        }
        return identities == null ? Exemptions.none() : new Exemptions(all, identities);
    }

    private void checkTopics() {
        List<String> topics = inputs.stream()
                .filter(InputSpec::isKafka)
                .map(InputSpec::location)
                .toList();
        if (fileVerb != null) {
            topics.forEach(topic -> problems.add(
                    "inputs: %s reads files and standard input, no topics: %s".formatted(fileVerb, topic)));
        } else if (!topics.isEmpty()) {
            needBrokers("inputs");
        }
    }

    private void checkZone(Source source) {
        String zone = config.get(JobOptions.zone(source));
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            problems.add("%s must be a zone such as Europe/Paris or +02:00: %s"
                    .formatted(JobOptions.zone(source).key(), zone));
        }
    }

    /** Makes the users' rules detections. */
    private void readRules(Map<String, String> all) {
        Map<String, List<String>> placeholders = new TreeMap<>();
        all.forEach((key, value) -> {
            if (key.startsWith(JobOptions.RULE_PLACEHOLDERS)) {
                List<String> values = list(value);
                if (values.isEmpty()) {
                    problems.add(key + " needs at least one value");
                }
                placeholders.put(key.substring(JobOptions.RULE_PLACEHOLDERS.length()), values);
            }
        });
        List<String> locations = list(all.get(JobOptions.RULES.key()));
        if (locations.isEmpty()) {
            placeholders
                    .keySet()
                    .forEach(name -> problems.add("%s%s: there are no rules: give --%s"
                            .formatted(JobOptions.RULE_PLACEHOLDERS, name, JobOptions.RULES.key())));
            return;
        }
        List<SigmaProblem> found = new ArrayList<>();
        catalog = catalog.with(RuleFiles.read(locations, placeholders), found);
        found.forEach(problem -> problems.add("%s: %s".formatted(JobOptions.RULES.key(), problem)));
    }

    private void refuseWithoutValue(String key) {
        if (known(key)) {
            problems.add(key + " needs a value");
        } else {
            set(key, "", "");
        }
    }

    private boolean known(String key) {
        return options.containsKey(key)
                || key.startsWith(JobOptions.KAFKA_PROPERTIES)
                || key.startsWith(JobOptions.RULE_PLACEHOLDERS);
    }

    private void set(String key, String value, String where) {
        if (key.startsWith(JobOptions.KAFKA_PROPERTIES)) {
            kafkaProperties.put(key.substring(JobOptions.KAFKA_PROPERTIES.length()), value);
            return;
        }
        if (key.startsWith(JobOptions.RULE_PLACEHOLDERS)) {
            return; // the rules have been read with it
        }
        ConfigOption<?> option = options.get(key);
        if (option == null) {
            String nearest = Suggestions.nearest(key, options.keySet());
            problems.add("%sno such parameter: %s%s"
                    .formatted(where, key, nearest == null ? "" : "; did you mean " + nearest + "?"));
            return;
        }
        Configuration one = Configuration.fromMap(Map.of(key, value));
        try {
            one.get(option);
        } catch (IllegalArgumentException e) {
            problems.add("%s%s must be %s: %s".formatted(where, key, ParameterReference.kind(option), value));
            return;
        }
        config.setString(key, value);
    }

    private @Nullable IncidentOptions incidents() {
        boolean on = isOn(
                IncidentOptions.ID,
                Set.of(),
                names(JobOptions.ENABLED, new ArrayList<>()),
                names(JobOptions.DISABLED, new ArrayList<>()));
        return attempt(() -> IncidentOptions.of(config, on));
    }

    private static boolean isOn(String id, Set<String> tags, DetectionNames enabled, DetectionNames disabled) {
        return enabled.name(id, tags) && !disabled.name(id, tags);
    }

    private List<Configured<?>> detections() {
        DetectionNames enabled = names(JobOptions.ENABLED, problems);
        DetectionNames disabled = names(JobOptions.DISABLED, problems);
        List<Configured<?>> configured = new ArrayList<>();
        for (Detection<?> detection : catalog.all()) {
            boolean on = isOn(detection.info().id(), detection.tags(), enabled, disabled);
            attempt(() -> configured.add(Configured.of(detection, config, on)), true);
        }
        return List.copyOf(configured);
    }

    private DetectionNames names(ConfigOption<String> option, List<String> problems) {
        return DetectionNames.read(option.key(), list(config.get(option)), catalog, problems);
    }

    /** Looks for every file that is to be read, once; gives them under their real names. */
    private Set<Path> checkInputs() {
        Set<Path> read = new HashSet<>();
        boolean follow = config.get(JobOptions.FOLLOW);
        for (String location : inputs.stream()
                .filter(spec -> !spec.isKafka())
                .map(InputSpec::location)
                .collect(Collectors.toCollection(TreeSet::new))) {
            try {
                FileMergeSource.expand(List.of(location), follow).forEach(file -> read.add(real(Path.of(file))));
            } catch (IllegalArgumentException e) {
                String.valueOf(e.getMessage()).lines().forEach(problem -> problems.add("inputs: " + problem));
            }
        }
        return read;
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }

    private @Nullable Location summary() {
        String text = config.get(JobOptions.SUMMARY);
        if (text == null) {
            return null;
        }
        Location location = attempt(() -> Location.parse(JobOptions.SUMMARY.key(), text));
        if (location != null && location.kind() != Location.Kind.FILE) {
            problems.add("%s must be a file: %s".formatted(JobOptions.SUMMARY.key(), text));
            return null;
        }
        return location;
    }

    private void checkLocations(
            List<Location> alerts,
            @Nullable Location deadLetters,
            @Nullable Location late,
            @Nullable Location summary,
            Set<Path> read) {
        Map<String, List<Location>> all = new LinkedHashMap<>();
        all.put(JobOptions.ALERTS.key(), alerts);
        if (deadLetters != null) {
            all.put(JobOptions.DEAD_LETTERS.key(), List.of(deadLetters));
        }
        if (late != null) {
            all.put(JobOptions.LATE.key(), List.of(late));
        }
        if (summary != null) {
            all.put(JobOptions.SUMMARY.key(), List.of(summary));
        }
        all.forEach((key, locations) -> locations.forEach(location -> {
            attempt(
                    () -> {
                        location.check(key);
                        return true;
                    },
                    false);
            if (location.kind() == Location.Kind.KAFKA) {
                needBrokers(key);
            }
            if (location.kind() == Location.Kind.FILE && read.contains(real(Path.of(location.target())))) {
                problems.add("%s must not overwrite a file of inputs: %s".formatted(key, location.target()));
            }
        }));
        attempt(
                () -> {
                    Location.refuseSharedFiles(all);
                    return true;
                },
                false);
    }

    private void needBrokers(String key) {
        if (config.get(JobOptions.KAFKA_BOOTSTRAP_SERVERS) == null) {
            problems.add("%s: a Kafka topic needs --%s".formatted(key, JobOptions.KAFKA_BOOTSTRAP_SERVERS.key()));
        }
    }

    private @Nullable Location location(ConfigOption<String> option) {
        String text = config.get(option);
        return text == null ? null : attempt(() -> Location.parse(option.key(), text));
    }

    private @Nullable Instant instant(ConfigOption<String> option) {
        String text = config.get(option);
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text.trim().toUpperCase(Locale.ROOT));
        } catch (DateTimeException e) {
            problems.add("%s must be a time such as 2026-03-02T00:00:00Z: %s".formatted(option.key(), text));
            return null;
        }
    }

    private void positive(ConfigOption<Duration> option) {
        Duration value = config.get(option);
        if (value.isZero() || value.isNegative()) {
            problems.add("%s must be more than 0: %s".formatted(option.key(), value));
        }
    }

    private <T> T attempt(Supplier<T> supplier, T otherwise) {
        T read = attempt(supplier);
        return read == null ? otherwise : read;
    }

    private <T> @Nullable T attempt(Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    static List<String> list(@Nullable String text) {
        return text == null || text.isBlank() ? List.of() : List.of(SEPARATOR.split(text.trim()));
    }
}
