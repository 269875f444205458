package io.tocsin.detection;

import io.tocsin.sigma.SigmaFilter;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.read.SigmaDocuments;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rules that come with the job: {@code sigma/rules.txt} on the class path names them, {@code source/id} a line. */
final class ShippedRules {
    private static final String FOLDER = "sigma/";
    private static final String LIST = FOLDER + "rules.txt";

    private ShippedRules() {}

    /** Reads them. */
    static SigmaDocuments read() {
        List<SigmaRule> rules = new ArrayList<>();
        List<SigmaFilter> filters = new ArrayList<>();
        List<SigmaProblem> problems = new ArrayList<>();
        for (String name : text(LIST).lines().toList()) {
            String file = FOLDER + name + ".yml";
            SigmaDocuments documents = SigmaDocuments.read(text(file), file, Map.of());
            rules.addAll(documents.rules());
            filters.addAll(documents.filters());
            problems.addAll(documents.problems());
        }
        return new SigmaDocuments(rules, filters, problems);
    }

    private static String text(String resource) {
        try (InputStream in = ShippedRules.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing in the jar: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("can't be read in the jar: " + resource, e);
        }
    }
}
