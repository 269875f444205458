package io.tocsin.job.decode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The namespaces whose containers write the logs of others, told by globs. */
final class PlatformNamespaces {
    private static final int REMEMBERED = 10_000;

    private final List<Pattern> globs;
    private final Map<String, Boolean> known = new HashMap<>();

    PlatformNamespaces(List<String> globs) {
        this.globs = globs.stream()
                .map(glob -> Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q")))
                .toList();
    }

    boolean contains(@Nullable String namespace) {
        if (namespace == null) {
            return false;
        }
        Boolean contained = known.get(namespace);
        if (contained == null) {
            contained = globs.stream().anyMatch(glob -> glob.matcher(namespace).matches());
            if (known.size() < REMEMBERED) {
                known.put(namespace, contained);
            }
        }
        return contained;
    }
}
