package io.tocsin.testkit;

import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.read.SigmaDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules as detections: those that come with the job, and what a test writes. */
public final class TestingRules {
    private static final DetectionCatalog CATALOG = DetectionCatalog.load();

    private TestingRules() {}

    /** A rule that comes with the job. */
    public static Detection<?> shipped(String id) {
        return CATALOG.find(id);
    }

    /** What this YAML, as if of a user's file, makes of the catalogue. */
    public static DetectionCatalog catalog(String yaml) {
        List<SigmaProblem> problems = new ArrayList<>();
        DetectionCatalog catalog = CATALOG.with(SigmaDocuments.read(yaml, "testing.yml", Map.of()), problems);
        if (!problems.isEmpty()) {
            throw new AssertionError(problems.toString());
        }
        return catalog;
    }

    /** What is wrong with this YAML. */
    public static List<String> problems(String yaml) {
        List<SigmaProblem> problems = new ArrayList<>();
        CATALOG.with(SigmaDocuments.read(yaml, "testing.yml", Map.of()), problems);
        return problems.stream().map(SigmaProblem::toString).toList();
    }
}
