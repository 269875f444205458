package io.tocsin.sigma.field;

import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.Field.Varies;
import io.tocsin.sigma.Subject;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fields as they are defined, one after the other. The first definition of a name in a log stands. */
final class FieldTable {
    private final Map<Source, Map<String, Field>> own = new EnumMap<>(Source.class);
    private final Map<Source, Map<String, String>> others = new EnumMap<>(Source.class);
    private final Map<Source, Map<String, FieldRoot>> roots = new EnumMap<>(Source.class);

    FieldTable() {
        for (Source source : Source.values()) {
            own.put(source, new TreeMap<>());
            others.put(source, new TreeMap<>());
            roots.put(source, new TreeMap<>());
        }
    }

    /** Begins a field. */
    Definition field(String name, Set<Source> sources, String description) {
        return new Definition(name, sources, description);
    }

    /** Makes everything below a path a field; with {@code itself} the path too. */
    void root(String path, Set<Source> sources, boolean itself, String description) {
        for (Source source : sources) {
            roots(source).put(path, new FieldRoot(path, description, itself));
        }
    }

    /** Lets names lead to a field, or to a path below a root, of a log. */
    void also(Source source, String name, String... further) {
        for (String other : further) {
            others(source).putIfAbsent(other, name);
        }
    }

    Map<String, Field> own(Source source) {
        return of(own, source);
    }

    Map<String, String> others(Source source) {
        return of(others, source);
    }

    Map<String, FieldRoot> roots(Source source) {
        return of(roots, source);
    }

    private static <T> Map<String, T> of(Map<Source, Map<String, T>> tables, Source source) {
        Map<String, T> table = tables.get(source);
        if (table == null) {
            throw new IllegalStateException("no table for " + source.id());
        }
        return table;
    }

    /** A field below a root: read at its own path. */
    static Field below(FieldRoot root, String path, Source source) {
        return atContent(path, Set.of(source), root.description(), Set.of());
    }

    private static Field atContent(String path, Set<Source> sources, String description, Set<String> values) {
        return new Field(
                path, sources, description, values, path, Set.of(), new ContentReader(path), Set.of(), Varies.NOT);
    }

    /** Adds a value that is there. */
    static void put(@Nullable String value, Collection<String> into) {
        if (value != null && !value.isEmpty()) {
            into.add(value);
        }
    }

    /** What is told of a field so far. */
    final class Definition {
        private final String name;
        private final Set<Source> sources;
        private final String description;
        private final Set<String> values = new TreeSet<>();
        private final Set<EventField> costs = EnumSet.noneOf(EventField.class);
        private final Set<String> others = new LinkedHashSet<>();
        private final Set<String> beside = new TreeSet<>();
        private String path = "";
        private Varies varies = Varies.NOT;

        private Definition(String name, Set<Source> sources, String description) {
            this.name = name;
            this.sources = sources;
            this.description = description;
        }

        /** Other names of it. */
        Definition also(String... names) {
            others.addAll(Set.of(names));
            return this;
        }

        /** All it can be. */
        Definition values(Collection<String> all) {
            values.addAll(all);
            return this;
        }

        /** All it can be. */
        Definition values(String... all) {
            return values(Set.of(all));
        }

        /** What has to be decoded for it. */
        Definition costs(EventField field) {
            costs.add(field);
            return this;
        }

        /** In what it differs between events that are else the same. */
        Definition varies(Varies with) {
            varies = with;
            return this;
        }

        /** What of the content its reader reads; the first is what the field is found at. */
        Definition reads(String first, String... further) {
            path = first;
            beside.addAll(Set.of(further));
            return this;
        }

        /** Defines it as read from the content, at a path. */
        void at(String contentPath) {
            path = contentPath;
            by(new ContentReader(contentPath));
        }

        /** Defines it as one value of the event. */
        void is(Function<SecurityEvent, @Nullable String> value) {
            by((subject, into) -> put(value.apply(subject.event()), into));
        }

        /** Defines it as values of the event. */
        void are(Function<SecurityEvent, ? extends Collection<String>> all) {
            by((subject, into) -> into.addAll(all.apply(subject.event())));
        }

        /** Defines it as something that holds or not. */
        void holds(Condition condition) {
            values("true", "false");
            by((subject, into) -> into.add(condition.holds(subject) ? "true" : "false"));
        }

        /** Defines it. */
        void by(Field.Reader reader) {
            Field field = new Field(name, sources, description, values, path, costs, reader, beside, varies);
            for (Source source : sources) {
                own(source).putIfAbsent(name, field);
                FieldTable.this.also(source, name, others.toArray(String[]::new));
            }
        }
    }

    /** A question that is answered by yes or no. */
    @FunctionalInterface
    interface Condition {
        boolean holds(Subject subject);
    }
}
