package io.tocsin.job;

import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.Glob;
import io.tocsin.detection.IncidentOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which detections an option names: by id, or by tag behind {@code tag:}; {@code *} stands for any characters in both.
 *
 * @param ids globs of ids
 * @param tags globs of tags
 */
record DetectionNames(List<Glob> ids, List<Glob> tags) {
    private static final String TAG = "tag:";

    /**
     * Reads the names.
     *
     * @param key the option, for the problems
     * @param problems takes what names no detection
     */
    static DetectionNames read(String key, List<String> names, DetectionCatalog catalog, List<String> problems) {
        Set<String> ids = new TreeSet<>(Set.of(IncidentOptions.ID));
        Set<String> tags = new TreeSet<>();
        for (Detection<?> detection : catalog.all()) {
            ids.add(detection.info().id());
            tags.addAll(detection.tags());
        }
        DetectionNames all = new DetectionNames(new ArrayList<>(), new ArrayList<>());
        for (String name : names) {
            boolean isTag = name.startsWith(TAG);
            String text = isTag ? name.substring(TAG.length()).trim().toLowerCase(Locale.ROOT) : name;
            Glob glob = new Glob(text);
            Set<String> known = isTag ? tags : ids;
            if (known.stream().noneMatch(glob::matches)) {
                String nearest = Suggestions.nearest(text, known);
                String meant = nearest == null ? "" : "; did you mean " + (isTag ? TAG : "") + nearest + "?";
                problems.add(
                        "%s: no detection %s %s%s".formatted(key, isTag ? "has the tag" : "is called", text, meant));
            }
            (isTag ? all.tags : all.ids).add(glob);
        }
        return all;
    }

    /** Whether it is named. */
    boolean name(String id, Set<String> tagged) {
        return ids.stream().anyMatch(glob -> glob.matches(id))
                || tags.stream().anyMatch(glob -> tagged.stream().anyMatch(glob::matches));
    }
}
