package io.tocsin.sigma;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is added to rules that already exist: they match only where it holds too.
 *
 * @param rules the ids or uuids of the rules it is added to; empty: all of its log source
 * @param when what it asks of an event beside
 */
public record SigmaFilter(
        @Nullable String uuid,
        String file,
        int line,
        String title,
        LogSource logSource,
        List<String> rules,
        Expression when) {
    public SigmaFilter {
        rules = List.copyOf(rules);
    }
}
