package io.tocsin.sigma.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value in a YAML document, with its line. */
public sealed interface YamlNode {
    /** Where it begins, from 1. */
    int line();

    /** What it is, for a person. */
    String kind();

    /** Keys and values, in file order; each key once. */
    record Mapping(List<Entry> entries, int line) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        /** The value of a key; null without it. */
        public @Nullable YamlNode get(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry.value();
                }
            }
            return null;
        }

        /** The line of a key; that of the mapping without it. */
        public int lineOf(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry.line();
                }
            }
            return line;
        }

        @Override
        public String kind() {
            return "keys and values";
        }
    }

    /** A key and its value. */
    record Entry(String key, int line, YamlNode value) {}

    /** A list. */
    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * A single value.
     *
     * @param text as written, without quotes
     */
    record Scalar(String text, Type type, int line) implements YamlNode {
        @Override
        public String kind() {
            return switch (type) {
                case TEXT -> "a text";
                case NUMBER -> "a number";
                case BOOLEAN -> "true or false";
                case NULL -> "null";
            };
        }
    }

    /** What a single value is by YAML 1.2's core schema. */
    enum Type {
        TEXT,
        NUMBER,
        BOOLEAN,
        NULL
    }
}
