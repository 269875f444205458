package io.tocsin.sigma.link;

import io.tocsin.event.Source;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds what a rule asks that can't occur in the logs it reads. */
final class RuleLinter {
    /** Fields that may have several values at once, so that two different ones may be asked together. */
    private static final Set<String> SEVERAL = Set.of(
            "actor.groups",
            "attack.kind",
            "binding.subjects",
            "csr.organizations",
            "impersonatedUser.groups",
            "mentioned_arns",
            "role.rights",
            "source.claimed_ip",
            "sourceIPs");

    private final Set<Source> sources;
    private final String file;
    private final List<SigmaProblem> problems;

    RuleLinter(Set<Source> sources, String file, List<SigmaProblem> problems) {
        this.sources = new TreeSet<>(sources);
        this.file = file;
        this.problems = problems;
    }

    /** Checks a condition whose fields have their own names. */
    void check(Expression when) {
        if (when instanceof Expression.All all) {
            together(all);
            all.of().forEach(this::check);
        } else if (when instanceof Expression.Any any) {
            any.of().forEach(this::check);
        } else if (when instanceof Expression.Not not) {
            check(not.of());
        } else if (when instanceof Expression.Test test) {
            value(test);
        }
    }

    private void value(Expression.Test test) {
        for (Source source : sources) {
            Field field = FieldCatalog.find(test.field(), source);
            String problem = field == null ? null : ValueLint.problem(field, test.is(), source);
            if (problem != null) {
                problem(test.line(), problem);
                return;
            }
        }
    }

    /** What is asked together must be able to occur together. */
    private void together(Expression.All all) {
        ExactValues exact = new ExactValues(name -> !SEVERAL.contains(name) && isToldByTheEvent(name));
        exact.of(all);
        boolean possible = true;
        for (ExactValues.Contradiction never : exact.contradictions()) {
            possible = false;
            problem(
                    never.line(),
                    "can never be true: %s is asked to be %s and, at the same time, %s"
                            .formatted(never.field(), either(never.one()), either(never.other())));
        }
        if (possible && sources.contains(Source.KUBERNETES_AUDIT)) {
            String problem = RequestLint.problem(exact);
            if (problem != null) {
                problem(exact.line("verb", "objectRef.resource", "objectRef.apiGroup"), problem);
            }
        }
    }

    private boolean isToldByTheEvent(String name) {
        for (Source source : sources) {
            Field field = FieldCatalog.find(name, source);
            if (field != null && !field.content().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static String either(Set<String> values) {
        return String.join(" or ", new ArrayList<>(new TreeSet<>(values)));
    }

    private void problem(int line, String reason) {
        SigmaProblem problem = new SigmaProblem(file, line, reason);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }
}
