package io.tocsin.job;

import io.tocsin.sigma.SigmaFilter;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.read.SigmaDocuments;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The Sigma files of {@code --rules}: files, and what folders hold. */
final class RuleFiles {
    /** No rule is as long; what is may be something else. */
    private static final long MAX_BYTES = 1 << 20;

    private final List<SigmaProblem> problems = new ArrayList<>();
    /** As the user names them, by what they really are: what is named twice is read once. */
    private final Map<Path, Path> files = new LinkedHashMap<>();

    private final boolean tests;

    private RuleFiles(boolean tests) {
        this.tests = tests;
    }

    /** A file of tests. */
    record TestFile(String name, String text) {}

    /**
     * Reads the tests that stand beside rules.
     *
     * @param locations files and folders
     * @param problems takes what can't be read
     */
    static List<TestFile> tests(List<String> locations, List<SigmaProblem> problems) {
        RuleFiles all = new RuleFiles(true);
        locations.forEach(all::find);
        List<TestFile> found = new ArrayList<>();
        for (Path file : all.files.values()) {
            String text = isTest(String.valueOf(file.getFileName())) ? all.text(file) : null;
            if (text != null) {
                found.add(new TestFile(file.toString(), text));
            }
        }
        problems.addAll(all.problems);
        return found;
    }

    private static boolean isTest(String name) {
        return name.endsWith(".test.yml") || name.endsWith(".test.yaml");
    }

    /**
     * Reads rules and filters.
     *
     * @param locations files and folders
     * @param placeholders what {@code |expand} puts for {@code %name%}
     * @return what they hold, with everything that is wrong
     */
    static SigmaDocuments read(List<String> locations, Map<String, List<String>> placeholders) {
        RuleFiles all = new RuleFiles(false);
        locations.forEach(all::find);
        List<SigmaRule> rules = new ArrayList<>();
        List<SigmaFilter> filters = new ArrayList<>();
        for (Path file : all.files.values()) {
            String text = all.text(file);
            if (text != null) {
                SigmaDocuments documents = SigmaDocuments.read(text, file.toString(), placeholders);
                rules.addAll(documents.rules());
                filters.addAll(documents.filters());
                all.problems.addAll(documents.problems());
            }
        }
        return new SigmaDocuments(rules, filters, all.problems);
    }

    private void find(String location) {
        Path path = Path.of(location);
        if (!Files.exists(path)) {
            problems.add(new SigmaProblem(location, 0, "no such file or folder"));
            return;
        }
        try {
            if (!Files.isDirectory(path)) {
                files.putIfAbsent(path.toRealPath(), path);
                return;
            }
            TreeSet<Path> found = new TreeSet<>();
            // A folder's name may be a link.
            Files.walkFileTree(path.toRealPath(), new Visitor(path.toRealPath(), tests, found));
            if (found.isEmpty() && !tests) {
                problems.add(new SigmaProblem(location, 0, "the folder holds no rule: no *.yml or *.yaml"));
            }
            for (Path file : found) {
                files.putIfAbsent(path.toRealPath().resolve(file).toRealPath(), path.resolve(file));
            }
        } catch (IOException e) {
            problems.add(new SigmaProblem(location, 0, "can't be read: " + e));
        }
    }

    private @Nullable String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                problems.add(new SigmaProblem(file.toString(), 0, "longer than 1 MiB: is it a rule?"));
                return null;
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            problems.add(new SigmaProblem(file.toString(), 0, "is no text in UTF-8"));
        } catch (IOException e) {
            problems.add(new SigmaProblem(file.toString(), 0, "can't be read: " + e));
        }
        return null;
    }

    /** Finds rules, or tests, below a folder. What is hidden is left out: a mounted ConfigMap holds its files a second time there. */
    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final boolean tests;
        private final Set<Path> found;

        Visitor(Path folder, boolean tests, Set<Path> found) {
            this.folder = folder;
            this.tests = tests;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return !directory.equals(folder) && isHidden(directory)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = String.valueOf(file.getFileName());
            boolean yaml = name.endsWith(".yml") || name.endsWith(".yaml");
            if (yaml && isTest(name) == tests && !isHidden(file) && Files.isRegularFile(file)) {
                found.add(folder.relativize(file));
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean isHidden(Path path) {
            return String.valueOf(path.getFileName()).startsWith(".");
        }
    }
}
