package io.tocsin.sigma.match;

import io.tocsin.sigma.Field;
import io.tocsin.sigma.Field.Varies;
import io.tocsin.sigma.compare.Decimal;
import io.tocsin.sigma.compare.IpAddress;
import io.tocsin.sigma.compare.TimeParts;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A field as a scope sees it: its values, read at most once of each thing, and the texts that rules search in them. */
final class Values {
    final Scope scope;
    /** Where the content has it; null where a reader tells it. */
    final @Nullable String path;

    /** Which came first, for decisions that must always be the same. */
    final int order;

    private final Field.@Nullable Reader reader;
    private final Varies varies;
    private final ValueList list = new ValueList();
    private long readAt;
    private long thereAt;
    private long notNullAt;

    /** The texts that rules search in it. */
    final Texts texts = new Texts(this);
    /** Its values as numbers. */
    final ParsedValues<BigDecimal> numbers = new ParsedValues<>(this, Decimal::of);
    /** Its values as addresses. */
    final ParsedValues<IpAddress> addresses = new ParsedValues<>(this, IpAddress::of);
    /** Its values as times in UTC. */
    final ParsedValues<OffsetDateTime> times = new ParsedValues<>(this, TimeParts::utc);
    /** The values that rules name in full. */
    final NamedValues named = new NamedValues(this);

    /** A field that is read from the content at a path. */
    Values(Scope scope, String path) {
        this.scope = scope;
        this.order = scope.nextOrder();
        this.path = path;
        this.reader = null;
        this.varies = Varies.NOT;
    }

    /** A field that a reader tells. */
    Values(Scope scope, Field.Reader reader, Varies varies) {
        this.scope = scope;
        this.order = scope.nextOrder();
        this.path = null;
        this.reader = reader;
        this.varies = varies;
    }

    /** Its values; none where it is absent or null. Good until the scope goes on. */
    List<String> list() {
        if (path != null) {
            scope.readContent();
        }
        start();
        return list;
    }

    /** Whether there is something, a value or null, or an object with something in it. */
    boolean isThere() {
        return path == null ? !list().isEmpty() : scope.readContent() == thereAt;
    }

    /** Whether there is something that is not null. */
    boolean isNotNull() {
        return path == null ? !list().isEmpty() : scope.readContent() == notNullAt;
    }

    /** Takes a value of the content, at the field's path. */
    void add(String value) {
        start();
        list.add(value);
    }

    /** Learns of the content that there is something, at the field's path or below. */
    void there(boolean notNull) {
        thereAt = scope.now();
        if (notNull) {
            notNullAt = thereAt;
        }
    }

    private void start() {
        long now = scope.now();
        if (readAt != now) {
            readAt = now;
            list.clear();
            if (reader != null) {
                scope.read(reader, varies, list);
            }
        }
    }
}
