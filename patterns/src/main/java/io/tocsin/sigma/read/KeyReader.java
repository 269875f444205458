package io.tocsin.sigma.read;

import io.tocsin.sigma.Nearest;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the keys of one mapping and tells what is wrong with them. */
final class KeyReader {
    private final YamlNode.Mapping mapping;
    /** How its keys are called in messages: {@code logsource.}, or nothing. */
    private final String prefix;

    private final Problems problems;

    KeyReader(YamlNode.Mapping mapping, String prefix, Problems problems) {
        this.mapping = mapping;
        this.prefix = prefix;
        this.problems = problems;
    }

    /** Refuses keys that are not among these. */
    void refuseOthers(Collection<String> known) {
        for (YamlNode.Entry entry : mapping.entries()) {
            if (!known.contains(entry.key())) {
                problems.add(
                        entry.line(),
                        "there is no key %s%s%s".formatted(prefix, entry.key(), Problems.meant(entry.key(), known)));
            }
        }
    }

    /** Refuses keys that are nearly these: any other key is the author's own, and so is what begins with {@code x-}. */
    void refuseMisspelt(Collection<String> known) {
        for (YamlNode.Entry entry : mapping.entries()) {
            if (!known.contains(entry.key()) && !entry.key().startsWith("x-")) {
                String meant = misspelt(entry.key(), known);
                if (meant != null) {
                    problems.add(
                            entry.line(),
                            "there is no key %s%s; did you mean %s?".formatted(prefix, entry.key(), meant));
                }
            }
        }
    }

    /** The key that this is a misspelling of; fewer letters may differ than elsewhere, since other keys are allowed. */
    private static @Nullable String misspelt(String key, Collection<String> known) {
        String lower = key.toLowerCase(Locale.ROOT);
        int least = lower.length() < 6 ? 2 : 3; // one less is still near
        String nearest = null;
        for (String name : known) {
            int distance = Nearest.distance(lower, name, least);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    /** Whether the key is there, whatever its value. */
    boolean has(String key) {
        return mapping.get(key) != null;
    }

    /** A key's value, which must be there. */
    @Nullable
    YamlNode required(String key, String expected) {
        YamlNode value = mapping.get(key);
        if (value == null) {
            problems.add(mapping.line(), "%s%s is missing: %s".formatted(prefix, key, expected));
        }
        return value;
    }

    /** A key's mapping; null without it, or with a problem. */
    YamlNode.@Nullable Mapping mapping(String key, String expected) {
        YamlNode value = mapping.get(key);
        if (value == null || value instanceof YamlNode.Mapping) {
            return (YamlNode.Mapping) value;
        }
        problems.add(
                mapping.lineOf(key),
                "%s%s must be keys and values, %s: %s".formatted(prefix, key, expected, value.kind()));
        return null;
    }

    /** A key's text, without space around it; null without it, or with a problem. */
    @Nullable
    String text(String key, int longest) {
        YamlNode value = mapping.get(key);
        if (value == null) {
            return null;
        }
        String text = YamlDocuments.text(value);
        if (text == null || text.isBlank()) {
            problems.add(
                    mapping.lineOf(key),
                    "%s%s must be a text: %s".formatted(prefix, key, text == null ? value.kind() : "an empty one"));
            return null;
        }
        if (text.length() > longest) {
            problems.add(
                    mapping.lineOf(key),
                    "%s%s may have at most %d characters: %d".formatted(prefix, key, longest, text.length()));
        }
        return text.strip();
    }

    /** A key's text, one of these; null without it, or with a problem. */
    @Nullable
    String oneOf(String key, List<String> allowed) {
        String text = text(key, Integer.MAX_VALUE);
        if (text != null && !allowed.contains(text)) {
            problems.add(
                    mapping.lineOf(key),
                    "%s%s must be one of %s: %s%s"
                            .formatted(prefix, key, String.join(", ", allowed), text, Problems.meant(text, allowed)));
            return null;
        }
        return text;
    }

    /** Checks a date. */
    void date(String key) {
        String text = text(key, Integer.MAX_VALUE);
        if (text == null) {
            return;
        }
        try {
            // Sigma 1 wrote 2026/01/31, and many rules still do.
            LocalDate.parse(text.replace('/', '-'));
        } catch (DateTimeException e) {
            problems.add(
                    mapping.lineOf(key), "%s%s must be a date such as 2026-01-31: %s".formatted(prefix, key, text));
        }
    }

    /**
     * A key's list of texts, each of them once; empty without it.
     *
     * @param orOne whether a single text is a list of one
     * @param shortest characters that each must have
     */
    List<String> texts(String key, boolean orOne, int shortest) {
        YamlNode value = mapping.get(key);
        if (value == null) {
            return List.of();
        }
        List<YamlNode> items;
        if (value instanceof YamlNode.Sequence list) {
            items = list.items();
        } else if (orOne) {
            items = List.of(value);
        } else {
            problems.add(mapping.lineOf(key), "%s%s must be a list: %s".formatted(prefix, key, value.kind()));
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (YamlNode item : items) {
            String text = YamlDocuments.text(item);
            if (text == null || text.strip().length() < shortest) {
                problems.add(
                        item.line(),
                        "%s%s must be texts of at least %d characters: %s"
                                .formatted(prefix, key, shortest, text == null ? item.kind() : text));
            } else if (!seen.add(text.strip())) {
                problems.add(item.line(), "%s%s has this twice: %s".formatted(prefix, key, text.strip()));
            } else {
                texts.add(text.strip());
            }
        }
        return texts;
    }

    /** Where a key stands; where the mapping does without it. */
    int line(String key) {
        return mapping.lineOf(key);
    }
}
