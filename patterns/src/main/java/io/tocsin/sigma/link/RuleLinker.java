package io.tocsin.sigma.link;

import io.tocsin.event.Source;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Nearest;
import io.tocsin.sigma.SigmaFilter;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.field.LogSources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts rules, filters and fields together and checks what only shows then. */
public final class RuleLinker {
    private final List<SigmaProblem> problems;

    private RuleLinker(List<SigmaProblem> problems) {
        this.problems = problems;
    }

    /**
     * Links rules: tells their log sources, adds the filters that are about them, gives every field its own name, and refuses
     * what can't occur in that log.
     *
     * @param problems takes everything that is wrong; a rule with a problem is not among the result
     */
    public static List<SigmaRule> link(List<SigmaRule> rules, List<SigmaFilter> filters, List<SigmaProblem> problems) {
        return new RuleLinker(problems).link(rules, filters);
    }

    private List<SigmaRule> link(List<SigmaRule> rules, List<SigmaFilter> filters) {
        List<SigmaRule> linked = new ArrayList<>();
        Set<SigmaRule> sound = withoutDuplicates(rules);
        for (SigmaRule rule : rules) {
            int before = problems.size();
            SigmaRule done = link(rule);
            if (done != null && problems.size() == before && sound.contains(rule)) {
                linked.add(done);
            }
        }
        for (SigmaFilter filter : filters) {
            add(filter, rules, linked);
        }
        return List.copyOf(linked);
    }

    /** Two rules of one id or uuid can't be told apart. */
    private Set<SigmaRule> withoutDuplicates(List<SigmaRule> rules) {
        Map<String, SigmaRule> byName = new HashMap<>();
        Set<SigmaRule> sound = new LinkedHashSet<>();
        for (SigmaRule rule : rules) {
            SigmaRule same = byName.putIfAbsent(rule.id(), rule);
            SigmaRule sameUuid = rule.uuid() == null ? null : byName.putIfAbsent(rule.uuid(), rule);
            if (same != null) {
                problem(rule, "name %s is that of another rule: %s".formatted(rule.id(), where(same)));
            } else if (sameUuid != null) {
                problem(rule, "id %s is that of another rule: %s".formatted(rule.uuid(), where(sameUuid)));
            } else {
                sound.add(rule);
            }
        }
        return sound;
    }

    private static String where(SigmaRule rule) {
        return rule.file() + ":" + rule.line();
    }

    private void problem(SigmaRule rule, String reason) {
        problems.add(new SigmaProblem(rule.file(), rule.line(), reason));
    }

    private @Nullable SigmaRule link(SigmaRule rule) {
        LogSources.Logs logs = LogSources.of(rule.logSource());
        if (logs.problem() != null) {
            problem(rule, logs.problem());
            return null;
        }
        FieldNames names = new FieldNames(logs.sources(), rule.file(), problems);
        NewAddress asked = NewAddress.in(names.in(rule.when()), rule.file(), problems);
        List<SigmaRule.Grade> grades = new ArrayList<>();
        for (SigmaRule.Grade grade : rule.grades()) {
            Expression when = names.in(grade.when());
            NewAddress.refuse(when, "a level's condition", rule.file(), problems);
            grades.add(new SigmaRule.Grade(grade.level(), when));
        }
        Set<String> told = new LinkedHashSet<>();
        for (String field : rule.fields()) {
            told.addAll(names.own(field, rule.line()));
        }
        RuleLinter linter = new RuleLinter(logs.sources(), rule.file(), problems);
        linter.check(asked.rest());
        for (SigmaRule.Grade grade : grades) {
            linter.check(grade.when());
        }
        Expression when = logs.when() == null ? asked.rest() : and(logs.when(), asked.rest());
        return rule.linked(logs.sources(), when, grades, List.copyOf(told), asked.asked());
    }

    private static Expression and(Expression one, Expression other) {
        return new Expression.All(List.of(one, other));
    }

    /** Adds a filter to the rules it names, among those that are sound. */
    private void add(SigmaFilter filter, List<SigmaRule> rules, List<SigmaRule> linked) {
        LogSources.Logs logs = LogSources.of(filter.logSource());
        if (logs.problem() != null) {
            problem(filter, logs.problem());
            return;
        }
        int before = problems.size();
        Expression when = new FieldNames(logs.sources(), filter.file(), problems).in(filter.when());
        NewAddress.refuse(when, "a filter", filter.file(), problems);
        new RuleLinter(logs.sources(), filter.file(), problems).check(when);
        Expression filtered =
                logs.when() == null ? when : new Expression.Any(List.of(new Expression.Not(logs.when()), when));
        for (String name : filter.rules()) {
            if (rules.stream().noneMatch(rule -> isNamed(rule, name))) {
                problem(filter, unknown(name, rules));
            }
        }
        boolean fits = false;
        for (int i = 0; i < linked.size(); i++) {
            SigmaRule rule = linked.get(i);
            boolean named = filter.rules().stream().anyMatch(name -> isNamed(rule, name));
            boolean sameLogs = logs.sources().containsAll(rule.sources());
            fits |= sameLogs;
            if (named && !sameLogs) {
                problem(
                        filter,
                        "logsource must be that of the rule it is added to: %s reads %s, and the filter %s"
                                .formatted(rule.id(), ids(rule.sources()), ids(logs.sources())));
            } else if (sameLogs && (named || filter.rules().isEmpty()) && problems.size() == before) {
                linked.set(
                        i,
                        rule.linked(
                                rule.sources(),
                                and(rule.when(), filtered),
                                rule.grades(),
                                rule.fields(),
                                rule.asksNewAddress()));
            }
        }
        if (filter.rules().isEmpty() && !fits) {
            problem(filter, "filter is added to no rule: none reads %s".formatted(filter.logSource()));
        }
    }

    private static boolean isNamed(SigmaRule rule, String name) {
        return rule.id().equals(name) || name.equalsIgnoreCase(rule.uuid());
    }

    private static String unknown(String name, List<SigmaRule> rules) {
        Set<String> ids = new TreeSet<>();
        for (SigmaRule rule : rules) {
            ids.add(rule.id());
        }
        String near = Nearest.to(name, ids);
        return "filter names a rule that there isn't: %s%s".formatted(name, near == null ? "" : "; probably " + near);
    }

    private static String ids(Set<Source> sources) {
        Set<String> ids = new TreeSet<>();
        for (Source source : sources) {
            ids.add(source.id());
        }
        return String.join(", ", ids);
    }

    private void problem(SigmaFilter filter, String reason) {
        problems.add(new SigmaProblem(filter.file(), filter.line(), reason));
    }
}
