package io.tocsin.job.inspect;

import io.tocsin.detection.Configured;
import io.tocsin.detection.Need;
import io.tocsin.job.redaction.Redaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What detections can't see because a cluster's logs never carry it. */
public final class Blindness {
    /** Between the needs of one detection. */
    private static final String BETWEEN = "; ";

    /** So many detections are named in a line; a summary's file names all. */
    private static final int NAMED = 6;

    private Blindness() {}

    /**
     * By cluster, then by detection: what is missing, in words. Detections that are off need nothing.
     *
     * @param carried by cluster, what its logs have carried
     */
    public static Map<String, Map<String, String>> of(
            Map<String, ? extends Collection<Need>> carried, List<Configured<?>> detections) {
        Map<String, Map<String, String>> blind = new TreeMap<>();
        carried.forEach((cluster, has) -> {
            Map<String, String> missing = new TreeMap<>();
            for (Configured<?> detection : detections) {
                List<Need> lacks =
                        new ArrayList<>(new TreeSet<>(detection.info().needs()));
                lacks.removeAll(has);
                if (detection.enabled() && !lacks.isEmpty()) {
                    missing.put(
                            detection.info().id(),
                            String.join(
                                    BETWEEN,
                                    lacks.stream().map(Need::description).toList()));
                }
            }
            if (!missing.isEmpty()) {
                blind.put(Redaction.of(cluster), missing);
            }
        });
        return blind;
    }

    /** A line for each thing that a cluster's logs never carry, with the detections that are blind for want of it. */
    public static List<String> lines(Map<String, Map<String, String>> blind) {
        List<String> lines = new ArrayList<>();
        blind.forEach((cluster, missing) -> {
            Map<String, List<String>> byNeed = new TreeMap<>();
            missing.forEach((detection, needs) -> {
                for (String need : needs.split(BETWEEN, -1)) {
                    byNeed.computeIfAbsent(need, any -> new ArrayList<>()).add(detection);
                }
            });
            byNeed.forEach((need, detections) ->
                    lines.add("%s has no %s; blind: %s".formatted(cluster, need, names(detections))));
        });
        return lines;
    }

    private static String names(List<String> detections) {
        return detections.size() <= NAMED + 1
                ? String.join(", ", detections)
                : "%s and %d more"
                        .formatted(String.join(", ", detections.subList(0, NAMED)), detections.size() - NAMED);
    }
}
