package io.tocsin.sigma.read;

import io.tocsin.sigma.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads search identifiers: maps (all must hold), lists of maps (one must), lists of keywords (one must). */
final class SelectionReader {
    private static final FieldKey KEYWORDS = new FieldKey(Expression.KEYWORDS, false, List.of());
    /** Stands for one that has a problem, so that conditions that name it are still checked. */
    private static final Expression BROKEN = new Expression.Any(List.of());

    private final ValueReader values;
    private final Problems problems;

    SelectionReader(Map<String, List<String>> placeholders, Problems problems) {
        this.values = new ValueReader(placeholders, problems);
        this.problems = problems;
    }

    /**
     * The search identifiers of a section, in file order.
     *
     * @param others keys of the section that are none
     */
    Map<String, Expression> read(YamlNode.Mapping section, Set<String> others) {
        Map<String, Expression> selections = new LinkedHashMap<>();
        for (YamlNode.Entry entry : section.entries()) {
            String name = entry.key();
            if (others.contains(name)) {
                continue;
            }
            if (name.equals("timeframe")) {
                problems.add(
                        entry.line(),
                        "timeframe belongs to the aggregations of Sigma 1: what happens several times is told by Tocsin's own rates");
                continue;
            }
            if (name.isEmpty() || !name.chars().allMatch(c -> c != '*' && ConditionReader.isWord((char) c))) {
                problems.add(
                        entry.line(),
                        "a search identifier is letters, digits, _, - and ., or else no condition can name it: "
                                + name);
            } else if (ConditionReader.RESERVED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                problems.add(
                        entry.line(), "%s is a word of conditions and can't be a search identifier".formatted(name));
            }
            Expression selection = selection(entry.value(), entry.line());
            selections.put(name, selection == null ? BROKEN : selection);
        }
        return selections;
    }

    private @Nullable Expression selection(YamlNode value, int line) {
        if (value instanceof YamlNode.Mapping map) {
            return map(map, false);
        }
        if (value instanceof YamlNode.Scalar) {
            return values.read(KEYWORDS, line, value, false);
        }
        if (value instanceof YamlNode.Sequence list) {
            return list(list);
        }
        throw new IllegalStateException("a node of another kind: " + value.kind());
    }

    private @Nullable Expression list(YamlNode.Sequence list) {
        if (list.items().isEmpty()) {
            problems.add(list.line(), "a search identifier's list is empty: it would match nothing");
            return null;
        }
        int before = problems.count();
        List<Expression> of = new ArrayList<>();
        for (YamlNode item : list.items()) {
            Expression one = item instanceof YamlNode.Sequence ? null : selection(item, item.line());
            if (one != null) {
                of.add(one);
            } else if (item instanceof YamlNode.Sequence) {
                problems.add(item.line(), "expected keywords, or maps of fields, but a list stands in the list");
            }
        }
        if (problems.count() > before) {
            return null;
        }
        return of.size() == 1 ? of.get(0) : new Expression.Any(of);
    }

    private @Nullable Expression map(YamlNode.Mapping map, boolean inElement) {
        if (map.entries().isEmpty()) {
            problems.add(map.line(), "a map without fields matches every event");
            return null;
        }
        int before = problems.count();
        List<Expression> of = new ArrayList<>();
        for (YamlNode.Entry entry : map.entries()) {
            Expression one = field(entry, inElement);
            if (one != null) {
                of.add(one);
            }
        }
        if (problems.count() > before) {
            return null;
        }
        return of.size() == 1 ? of.get(0) : new Expression.All(of);
    }

    private @Nullable Expression field(YamlNode.Entry entry, boolean inElement) {
        FieldKey key = FieldKey.parse(entry.key(), entry.line(), problems);
        if (key == null) {
            return null;
        }
        if (key.isKeywords() && inElement) {
            problems.add(entry.line(), "keywords are searched in the whole record: they can't be asked of an element");
            return null;
        }
        List<YamlNode.Mapping> elements = elements(entry.value());
        if (elements.isEmpty()) {
            return values.read(key, entry.line(), entry.value(), inElement);
        }
        if (!key.element() || !key.modifiers().isEmpty()) {
            problems.add(
                    entry.line(),
                    "keys and values stand under a field only to ask one element of an array for all of them; then it is written %s[]: %s"
                            .formatted(key.field(), entry.key()));
            return null;
        }
        List<Expression> of = new ArrayList<>();
        for (YamlNode.Mapping element : elements) {
            Expression one = map(element, true);
            if (one != null) {
                of.add(new Expression.Element(key.field(), one, element.line()));
            }
        }
        return of.size() == 1 ? of.get(0) : new Expression.Any(of);
    }

    /** The maps under a field; none if values stand there. */
    private List<YamlNode.Mapping> elements(YamlNode value) {
        if (value instanceof YamlNode.Mapping map) {
            return List.of(map);
        }
        List<YamlNode.Mapping> elements = new ArrayList<>();
        if (value instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                if (item instanceof YamlNode.Mapping map) {
                    elements.add(map);
                }
            }
            if (!elements.isEmpty() && elements.size() < list.items().size()) {
                problems.add(list.line(), "a list must hold values only, or maps of fields only");
            }
        }
        return elements;
    }
}
