package io.tocsin.sigma.field;

import io.tocsin.sigma.Field;
import io.tocsin.sigma.Subject;
import java.util.Collection;

/**
 * Reads the values at a path of the content, as they stand. The matcher knows it: it reads all such fields in one pass, and tells
 * whether there is null, or something below the path.
 *
 * @param path as in {@link io.tocsin.event.Content.Leaf#path}
 */
public record ContentReader(String path) implements Field.Reader {
    @Override
    public void read(Subject subject, Collection<String> into) {
        into.addAll(subject.event().content().values(path));
    }
}
