package io.tocsin.sigma.match;

import io.tocsin.alert.Severity;
import io.tocsin.event.Source;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.LogSource;
import io.tocsin.sigma.SigmaRule;
import java.util.List;
import java.util.Set;

/** Rules with what a test is about and nothing else. */
final class TestingRules {
    private TestingRules() {}

    static SigmaRule rule(
            String id, Set<Source> sources, Severity level, Expression when, List<SigmaRule.Grade> grades) {
        return new SigmaRule(
                id,
                null,
                id + ".yml",
                1,
                id,
                "",
                null,
                level,
                new LogSource(null, "kubernetes", "audit"),
                sources,
                when,
                grades,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                "",
                List.of(),
                null,
                false);
    }
}
