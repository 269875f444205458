package io.tocsin.sigma.match;

import io.tocsin.event.Content;
import io.tocsin.event.Content.Leaf;
import io.tocsin.event.SecurityEvent;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.Field.Varies;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.field.ContentReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is asked of an event of one source. */
final class EventScope extends Scope {
    private final Function<String, @Nullable Field> fields;
    private final Map<String, Values> told = new HashMap<>();
    private @Nullable Subject subject;
    private boolean readQuery;

    /**
     * A scope.
     *
     * @param fields finds a field of the source by its name; null if it has none
     */
    EventScope(Function<String, @Nullable Field> fields) {
        this.fields = fields;
    }

    /** Goes on to an event. */
    void take(Subject next) {
        subject = next;
        readQuery = false;
        goOn();
    }

    /** Whether the query of the event's URI was read. */
    boolean readQuery() {
        return readQuery;
    }

    @Override
    @Nullable
    Values values(String field) {
        if (field.equals(Expression.KEYWORDS)) {
            return told.computeIfAbsent(field, name -> new Values(this, EventScope::texts, Varies.WITH_QUERY));
        }
        Field found = fields.apply(plain(field));
        if (found == null) {
            return null;
        }
        return found.reader() instanceof ContentReader reader
                ? content(reader.path())
                : told.computeIfAbsent(found.name(), name -> new Values(this, found.reader(), found.varies()));
    }

    @Override
    @Nullable
    String arrayPath(String field) {
        Field found = fields.apply(plain(field));
        return found == null || found.content().isEmpty() ? null : found.content();
    }

    @Override
    List<Leaf> leaves() {
        return subject == null ? List.of() : subject.event().content().leaves();
    }

    @Override
    void read(Field.Reader reader, Varies varies, List<String> into) {
        readQuery |= varies == Varies.WITH_QUERY;
        if (subject != null) {
            reader.read(subject, into);
        }
    }

    /** What keywords are searched in: the record as it was logged, or, where it is not kept, what the event has of it. */
    private static void texts(Subject subject, Collection<String> into) {
        SecurityEvent event = subject.event();
        Content content = event.content();
        if (content.text() != null) {
            into.add(content.text());
            return;
        }
        List<@Nullable String> texts = new ArrayList<>();
        texts.add(event.message());
        texts.add(event.uri());
        texts.add(event.user());
        texts.add(event.impersonator());
        texts.add(event.userAgent());
        texts.add(event.verb());
        texts.add(event.resource());
        texts.add(event.namespace());
        texts.add(event.name());
        texts.add(event.reason());
        texts.add(event.peer());
        texts.add(event.process().command());
        for (String text : texts) {
            if (text != null) {
                into.add(text);
            }
        }
        for (Leaf leaf : content.leaves()) {
            if (leaf.value() != null) {
                into.add(leaf.value());
            }
        }
    }
}
