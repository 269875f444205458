package io.tocsin.sigma.match;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values of a field as what rules compare them as, parsed once however many rules do. */
final class ParsedValues<T> {
    private final Values values;
    private final Function<String, @Nullable T> parser;
    private final List<T> parsed = new ArrayList<>(1);
    private long parsedAt;

    /**
     * Values.
     *
     * @param parser gives null for what is none of it
     */
    ParsedValues(Values values, Function<String, @Nullable T> parser) {
        this.values = values;
        this.parser = parser;
    }

    /** Those that are such. */
    List<T> list() {
        long now = values.scope.now();
        if (parsedAt != now) {
            parsedAt = now;
            parsed.clear();
            List<String> texts = values.list();
            for (int i = 0; i < texts.size(); i++) {
                T one = parser.apply(texts.get(i));
                if (one != null) {
                    parsed.add(one);
                }
            }
        }
        return parsed;
    }
}
