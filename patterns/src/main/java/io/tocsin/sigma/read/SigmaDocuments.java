package io.tocsin.sigma.read;

import io.tocsin.sigma.SigmaFilter;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import java.util.List;
import java.util.Map;

/**
 * What files hold.
 *
 * @param rules the rules, as written
 * @param filters what is added to rules
 * @param problems everything that is wrong; a document with a problem gives neither rule nor filter
 */
public record SigmaDocuments(List<SigmaRule> rules, List<SigmaFilter> filters, List<SigmaProblem> problems) {
    public SigmaDocuments {
        rules = List.copyOf(rules);
        filters = List.copyOf(filters);
        problems = List.copyOf(problems);
    }

    /**
     * Reads the documents of a file: rules as Sigma 2 writes them, with Tocsin's own key {@code tocsin}, and Sigma's filters.
     * Bounded: a file has at most 2^20 characters, 50,000 values and 32 levels.
     *
     * @param text its content
     * @param file its name, as the user gave it
     * @param placeholders what {@code |expand} puts for {@code %name%}
     */
    public static SigmaDocuments read(String text, String file, Map<String, List<String>> placeholders) {
        Problems problems = new Problems(file);
        List<YamlNode> documents = YamlDocuments.read(text.startsWith("\uFEFF") ? text.substring(1) : text, problems);
        RuleReader reader = new RuleReader(file, placeholders, problems);
        for (YamlNode document : documents) {
            reader.read(document);
        }
        if (documents.isEmpty() && problems.count() == 0) {
            problems.add(0, "the file holds no rule");
        }
        return new SigmaDocuments(reader.rules(), reader.filters(), problems.all());
    }
}
