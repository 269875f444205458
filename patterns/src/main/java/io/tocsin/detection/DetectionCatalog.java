package io.tocsin.detection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/** All detections on the class path, by id. */
public final class DetectionCatalog {
    private final List<Detection<?>> detections;

    private DetectionCatalog(List<Detection<?>> detections) {
        this.detections = detections;
    }

    /**
     * Finds the detections.
     *
     * @throws IllegalStateException if there are none (a jar that lost its services), or two of one id
     */
    public static DetectionCatalog load() {
        List<Detection<?>> found = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Detection<?> detection : ServiceLoader.load(Detection.class, DetectionCatalog.class.getClassLoader())) {
            if (!ids.add(detection.info().id())) {
                throw new IllegalStateException(
                        "two detections have the id " + detection.info().id());
            }
            found.add(detection);
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("no detection found: the jar has lost META-INF/services");
        }
        found.sort(Comparator.comparing(detection -> detection.info().id()));
        return new DetectionCatalog(List.copyOf(found));
    }

    /** The detections, sorted by id. */
    public List<Detection<?>> all() {
        return detections;
    }
}
