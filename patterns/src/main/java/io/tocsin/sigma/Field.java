package io.tocsin.sigma;

import io.tocsin.event.EventField;
import io.tocsin.event.Source;
import java.util.Collection;
import java.util.Set;

/**
 * Something that can be asked of events.
 *
 * @param name its own name; others lead to it
 * @param sources the logs whose records can have it
 * @param description what it is, for the reference
 * @param values all it can be, in lower case; empty: anything
 * @param content the path in {@link io.tocsin.event.Content} that it is read at; empty if it is told by the event itself
 * @param costs what has to be decoded for it beside
 * @param reader reads its values
 * @param beside further paths of {@link io.tocsin.event.Content} that its reader reads
 * @param varies in what of it events differ that are else the same
 */
public record Field(
        String name,
        Set<Source> sources,
        String description,
        Set<String> values,
        String content,
        Set<EventField> costs,
        Reader reader,
        Set<String> beside,
        Varies varies) {
    /** What of a field differs between an event and one that repeats it. */
    public enum Varies {
        /** Nothing: it reads neither time nor ids. */
        NOT,
        /** It reads the query of the URI, where each watch has another version and other timeouts. */
        WITH_QUERY,
        /** It reads the time or an id. */
        WITH_IDS
    }

    /** Reads the values of a field, none where it is absent. */
    @FunctionalInterface
    public interface Reader {
        void read(Subject subject, Collection<String> into);
    }

    public Field {
        sources = Set.copyOf(sources);
        values = Set.copyOf(values);
        costs = Set.copyOf(costs);
        beside = Set.copyOf(beside);
    }
}
