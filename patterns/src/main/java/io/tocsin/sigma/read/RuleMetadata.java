package io.tocsin.sigma.read;

import io.tocsin.alert.Severity;
import io.tocsin.sigma.LogSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what rules and filters tell of themselves. */
final class RuleMetadata {
    /** The keys that Sigma gives a meaning to, and Tocsin's own; others are the author's. */
    static final List<String> KEYS = List.of(
            "title",
            "id",
            "name",
            "related",
            "taxonomy",
            "status",
            "description",
            "license",
            "references",
            "author",
            "date",
            "modified",
            "logsource",
            "detection",
            "fields",
            "falsepositives",
            "level",
            "tags",
            "scope",
            "filter",
            "correlation",
            "action",
            "tocsin");

    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_TEXT = 65_535;
    private static final List<String> STATUSES = List.of("stable", "test", "experimental", "deprecated", "unsupported");
    private static final List<String> RELATIONS = List.of("derived", "obsolete", "merged", "renamed", "similar");
    private static final List<String> LOG_SOURCE_KEYS = List.of("category", "product", "service", "definition");
    private static final Pattern TAG = Pattern.compile("[a-z0-9_-]+\\.[a-z0-9._-]+");
    private static final Pattern LOG_SOURCE = Pattern.compile("[a-z0-9._-]+");
    private static final Pattern KEBAB = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final KeyReader keys;
    private final YamlNode.Mapping document;
    private final Problems problems;

    RuleMetadata(YamlNode.Mapping document, Problems problems) {
        this.keys = new KeyReader(document, "", problems);
        this.document = document;
        this.problems = problems;
    }

    /** Checks what nothing else is made of. */
    void check() {
        keys.refuseMisspelt(KEYS);
        keys.date("date");
        keys.date("modified");
        keys.text("license", LONGEST_TEXT);
        keys.text("author", LONGEST_TEXT);
        keys.texts("scope", false, 2);
        String taxonomy = keys.text("taxonomy", LONGEST_NAME);
        if (taxonomy != null && !taxonomy.equals("sigma")) {
            problems.add(
                    keys.line("taxonomy"),
                    "taxonomy must be sigma, whose names and Tocsin's own are understood: " + taxonomy);
        }
        related();
    }

    private void related() {
        YamlNode related = document.get("related");
        if (related == null) {
            return;
        }
        if (!(related instanceof YamlNode.Sequence list)) {
            problems.add(keys.line("related"), "related must be a list of id and type: " + related.kind());
            return;
        }
        for (YamlNode item : list.items()) {
            if (!(item instanceof YamlNode.Mapping one)) {
                problems.add(item.line(), "related must be a list of id and type: " + item.kind());
                continue;
            }
            KeyReader relation = new KeyReader(one, "related.", problems);
            relation.refuseOthers(List.of("id", "type"));
            if (relation.required("id", "the UUID of the other rule") != null) {
                uuid(relation, "related.id");
            }
            if (relation.required("type", "one of " + String.join(", ", RELATIONS)) != null) {
                relation.oneOf("type", RELATIONS);
            }
        }
    }

    /** The title; empty with a problem. */
    String title() {
        String title = keys.required("title", "what is found, in a few words") == null
                ? null
                : keys.text("title", LONGEST_NAME);
        return title == null ? "" : title;
    }

    /** The description; empty without. */
    String description() {
        String description = keys.text("description", LONGEST_TEXT);
        return description == null ? "" : description;
    }

    /** Sigma's {@code id}; null without it, or with a problem. */
    @Nullable
    String uuid() {
        return uuid(keys, "id");
    }

    private @Nullable String uuid(KeyReader reader, String name) {
        String text = reader.text("id", LONGEST_NAME);
        if (text == null) {
            return null;
        }
        try {
            // Java takes shorter groups too, but writes them out.
            if (UUID.fromString(text).toString().equals(text.toLowerCase(Locale.ROOT))) {
                return text.toLowerCase(Locale.ROOT);
            }
        } catch (IllegalArgumentException e) {
            problems.add(reader.line("id"), notUuid(name, text));
            return null;
        }
        problems.add(reader.line("id"), notUuid(name, text));
        return null;
    }

    private static String notUuid(String name, String text) {
        return "%s must be a UUID such as 0d5c1f7e-6a8b-4c39-9f10-2b7d4e8a6c53: %s".formatted(name, text);
    }

    /**
     * The detection's id: the name if it is in kebab-case, else the file's name put so.
     *
     * @param first whether no other rule of the file comes before
     */
    String detectionId(String file, boolean first) {
        String name = keys.text("name", LONGEST_NAME);
        if (name != null && KEBAB.matcher(name).matches()) {
            return name;
        }
        if (!first) {
            problems.add(
                    keys.has("name") ? keys.line("name") : document.line(),
                    "a further rule of a file needs a name of its own, in kebab-case such as privileged-container"
                            + (name == null ? "" : ": " + name));
            return "";
        }
        String base = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
                .replaceFirst("\\.ya?ml$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        if (base.isEmpty()) {
            problems.add(
                    document.line(), "neither name nor the file's name gives the rule an id in kebab-case: " + file);
        }
        return base;
    }

    /** The status; null without it, or with a problem. */
    @Nullable
    String status() {
        String status = keys.oneOf("status", STATUSES);
        if ("unsupported".equals(status)) {
            problems.add(keys.line("status"), "the rule says of itself that it can't be used: status unsupported");
        }
        return status;
    }

    /** The severity; medium without, as Sigma leaves it open. */
    Severity level() {
        String level = keys.oneOf("level", TocsinBlock.severities());
        Severity severity = level == null ? null : TocsinBlock.severity(level);
        return severity == null ? Severity.MEDIUM : severity;
    }

    /** The logs; with a problem without any. */
    LogSource logSource() {
        LogSource none = new LogSource(null, null, null);
        if (keys.required("logsource", "product, service or category of the logs") == null) {
            return none;
        }
        YamlNode.Mapping mapping = keys.mapping("logsource", "product, service or category");
        if (mapping == null) {
            return none;
        }
        KeyReader logs = new KeyReader(mapping, "logsource.", problems);
        logs.refuseMisspelt(LOG_SOURCE_KEYS);
        LogSource source = new LogSource(word(logs, "category"), word(logs, "product"), word(logs, "service"));
        if (!logs.has("category") && !logs.has("product") && !logs.has("service")) {
            problems.add(keys.line("logsource"), "logsource needs a product, a service or a category");
        }
        return source;
    }

    private @Nullable String word(KeyReader logs, String key) {
        String word = logs.text(key, LONGEST_NAME);
        if (word != null && !LOG_SOURCE.matcher(word).matches()) {
            problems.add(
                    logs.line(key),
                    "logsource.%s must be in lower case, with _ for spaces: %s; did you mean %s?"
                            .formatted(key, word, word.toLowerCase(Locale.ROOT).replace(' ', '_')));
        }
        return word;
    }

    /** The tags, in lower case. */
    List<String> tags() {
        List<String> tags = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String tag : keys.texts("tags", false, 1)) {
            String lower = tag.toLowerCase(Locale.ROOT);
            if (!TAG.matcher(lower).matches()) {
                problems.add(
                        keys.line("tags"),
                        "a tag is a namespace, a dot and letters, digits, - and _, such as attack.t1611: " + tag);
            } else if (seen.add(lower)) {
                tags.add(lower);
            }
        }
        return tags;
    }

    /** The fields that an alert tells. */
    List<String> fields() {
        return keys.texts("fields", false, 1).stream()
                .map(FieldKey::plain)
                .distinct()
                .toList();
    }

    List<String> falsePositives() {
        return keys.texts("falsepositives", true, 2);
    }

    List<String> references() {
        return keys.texts("references", false, 1);
    }
}
