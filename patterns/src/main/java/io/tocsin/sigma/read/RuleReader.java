package io.tocsin.sigma.read;

import io.tocsin.alert.Severity;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.LogSource;
import io.tocsin.sigma.SigmaFilter;
import io.tocsin.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes rules and filters of the documents of one file. */
final class RuleReader {
    private static final String CONDITION = "condition";
    private static final String RULES = "rules";
    private static final String ANY = "any";

    private final String file;
    private final Map<String, List<String>> placeholders;
    private final Problems problems;
    private final List<SigmaRule> rules = new ArrayList<>();
    private final List<SigmaFilter> filters = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private boolean first = true;

    RuleReader(String file, Map<String, List<String>> placeholders, Problems problems) {
        this.file = file;
        this.placeholders = placeholders;
        this.problems = problems;
    }

    List<SigmaRule> rules() {
        return rules;
    }

    List<SigmaFilter> filters() {
        return filters;
    }

    /** Reads one document; it gives nothing if it has a problem. */
    void read(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping document)) {
            problems.add(node.line(), "a rule must be keys and values, title and so on: " + node.kind());
            return;
        }
        KeyReader keys = new KeyReader(document, "", problems);
        if (keys.has("action")) {
            problems.add(
                    keys.line("action"),
                    "action and the collections it makes are those of Sigma 1: write each rule out, in a document of its own");
        } else if (keys.has("correlation")) {
            problems.add(
                    keys.line("correlation"),
                    "correlations are not read: what happens several times is a rate and what happens in an order is a sequence of"
                            + " Tocsin's own, in event time and exactly once; see tocsin detections, and name the rule as a signal of one");
        } else if (keys.has("filter") && keys.has("detection")) {
            problems.add(
                    keys.line("filter"),
                    "a document is a rule, with detection, or a filter, with filter: this has both");
        } else if (keys.has("filter")) {
            filter(document);
        } else {
            rule(document);
            first = false;
        }
    }

    private void rule(YamlNode.Mapping document) {
        int before = problems.count();
        RuleMetadata metadata = new RuleMetadata(document, problems);
        metadata.check();
        KeyReader keys = new KeyReader(document, "", problems);
        String id = metadata.detectionId(file, first);
        if (!id.isEmpty() && !ids.add(id)) {
            problems.add(
                    keys.has("name") ? keys.line("name") : document.line(), "two rules of this file are called " + id);
        }
        String title = metadata.title();
        String description = metadata.description();
        String uuid = metadata.uuid();
        String status = metadata.status();
        Severity level = metadata.level();
        LogSource logSource = metadata.logSource();
        List<String> tags = metadata.tags();
        List<String> falsePositives = metadata.falsePositives();
        List<String> references = metadata.references();
        List<String> fields = metadata.fields();
        keys.required("detection", "search identifiers and a condition");
        YamlNode.Mapping detection = keys.mapping("detection", "search identifiers and a condition");
        Set<String> others = Set.of(CONDITION);
        Map<String, Expression> selections =
                detection == null ? Map.of() : new SelectionReader(placeholders, problems).read(detection, others);
        ConditionReader conditions = new ConditionReader(selections, problems);
        Expression when = detection == null ? null : condition(detection, "detection.", conditions);
        TocsinBlock block = TocsinBlock.read(
                keys.mapping("tocsin", "levels, once-per, suppress-for, response, misses"),
                !fields.isEmpty(),
                detection == null ? new ConditionReader(Map.of(), problems) : conditions,
                problems);
        if (detection != null) {
            checkUsed(detection, selections, conditions);
        }
        if (when != null && problems.count() == before) {
            rules.add(new SigmaRule(
                    id,
                    uuid,
                    file,
                    document.line(),
                    title,
                    description,
                    status,
                    level,
                    logSource,
                    Set.of(),
                    when,
                    block.grades(),
                    tags,
                    falsePositives,
                    references,
                    fields,
                    block.response(),
                    block.misses(),
                    block.oncePer(),
                    block.suppressFor(),
                    false));
        }
    }

    private void filter(YamlNode.Mapping document) {
        int before = problems.count();
        RuleMetadata metadata = new RuleMetadata(document, problems);
        metadata.check();
        KeyReader keys = new KeyReader(document, "", problems);
        for (String key : List.of("level", "status", "tocsin")) {
            if (keys.has(key)) {
                problems.add(keys.line(key), "a filter has no %s: it only narrows rules".formatted(key));
            }
        }
        String title = metadata.title();
        metadata.description();
        String uuid = metadata.uuid();
        LogSource logSource = metadata.logSource();
        YamlNode.Mapping filter = keys.mapping("filter", "rules, a selection and a condition");
        if (filter == null) {
            return;
        }
        List<String> about = about(new KeyReader(filter, "filter.", problems));
        Map<String, Expression> selections =
                new SelectionReader(placeholders, problems).read(filter, Set.of(CONDITION, RULES));
        ConditionReader conditions = new ConditionReader(selections, problems);
        Expression when = condition(filter, "filter.", conditions);
        checkUsed(filter, selections, conditions);
        if (when != null && problems.count() == before) {
            filters.add(new SigmaFilter(uuid, file, document.line(), title, logSource, about, when));
        }
    }

    /** The rules that a filter is about; empty for all of its logs. */
    private List<String> about(KeyReader filter) {
        if (filter.required(RULES, "the ids or names of the rules, or any") == null) {
            return List.of();
        }
        List<String> about = filter.texts(RULES, true, 1);
        if (about.contains(ANY) && about.size() > 1) {
            problems.add(filter.line(RULES), "filter.rules names rules, or is any: not both");
        } else if (about.isEmpty()) {
            problems.add(filter.line(RULES), "filter.rules must name at least one rule, or be any");
        }
        return about.equals(List.of(ANY)) ? List.of() : about;
    }

    private @Nullable Expression condition(YamlNode.Mapping section, String prefix, ConditionReader conditions) {
        KeyReader keys = new KeyReader(section, prefix, problems);
        YamlNode condition =
                keys.required(CONDITION, "how the search identifiers are joined, such as: selection and not filter");
        return condition == null ? null : conditions.read(condition, "condition");
    }

    private void checkUsed(YamlNode.Mapping section, Map<String, Expression> selections, ConditionReader conditions) {
        // A condition that can't be read would make all of them look unused.
        if (section.get(CONDITION) == null || conditions.misread()) {
            return;
        }
        for (String name : selections.keySet()) {
            if (!conditions.used().contains(name)) {
                problems.add(section.lineOf(name), "no condition names the search identifier " + name);
            }
        }
    }
}
