package io.tocsin.job;

import io.tocsin.detection.DetectionCatalog;
import io.tocsin.job.rules.RuleTest;
import io.tocsin.job.rules.RuleTestFile;
import io.tocsin.job.rules.RuleTestRun;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code rules test}: runs the tests that stand beside rules. */
final class RuleTesting {
    private final DetectionCatalog catalog;
    private final DetectCommand.Terminal terminal;
    private int passed;
    private int failed;
    private int rules;

    RuleTesting(DetectionCatalog catalog, DetectCommand.Terminal terminal) {
        this.catalog = catalog;
        this.terminal = terminal;
    }

    /**
     * The tests of one rule that comes with the job.
     *
     * @param rule linked
     * @param problems takes what is wrong with them, and that there are none
     */
    static List<RuleTest> shippedTests(SigmaRule rule, List<SigmaProblem> problems) {
        String file = rule.file().replaceFirst("\\.yml$", ".test.yml");
        try (InputStream in = DetectionCatalog.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                problems.add(new SigmaProblem(rule.file(), 0, "has no tests beside it: " + file));
                return List.of();
            }
            RuleTestFile read =
                    RuleTestFile.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), file, problems);
            if (!read.rule().equals(rule.id())) {
                problems.add(new SigmaProblem(file, 0, "must be about the rule beside it, not " + read.rule()));
            }
            return read.tests();
        } catch (IOException e) {
            throw new UncheckedIOException("can't be read in the jar: " + file, e);
        }
    }

    /** Runs one test; why it fails, or null. */
    static @Nullable String failure(SigmaRule rule, RuleTest test) {
        List<SigmaProblem> problems = new ArrayList<>();
        RuleTestRun.Settings settings = RuleSettings.of(test, problems);
        if (settings == null) {
            return String.join(
                    "\n", problems.stream().map(SigmaProblem::toString).toList());
        }
        RuleTestRun.Outcome outcome = RuleTestRun.run(rule, test, settings);
        if (outcome.failure() == null) {
            return null;
        }
        StringBuilder text =
                new StringBuilder("%s:%d: %s: %s".formatted(test.file(), test.line(), test.name(), outcome.failure()));
        outcome.notes().forEach(note -> text.append("\n  ").append(note));
        return text.toString();
    }

    /** Runs all tests; the exit code. */
    int run(List<String> locations, Map<String, List<String>> placeholders) {
        int problems = locations.isEmpty() ? shipped() : those(locations, placeholders);
        terminal.out()
                .println("%d passed, %d failed of %d rules%s"
                        .formatted(passed, failed, rules, problems == 0 ? "" : "; %d problems".formatted(problems)));
        return failed == 0 && problems == 0 ? 0 : 1;
    }

    private int shipped() {
        List<SigmaProblem> problems = new ArrayList<>();
        for (SigmaRule rule : RuleShelf.shipped(catalog)) {
            rules++;
            for (RuleTest test : shippedTests(rule, problems)) {
                tell(failure(rule, test));
            }
        }
        problems.forEach(terminal.out()::println);
        return problems.size();
    }

    private int those(List<String> locations, Map<String, List<String>> placeholders) {
        RuleShelf shelf = RuleShelf.of(RuleFiles.read(ofRules(locations), placeholders), catalog);
        List<SigmaProblem> problems = new ArrayList<>(shelf.problems());
        Set<String> tested = new HashSet<>();
        for (RuleFiles.TestFile file : RuleFiles.tests(locations, problems)) {
            RuleTestFile tests = RuleTestFile.read(file.text(), file.name(), problems);
            SigmaRule rule = rule(tests, shelf.linked());
            if (rule == null) {
                if (!isBroken(file.name(), problems)) {
                    problems.add(new SigmaProblem(file.name(), 0, unknown(tests.rule(), shelf.linked())));
                }
                continue;
            }
            if (tested.add(rule.id())) {
                rules++;
            }
            tests.tests().forEach(test -> tell(failure(rule, test)));
        }
        problems.forEach(terminal.out()::println);
        for (SigmaRule rule : shelf.linked()) {
            if (!tested.contains(rule.id())) {
                terminal.out().println("note: %s: rule %s has no tests".formatted(rule.file(), rule.id()));
            }
        }
        return problems.size();
    }

    /** The rules' files beside tests that are named alone. */
    private static List<String> ofRules(List<String> locations) {
        List<String> rules = new ArrayList<>();
        for (String location : locations) {
            rules.add(location.replaceFirst("\\.test(\\.ya?ml)$", "$1"));
        }
        return rules;
    }

    private void tell(@Nullable String failure) {
        if (failure == null) {
            passed++;
        } else {
            failed++;
            terminal.out().println(failure);
        }
    }

    /** The rule that tests are about: by id, by UUID, or the one whose file stands beside. */
    private static @Nullable SigmaRule rule(RuleTestFile tests, List<SigmaRule> rules) {
        for (SigmaRule rule : rules) {
            if (rule.id().equals(tests.rule()) || tests.rule().equalsIgnoreCase(rule.uuid())) {
                return rule;
            }
        }
        String beside = withoutEnd(tests.file());
        boolean named = !tests.rule().equals(RuleTestFile.ruleOf(tests.file()));
        for (SigmaRule rule : rules) {
            if (!named && withoutEnd(rule.file()).equals(beside)) {
                return rule;
            }
        }
        return null;
    }

    private static String withoutEnd(String file) {
        return file.replaceFirst("(\\.test)?\\.ya?ml$", "");
    }

    /** Whether the rule beside has a problem, which is told already. */
    private static boolean isBroken(String testFile, List<SigmaProblem> problems) {
        String beside = withoutEnd(testFile);
        return problems.stream().anyMatch(problem -> withoutEnd(problem.file()).equals(beside));
    }

    private static String unknown(String id, List<SigmaRule> rules) {
        String nearest =
                Suggestions.nearest(id, rules.stream().map(SigmaRule::id).toList());
        return "there is no sound rule %s here%s"
                .formatted(id, nearest == null ? "" : "; did you mean " + nearest + "?");
    }
}
