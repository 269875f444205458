package io.tocsin.job;

import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.SigmaDetection;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.link.RuleLinker;
import io.tocsin.sigma.read.SigmaDocuments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Rules that are looked at, or tested, before any job runs them. They stand beside those of the catalogue, whose ids are taken; but a
 * rule with the UUID of one of these is that rule, in the version at hand.
 *
 * @param linked those that are sound
 * @param rules how many there are
 * @param filters how many there are
 * @param problems everything that is wrong
 */
record RuleShelf(List<SigmaRule> linked, int rules, int filters, List<SigmaProblem> problems) {

    /** The rules of a catalogue. */
    static List<SigmaRule> shipped(DetectionCatalog catalog) {
        List<SigmaRule> rules = new ArrayList<>();
        for (Detection<?> detection : catalog.all()) {
            if (detection instanceof SigmaDetection sigma) {
                rules.add(sigma.rule());
            }
        }
        return rules;
    }

    /** Links rules. */
    static RuleShelf of(SigmaDocuments documents, DetectionCatalog catalog) {
        List<SigmaProblem> problems = new ArrayList<>(documents.problems());
        List<SigmaRule> all = new ArrayList<>();
        Set<String> others = new HashSet<>();
        for (Detection<?> detection : catalog.all()) {
            if (!(detection instanceof SigmaDetection sigma)) {
                refuse(detection.info().id(), "a detection of Tocsin", documents, problems);
            } else if (documents.rules().stream().noneMatch(rule -> isSame(rule, sigma.rule()))) {
                refuse(detection.info().id(), "a rule that comes with Tocsin", documents, problems);
                all.add(sigma.rule());
                others.add(sigma.rule().file());
            }
        }
        all.addAll(documents.rules());
        List<SigmaProblem> found = new ArrayList<>();
        List<SigmaRule> linked = new ArrayList<>();
        for (SigmaRule rule : RuleLinker.link(all, documents.filters(), found)) {
            if (!others.contains(rule.file())) {
                linked.add(rule);
            }
        }
        found.removeIf(problem -> others.contains(problem.file()));
        problems.addAll(found);
        return new RuleShelf(
                linked,
                documents.rules().size(),
                documents.filters().size(),
                List.copyOf(new LinkedHashSet<>(problems)));
    }

    private static boolean isSame(SigmaRule one, SigmaRule other) {
        return one.uuid() != null && one.uuid().equals(other.uuid());
    }

    private static void refuse(String id, String whose, SigmaDocuments documents, List<SigmaProblem> problems) {
        for (SigmaRule rule : documents.rules()) {
            if (rule.id().equals(id)) {
                problems.add(new SigmaProblem(
                        rule.file(),
                        rule.line(),
                        "the id %s is taken by %s: give the rule another name".formatted(id, whose)));
            }
        }
    }
}
