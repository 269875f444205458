package io.tocsin.sigma.match;

import io.tocsin.event.Content.Leaf;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.Field.Varies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that rules ask about: an event, then the next; or an element of an array in it, then the next. */
abstract class Scope {
    private final ContentIndex content = new ContentIndex();
    /** The questions of this scope. */
    final Questions questions = new Questions(this);

    private long now;
    private long contentAt;
    private int fields;

    /** The number of what is at hand; what is remembered of another is of no use. */
    final long now() {
        return now;
    }

    /** A number for a field. */
    final int nextOrder() {
        return fields++;
    }

    /** Forgets what was at hand. */
    final void goOn() {
        now++;
    }

    /** Hands the content to its fields, unless it is done. */
    final long readContent() {
        if (contentAt != now) {
            contentAt = now;
            content.read(leaves());
        }
        return now;
    }

    /** The field of a path in the content. */
    final Values content(String path) {
        return content.field(this, path);
    }

    /** The array of a path in the content. */
    final Elements array(String path) {
        return content.array(this, path);
    }

    /** The field that a rule names; null if nothing at hand ever has it. */
    abstract @Nullable Values values(String field);

    /** The path in the content of an array that a rule names; null if it is not of the content. */
    abstract @Nullable String arrayPath(String field);

    /** What of the content is at hand. */
    abstract List<Leaf> leaves();

    /** Reads a field that is not of the content. */
    abstract void read(Field.Reader reader, Varies varies, List<String> into);

    /** A name without the marks of arrays, which change nothing. */
    static String plain(String field) {
        return field.replace("[]", "");
    }
}
