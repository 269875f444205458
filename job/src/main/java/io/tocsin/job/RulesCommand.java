package io.tocsin.job;

import io.tocsin.detection.DetectionCatalog;
import io.tocsin.event.Source;
import io.tocsin.job.rules.FieldReference;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.read.SigmaDocuments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code rules}: looks at Sigma rules before a job runs them. */
final class RulesCommand {
    static final String USAGE =
            """
            Usage: tocsin rules lint FILE|FOLDER...   what is wrong with rules, line by line
                   tocsin rules test [FILE|FOLDER...] runs the tests beside rules (*.test.yml); without one those of the rules
                                                      that come with Tocsin
                   tocsin rules list [FILE|FOLDER...] the rules, with level and logs
                   tocsin rules fields [LOG...]       the fields that rules may ask, of each log

            Of a folder every *.yml and *.yaml is read, those of the folders in it too, but not what is hidden.

              --rules.placeholders.NAME VALUE,...   what |expand puts for %NAME%

            Exit: 0 done and all is well, 1 there are problems or failures, 2 wrong arguments.
            """;

    private static final List<String> VERBS = List.of("lint", "test", "list", "fields");
    private static final Comparator<SigmaProblem> BY_PLACE =
            Comparator.comparing(SigmaProblem::file).thenComparing(SigmaProblem::line);

    private final DetectionCatalog catalog;
    private final DetectCommand.Terminal terminal;

    RulesCommand(DetectionCatalog catalog, DetectCommand.Terminal terminal) {
        this.catalog = catalog;
        this.terminal = terminal;
    }

    /**
     * Runs to the end.
     *
     * @return the exit code
     * @throws ArgumentException if the arguments are wrong
     */
    int run(List<String> arguments) {
        if (arguments.isEmpty() || arguments.contains("--help")) {
            terminal.out().print(USAGE);
            terminal.out().flush();
            return 0;
        }
        String verb = arguments.get(0);
        List<String> names = new ArrayList<>();
        Map<String, List<String>> placeholders = new LinkedHashMap<>();
        split(arguments.subList(1, arguments.size()), names, placeholders);
        int code =
                switch (verb) {
                    case "lint" -> lint(names, placeholders);
                    case "test" -> new RuleTesting(catalog, terminal).run(names, placeholders);
                    case "list" -> list(names, placeholders);
                    case "fields" -> fields(names);
                    default -> {
                        String nearest = Suggestions.nearest(verb, VERBS);
                        throw new ArgumentException(List.of("rules takes lint, test, list or fields: %s%s"
                                .formatted(verb, nearest == null ? "" : "; did you mean " + nearest + "?")));
                    }
                };
        terminal.out().flush();
        return code;
    }

    private static void split(List<String> arguments, List<String> names, Map<String, List<String>> placeholders) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                names.add(argument);
            } else if (!argument.startsWith("--" + JobOptions.RULE_PLACEHOLDERS) || i + 1 == arguments.size()) {
                problems.add("rules takes files, folders and --%sNAME VALUE: %s"
                        .formatted(JobOptions.RULE_PLACEHOLDERS, argument));
            } else {
                String name = argument.substring(2 + JobOptions.RULE_PLACEHOLDERS.length());
                placeholders.put(name, ParameterReader.list(arguments.get(++i)));
            }
        }
        if (!problems.isEmpty()) {
            throw new ArgumentException(problems);
        }
    }

    private int lint(List<String> locations, Map<String, List<String>> placeholders) {
        if (locations.isEmpty()) {
            throw new ArgumentException(List.of("rules lint needs files or folders"));
        }
        RuleShelf rules = RuleShelf.of(RuleFiles.read(locations, placeholders), catalog);
        rules.problems().stream().sorted(BY_PLACE).forEach(terminal.out()::println);
        terminal.out()
                .println("%d sound rules and %d filters, %d problems"
                        .formatted(
                                rules.linked().size(),
                                rules.filters(),
                                rules.problems().size()));
        return rules.problems().isEmpty() ? 0 : 1;
    }

    private int list(List<String> locations, Map<String, List<String>> placeholders) {
        List<SigmaRule> rules = RuleShelf.shipped(catalog);
        List<SigmaProblem> problems = List.of();
        if (!locations.isEmpty()) {
            SigmaDocuments documents = RuleFiles.read(locations, placeholders);
            RuleShelf shelf = RuleShelf.of(documents, catalog);
            rules = shelf.linked();
            problems = shelf.problems();
        }
        int width = rules.stream().mapToInt(rule -> rule.id().length()).max().orElse(0);
        for (SigmaRule rule :
                rules.stream().sorted(Comparator.comparing(SigmaRule::id)).toList()) {
            terminal.out()
                    .println("%s  %-13s  %s: %s"
                            .formatted(
                                    rule.id() + " ".repeat(width - rule.id().length()),
                                    rule.level().name().toLowerCase(Locale.ROOT),
                                    rule.sources().stream()
                                            .map(Source::id)
                                            .sorted()
                                            .collect(Collectors.joining(", ")),
                                    rule.title()));
        }
        problems.stream().sorted(BY_PLACE).forEach(terminal.err()::println);
        return problems.isEmpty() ? 0 : 1;
    }

    private int fields(List<String> names) {
        List<Source> sources = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, Source> known = new LinkedHashMap<>();
        for (Source source : Source.values()) {
            known.put(source.id(), source);
        }
        for (String name : names) {
            Source source = known.get(name);
            if (source != null) {
                sources.add(source);
            } else {
                String nearest = Suggestions.nearest(name, known.keySet());
                problems.add("no log is called %s; %s"
                        .formatted(
                                name,
                                nearest == null
                                        ? "there are " + String.join(", ", known.keySet())
                                        : "did you mean " + nearest + "?"));
            }
        }
        if (!problems.isEmpty()) {
            throw new ArgumentException(problems);
        }
        terminal.out().print(FieldReference.of(names.isEmpty() ? List.of(Source.values()) : sources));
        return 0;
    }
}
