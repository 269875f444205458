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
                                    "; ", lacks.stream().map(Need::description).toList()));
                }
            }
            if (!missing.isEmpty()) {
                blind.put(Redaction.of(cluster), missing);
            }
        });
        return blind;
    }

    /** A line for each detection that is blind in a cluster. */
    public static List<String> lines(Map<String, Map<String, String>> blind) {
        List<String> lines = new ArrayList<>();
        blind.forEach((cluster, missing) -> missing.forEach(
                (detection, need) -> lines.add("blind in %s: %s saw no %s".formatted(cluster, detection, need))));
        return lines;
    }
}
