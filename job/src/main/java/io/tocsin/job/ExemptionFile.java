package io.tocsin.job;

import io.tocsin.detection.Exemption;
import io.tocsin.detection.Glob;
import io.tocsin.network.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The YAML file of {@code --exemptions}.
 *
 * <pre>{@code
 * exemptions:
 *   - name: nightly-cleanup
 *     identity: system:serviceaccount:ops:cleanup   # or several
 *     origin: [10.0.0.0/8]            # or: any, or: control-plane
 *     client: kubectl/*               # optional
 *     detections: [delete-burst]
 *     namespaces: [team-*]            # optional
 *     clusters: [prod]                # optional
 *     owner: platform-team
 *     reason: removes preview environments every night
 *     expires: 2027-06-30
 * }</pre>
 */
final class ExemptionFile {
    private static final Set<String> KEYS = Set.of(
            "name",
            "identity",
            "origin",
            "client",
            "detections",
            "namespaces",
            "clusters",
            "owner",
            "reason",
            "expires");

    /** An origin: the control plane's network of the event's cluster, as the run is told. */
    private static final String CONTROL_PLANE = "control-plane";

    private static final String DEFAULTS = "/default-exemptions.yaml";

    private final String file;
    private final List<String> detectionIds;
    private final List<String> problems;

    private ExemptionFile(String file, List<String> detectionIds, List<String> problems) {
        this.file = file;
        this.detectionIds = detectionIds;
        this.problems = problems;
    }

    /**
     * Reads the file.
     *
     * @param detectionIds the detections there are
     * @param problems takes everything that is wrong with it
     */
    static List<Exemption> read(String file, List<String> detectionIds, List<String> problems) {
        try {
            String text = Files.readString(Path.of(file));
            return new ExemptionFile(file, detectionIds, problems).parse(text);
        } catch (IOException e) {
            problems.add("exemptions: can't read the file: " + file);
            return List.of();
        }
    }

    /** Reads those that come with the job. */
    static List<Exemption> readDefaults(List<String> detectionIds, List<String> problems) {
        try (InputStream in = ExemptionFile.class.getResourceAsStream(DEFAULTS)) {
            if (in == null) {
                throw new IllegalStateException("missing in the jar: " + DEFAULTS);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new ExemptionFile(DEFAULTS, detectionIds, problems).parse(text);
        } catch (IOException e) {
            throw new IllegalStateException("can't be read in the jar: " + DEFAULTS, e);
        }
    }

    private List<Exemption> parse(String text) {
        Object document;
        try {
            document = new Load(LoadSettings.builder()
                            .setLabel(file)
                            .setAllowDuplicateKeys(false)
                            .build())
                    .loadFromString(text);
        } catch (YamlEngineException e) {
            problems.add("exemptions: " + file + " is no YAML: " + e.getMessage());
            return List.of();
        }
        Object list = document instanceof Map<?, ?> mapping ? mapping.get("exemptions") : null;
        if (!(list instanceof List<?> entries)) {
            problems.add("exemptions: expected a list under the key exemptions in " + file);
            return List.of();
        }
        List<Exemption> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof Map<?, ?> entry) {
                List<Exemption> exemptions = entry(entry, i + 1);
                if (!exemptions.isEmpty() && !names.add(exemptions.get(0).name())) {
                    problems.add(
                            "exemptions: two are called " + exemptions.get(0).name());
                }
                all.addAll(exemptions);
            } else {
                problems.add("exemptions: entry %d must be keys and values: %s".formatted(i + 1, entries.get(i)));
            }
        }
        return all;
    }

    /** What an entry allows: one exemption for each of its identities, all of one name. */
    private List<Exemption> entry(Map<?, ?> entry, int number) {
        int before = problems.size();
        String where = "exemptions: entry " + number + ": ";
        for (Object key : entry.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                String nearest = Suggestions.nearest(String.valueOf(key), KEYS);
                problems.add("%sno such key: %s%s"
                        .formatted(where, key, nearest == null ? "" : "; did you mean " + nearest + "?"));
            }
        }
        List<String> identities = texts(entry, "identity");
        if (identities.isEmpty() || identities.stream().anyMatch(String::isBlank)) {
            problems.add(where + "identity is missing");
        }
        List<String> origins = origins(entry, where);
        List<String> detections = texts(entry, "detections");
        if (detections.isEmpty()) {
            problems.add(where + "detections must name at least one");
        }
        for (String glob : detections) {
            if (detectionIds.stream().noneMatch(new Glob(glob)::matches)) {
                String nearest = Suggestions.nearest(glob, detectionIds);
                problems.add("%sno detection is called %s%s"
                        .formatted(where, glob, nearest == null ? "" : "; did you mean " + nearest + "?"));
            }
        }
        String owner = text(entry, "owner", where);
        String reason = text(entry, "reason", where);
        Instant expires = expires(entry, where);
        if (problems.size() > before || expires == null) {
            return List.of();
        }
        boolean fromControlPlane = origins.equals(List.of(CONTROL_PLANE));
        Object name = entry.get("name");
        Object client = entry.get("client");
        List<Exemption> exemptions = new ArrayList<>();
        for (String identity : identities) {
            exemptions.add(new Exemption(
                    name == null ? "entry-" + number : String.valueOf(name),
                    new Glob(identity.trim()),
                    fromControlPlane ? List.of() : origins,
                    client == null ? null : new Glob(String.valueOf(client)),
                    globs(texts(entry, "clusters")),
                    globs(detections),
                    globs(texts(entry, "namespaces")),
                    owner,
                    reason,
                    expires,
                    fromControlPlane));
        }
        return exemptions;
    }

    private String text(Map<?, ?> entry, String key, String where) {
        Object value = entry.get(key);
        if (value == null || String.valueOf(value).isBlank()) {
            problems.add(where + key + " is missing");
            return "";
        }
        return String.valueOf(value).trim();
    }

    private static List<String> texts(Map<?, ?> entry, String key) {
        Object value = entry.get(key);
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return value == null ? List.of() : List.of(String.valueOf(value));
    }

    private List<String> origins(Map<?, ?> entry, String where) {
        List<String> origins = texts(entry, "origin");
        if (origins.isEmpty()) {
            problems.add(where + "origin is missing: address ranges, or any to say that it holds from anywhere");
        }
        if (origins.equals(List.of("any"))) {
            return List.of();
        }
        if (origins.equals(List.of(CONTROL_PLANE))) {
            return origins;
        }
        for (String origin : origins) {
            try {
                Network.range(origin);
            } catch (IllegalArgumentException e) {
                problems.add(where + "origin: " + e.getMessage());
            }
        }
        return origins;
    }

    private @Nullable Instant expires(Map<?, ?> entry, String where) {
        String text = text(entry, "expires", where);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return text.indexOf('T') > 0
                    ? Instant.parse(text)
                    : LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
        } catch (DateTimeException e) {
            problems.add(
                    where + "expires must be a date such as 2027-06-30 (the last day), or an RFC 3339 time: " + text);
            return null;
        }
    }

    private static List<Glob> globs(List<String> texts) {
        return texts.stream().map(Glob::new).toList();
    }
}
