package io.tocsin.detection;

import io.tocsin.sigma.SigmaFilter;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.link.RuleLinker;
import io.tocsin.sigma.read.SigmaDocuments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

/** All detections, by id: those on the class path, the rules that come with them, and users' rules. */
public final class DetectionCatalog {
    private final List<Detection<?>> programmed;
    private final SigmaDocuments documents;
    private final List<Detection<?>> detections;

    private DetectionCatalog(List<Detection<?>> programmed, SigmaDocuments documents, List<Detection<?>> detections) {
        this.programmed = programmed;
        this.documents = documents;
        this.detections = detections;
    }

    /**
     * Finds the detections.
     *
     * @throws IllegalStateException if there are none (a jar that lost its services), two of one id, or a rule that is broken
     */
    public static DetectionCatalog load() {
        List<Detection<?>> programmed = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Detection<?> detection : ServiceLoader.load(Detection.class, DetectionCatalog.class.getClassLoader())) {
            if (!ids.add(detection.info().id())) {
                throw new IllegalStateException(
                        "two detections have the id " + detection.info().id());
            }
            programmed.add(detection);
        }
        if (programmed.isEmpty()) {
            throw new IllegalStateException("no detection found: the jar has lost META-INF/services");
        }
        List<SigmaProblem> problems = new ArrayList<>();
        DetectionCatalog alone = new DetectionCatalog(
                List.copyOf(programmed), new SigmaDocuments(List.of(), List.of(), List.of()), List.copyOf(programmed));
        DetectionCatalog all = alone.with(ShippedRules.read(), problems);
        if (!problems.isEmpty()) {
            throw new IllegalStateException("a rule in the jar is broken: "
                    + String.join(
                            "; ", problems.stream().map(SigmaProblem::toString).toList()));
        }
        return all;
    }

    /**
     * These detections and more rules; filters among them are about any rule.
     *
     * @param more rules and filters as they are written, and what was found wrong with others
     * @param problems takes everything that is wrong, an id that is taken among it; a rule with a problem is left out
     */
    public DetectionCatalog with(SigmaDocuments more, List<SigmaProblem> problems) {
        problems.addAll(more.problems());
        Map<String, String> taken = new HashMap<>();
        taken.put(IncidentOptions.ID, "incidents");
        programmed.forEach(detection -> taken.put(detection.info().id(), "a detection of Tocsin"));
        documents.rules().forEach(rule -> taken.put(rule.id(), "the rule of " + rule.file()));
        List<SigmaRule> rules = new ArrayList<>(documents.rules());
        for (SigmaRule rule : more.rules()) {
            String before = taken.putIfAbsent(rule.id(), "the rule of " + rule.file());
            if (before != null) {
                problems.add(new SigmaProblem(
                        rule.file(), rule.line(), "the id %s is taken by %s".formatted(rule.id(), before)));
            } else {
                rules.add(rule);
            }
        }
        List<SigmaFilter> filters = new ArrayList<>(documents.filters());
        filters.addAll(more.filters());
        List<Detection<?>> all = new ArrayList<>(programmed);
        RuleLinker.link(rules, filters, problems).forEach(rule -> all.add(detection(rule)));
        all.sort(Comparator.comparing(detection -> detection.info().id()));
        return new DetectionCatalog(programmed, new SigmaDocuments(rules, filters, List.of()), List.copyOf(all));
    }

    /** The detection that a rule, which is linked, is. */
    static Detection<?> detection(SigmaRule rule) {
        return rule.asksNewAddress() ? new NewAddressRule(rule) : new RuleDetection(rule);
    }

    /** The detections, sorted by id. */
    public List<Detection<?>> all() {
        return detections;
    }

    /**
     * The detection of this id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Detection<?> find(String id) {
        return detections.stream()
                .filter(detection -> detection.info().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no detection is called " + id));
    }
}
