package io.tocsin.job.rules;

import io.tocsin.alert.Severity;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Decoders;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.read.YamlDocuments;
import io.tocsin.sigma.read.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tests of a rule, which stand beside it in {@code <id>.test.yml}.
 *
 * <pre>{@code
 * rule: privileged-container       # or: by the file's name
 * tests:
 *   - name: a person starts a privileged pod
 *     alerts: [high]               # the alerts of this rule, in order; [] for none
 *     records:
 *       - >-
 *         {"kind":"Event", ...}
 *     parameters: {identities.cd: deployer}
 *     format: kubernetes-audit     # or: each record tells
 * }</pre>
 *
 * @param rule the id of the rule
 * @param file as the user named it
 * @param tests those that can be read
 */
public record RuleTestFile(String rule, String file, List<RuleTest> tests) {
    private static final Set<String> KEYS = Set.of("rule", "tests");
    private static final Set<String> TEST_KEYS = Set.of("name", "alerts", "records", "parameters", "format");
    /** Of the author's own keys, which may hold what tests have in common. */
    private static final String OWN = "x-";

    public RuleTestFile {
        tests = List.copyOf(tests);
    }

    /**
     * Reads a file.
     *
     * @param problems takes everything that is wrong with it; a test with a problem is left out
     */
    public static RuleTestFile read(String text, String file, List<SigmaProblem> problems) {
        return new Reader(file, problems).read(text);
    }

    /** The rule that a file is about unless it says otherwise. */
    public static String ruleOf(String file) {
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
                .replaceFirst("\\.test\\.ya?ml$", "");
    }

    private record Reader(String file, List<SigmaProblem> problems) {
        RuleTestFile read(String text) {
            List<YamlNode> documents = YamlDocuments.read(text, file, problems);
            if (documents.size() != 1 || !(documents.get(0) instanceof YamlNode.Mapping document)) {
                if (!documents.isEmpty() || problems.isEmpty()) {
                    problem(0, "a file of tests is one YAML document, with the key tests");
                }
                return new RuleTestFile(ruleOf(file), file, List.of());
            }
            check(document, KEYS);
            String rule = text(document, "rule");
            List<RuleTest> tests = new ArrayList<>();
            Set<String> names = new HashSet<>();
            if (document.get("tests") instanceof YamlNode.Sequence list
                    && !list.items().isEmpty()) {
                for (YamlNode item : list.items()) {
                    RuleTest test = test(item);
                    if (test != null) {
                        tests.add(test);
                        if (!names.add(test.name())) {
                            problem(item.line(), "two tests are called " + test.name());
                        }
                    }
                }
            } else {
                problem(document.lineOf("tests"), "tests must be a list of at least one test: name, alerts, records");
            }
            return new RuleTestFile(rule == null ? ruleOf(file) : rule, file, tests);
        }

        private @Nullable RuleTest test(YamlNode node) {
            if (!(node instanceof YamlNode.Mapping test)) {
                problem(node.line(), "a test must be keys and values: name, alerts, records");
                return null;
            }
            int before = problems.size();
            check(test, TEST_KEYS);
            String name = text(test, "name");
            if (name == null) {
                problem(test.line(), "a test needs a name: what happens in its records, in a few words");
            }
            String format = text(test, "format");
            if (format != null && !Decoders.FORMATS.contains(format)) {
                problem(
                        test.lineOf("format"),
                        "format must be one of %s: %s".formatted(String.join(", ", Decoders.FORMATS), format));
            }
            List<Severity> alerts = alerts(test);
            List<String> records = new ArrayList<>();
            if (test.get("records") == null) {
                problem(test.line(), "a test needs records: lines as they stand in a log");
            } else {
                records(test.get("records"), records);
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            if (test.get("parameters") != null) {
                parameters("", test.get("parameters"), parameters);
            }
            return name == null || problems.size() > before
                    ? null
                    : new RuleTest(
                            name,
                            file,
                            test.line(),
                            alerts,
                            format == null ? DecoderOptions.AUTO : format,
                            parameters,
                            records);
        }

        private void check(YamlNode.Mapping mapping, Set<String> known) {
            for (YamlNode.Entry entry : mapping.entries()) {
                if (!known.contains(entry.key()) && !entry.key().startsWith(OWN)) {
                    problem(
                            entry.line(),
                            "there is no key %s here; there are %s"
                                    .formatted(
                                            entry.key(),
                                            String.join(
                                                    ", ",
                                                    known.stream().sorted().toList())));
                }
            }
        }

        private @Nullable String text(YamlNode.Mapping mapping, String key) {
            YamlNode value = mapping.get(key);
            if (value == null) {
                return null;
            }
            String text = YamlDocuments.text(value);
            if (text == null || text.isBlank()) {
                problem(mapping.lineOf(key), "%s must be a text: %s".formatted(key, value.kind()));
                return null;
            }
            return text.strip();
        }

        private List<Severity> alerts(YamlNode.Mapping test) {
            YamlNode value = test.get("alerts");
            List<Severity> alerts = new ArrayList<>();
            if (value == null) {
                problem(test.line(), "a test needs alerts: a list of levels, [] for none");
                return alerts;
            }
            for (YamlNode item : value instanceof YamlNode.Sequence list ? list.items() : List.of(value)) {
                String level = YamlDocuments.text(item);
                Severity severity = level == null ? null : severity(level);
                if (severity == null) {
                    problem(
                            item.line(),
                            "alerts are informational, low, medium, high or critical, [] for none: "
                                    + (level == null ? item.kind() : level));
                } else {
                    alerts.add(severity);
                }
            }
            return alerts;
        }

        private static @Nullable Severity severity(String level) {
            for (Severity severity : Severity.values()) {
                if (severity.name().toLowerCase(Locale.ROOT).equals(level)) {
                    return severity;
                }
            }
            return null;
        }

        private void records(@Nullable YamlNode node, List<String> into) {
            if (node instanceof YamlNode.Sequence list) {
                list.items().forEach(item -> records(item, into));
            } else if (node != null) {
                String text = YamlDocuments.text(node);
                if (text == null || text.isBlank()) {
                    problem(
                            node.line(),
                            "a record is a line of a log as a text: quote it, or put it behind >- : " + node.kind());
                } else {
                    into.add(text.strip());
                }
            }
        }

        private void parameters(String key, @Nullable YamlNode node, Map<String, String> into) {
            if (node instanceof YamlNode.Mapping mapping) {
                for (YamlNode.Entry entry : mapping.entries()) {
                    parameters(key.isEmpty() ? entry.key() : key + "." + entry.key(), entry.value(), into);
                }
            } else if (node != null && key.isEmpty()) {
                problem(
                        node.line(),
                        "parameters must be keys and values, such as {identities.cd: deployer}: " + node.kind());
            } else if (node instanceof YamlNode.Sequence list) {
                List<String> texts = new ArrayList<>();
                list.items().forEach(item -> texts.add(String.valueOf(YamlDocuments.text(item))));
                into.put(key, String.join(",", texts));
            } else if (node != null) {
                String text = YamlDocuments.text(node);
                into.put(key, text == null ? "" : text);
            }
        }

        private void problem(int line, String reason) {
            problems.add(new SigmaProblem(file, line, reason));
        }
    }
}
